/* test_card_text.c - what people see of a card, line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/card_text.h"
#include "tests/unit/card_world.h"

/* Any bytes: this module does not look into the block. */
static const uint8_t block_bytes[100] = {1, 2, 3};

static struct card_text
written(const struct card *card)
{
    struct card_text text;

    card_text_write(card, SPAN_OF(block_bytes), &text);
    return text;
}

static void
a_card_says_whose_it_is_and_what_to_do(void **state)
{
    struct card      card = good_card();
    struct card_text text = written(&card);
    static const char head[] =
        "Entente card\n"
        "\n"
        "Node:              ifc-ior\n"
        "Organisation:      Information Fusion Centre\n"
        "Country:           IN\n"
        "Node id:           000102030405060708090a0b0c0d0e0f\n"
        "Valid until:       2030-01-01 00:00 UTC\n"
        "Address:           node.example:4711\n"
        "Address:           [2001:db8::1]:4711\n"
        "First contact key: bdac196c28f7c672\n"
        "\n";

    (void)state;
    assert_memory_equal(text.text, head, sizeof(head) - 1);
    assert_non_null(strstr(text.text, "\n    entente pair FILE\n"));
    assert_non_null(strstr(text.text, "\n-----BEGIN ENTENTE CARD-----\n"));
    assert_string_equal(text.text + text.len - 27,
                        "-----END ENTENTE CARD-----\n");
}

static void
a_card_without_addresses_says_so(void **state)
{
    struct card       card = good_card();
    struct card_text  text;
    struct card_block block;
    size_t            line;

    (void)state;
    card.address_count = 0;
    text = written(&card);
    assert_non_null(
        strstr(text.text, "\nAddress:           none (by courier only)\n"));
    assert_int_equal(card_text_block(&text, &block, &line), STATUS_OK);
}

static void
dates_are_of_the_gregorian_calendar(void **state)
{
    static const struct {
        uint64_t    ms;
        const char *date;
    } table[] = {
        {1, "1970-01-01 00:00"},
        {951782400000, "2000-02-29 00:00"},
        {951868799999, "2000-02-29 23:59"},
        {951868800000, "2000-03-01 00:00"},
        {2147483648000, "2038-01-19 03:14"},
        {4107542399000, "2100-02-28 23:59"},
        {4107542400000, "2100-03-01 00:00"},
        {CERT_TIME_MAX, "9999-12-31 23:59"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct card      card = good_card();
        struct card_text text;
        const char      *at;

        card.expires_ms = table[i].ms;
        text = written(&card);
        at = strstr(text.text, "Valid until:       ");
        assert_non_null(at);
        assert_memory_equal(at + 19, table[i].date, strlen(table[i].date));
    }
}

static void
the_block_comes_back_with_its_line(void **state)
{
    struct card       card = good_card();
    struct card_text  text = written(&card);
    struct card_block block;
    size_t            line;

    (void)state;
    assert_int_equal(card_text_block(&text, &block, &line), STATUS_OK);
    assert_int_equal(block.len, sizeof(block_bytes));
    assert_memory_equal(block.bytes, block_bytes, sizeof(block_bytes));
    assert_int_equal(block.line, 22);
}

static void
a_line_that_no_card_has_is_named(void **state)
{
    static const struct {
        const char *line; /* its first character is changed */
        size_t      number;
    } table[] = {
        {"Entente card", 1},       {"Node:", 3},
        {"Organisation:", 4},      {"Address:           [", 9},
        {"First contact key:", 10}, {"Hand this file", 12},
        {"-----BEGIN", 21},        {"-----END", 25},
    };
    struct card       card = good_card();
    struct card_block block;

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct card_text text = written(&card);
        size_t           line = 0;

        *strstr(text.text, table[i].line) = '!';
        assert_int_equal(card_text_block(&text, &block, &line),
                         STATUS_BAD_ENCODING);
        assert_int_equal(line, table[i].number);
    }
}

static void
a_block_longer_than_any_card_is_refused(void **state)
{
    static uint8_t    large[CARD_BLOCK_MAX + 1];
    struct card       card = good_card();
    struct card_text  text;
    struct card_block block;
    size_t            line;

    (void)state;
    card_text_write(&card, SPAN_OF(large), &text);
    assert_int_equal(card_text_block(&text, &block, &line),
                     STATUS_BAD_ENCODING);
    card_text_write(&card, (struct span){large, CARD_BLOCK_MAX}, &text);
    assert_int_equal(card_text_block(&text, &block, &line), STATUS_OK);
}

static void
the_largest_card_fits_its_limit(void **state)
{
    static uint8_t   large[CARD_BLOCK_MAX];
    struct card      card = good_card();
    struct card_text text;

    (void)state;
    memset(card.cert.node_name, 'n', LIMIT_NAME);
    memset(card.cert.org_name, 'o', LIMIT_NAME);
    card.address_count = LIMIT_ADDRESSES;
    for (size_t i = 0; i < LIMIT_ADDRESSES; i++)
        memset(card.address[i], 'a', LIMIT_ADDRESS);
    card_text_write(&card, SPAN_OF(large), &text);
    assert_true(text.len < LIMIT_CARD);
}

static void
texts_differ_from_the_first_line_that_does(void **state)
{
    struct card      card = good_card();
    struct card_text is = written(&card), should = is;
    size_t           line;

    (void)state;
    assert_int_equal(card_text_compare(&is, &should, &line), STATUS_OK);
    is.text[0] = 'e';
    assert_int_equal(card_text_compare(&is, &should, &line),
                     STATUS_BAD_ENCODING);
    assert_int_equal(line, 1);
    is = should;
    is.text[is.len++] = '\n';
    assert_int_equal(card_text_compare(&is, &should, &line),
                     STATUS_BAD_ENCODING);
    assert_int_equal(line, 26);
    is = should;
    is.text[--is.len] = '\0';
    assert_int_equal(card_text_compare(&is, &should, &line),
                     STATUS_BAD_ENCODING);
    assert_int_equal(line, 25);
}

static void
line_ends_become_one_kind(void **state)
{
    static const struct {
        const char *in, *out;
    } table[] = {
        {"", ""},           {"a", "a\n"},         {"a\n", "a\n"},
        {"a\r\n", "a\n"},   {"a\r", "a\r\n"},     {"\r\n\r\nb", "\n\nb\n"},
        {"a\rb", "a\rb\n"}, {"a\r\r\n", "a\r\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct card_text out;

        assert_int_equal(card_text_normalize(span_text(table[i].in), &out),
                         STATUS_OK);
        assert_string_equal(out.text, table[i].out);
        assert_int_equal(out.len, strlen(table[i].out));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_says_whose_it_is_and_what_to_do),
        cmocka_unit_test(a_card_without_addresses_says_so),
        cmocka_unit_test(dates_are_of_the_gregorian_calendar),
        cmocka_unit_test(the_block_comes_back_with_its_line),
        cmocka_unit_test(a_line_that_no_card_has_is_named),
        cmocka_unit_test(a_block_longer_than_any_card_is_refused),
        cmocka_unit_test(the_largest_card_fits_its_limit),
        cmocka_unit_test(texts_differ_from_the_first_line_that_does),
        cmocka_unit_test(line_ends_become_one_kind),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
