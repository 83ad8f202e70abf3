/* test_card.c - a card that is read is exactly the one that was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/base64.h"
#include "crypto/kdf.h"
#include "tests/unit/card_world.h"

enum { FIRST_BLOCK_LINE = 22, BLOCK_ROOM = 2048 };

struct block {
    uint8_t bytes[BLOCK_ROOM];
    size_t  len;
};

static struct span
span_from(const struct card_text *text)
{
    return (struct span){(const uint8_t *)text->text, text->len};
}

static enum status
parse(struct span text, size_t *line)
{
    struct card card;

    return card_parse(text, &card, line);
}

/* The bytes between the lines BEGIN and END. */
static struct block
block_of(const struct card_text *text)
{
    const char  *at = strstr(text->text, "BEGIN ENTENTE CARD-----\n");
    struct block block = {0};

    assert_non_null(at);
    at = strchr(at, '\n') + 1;
    while (*at != '-') {
        const char *end = strchr(at, '\n');
        size_t      len = 0;

        assert_int_equal(base64_decode((struct span){(const uint8_t *)at,
                                                     (size_t)(end - at)},
                                       block.bytes + block.len,
                                       BLOCK_ROOM - block.len, &len),
                         STATUS_OK);
        block.len += len;
        at = end + 1;
    }
    return block;
}

/* The good card's readable lines around another block. */
static struct card_text
text_around(const struct block *block)
{
    struct card_text good = good_text(), out = {0};
    char            *begin = strstr(good.text, "-----BEGIN");
    char            *end = strstr(good.text, "-----END");
    struct writer    to = writer_of((uint8_t *)out.text, LIMIT_CARD);
    struct reader    in = reader_of((struct span){block->bytes, block->len});

    *strchr(begin, '\n') = '\0';
    writer_put(&to, span_text(good.text));
    writer_u8(&to, '\n');
    while (in.left > 0) {
        base64_encode(reader_take(&in, in.left < 48 ? in.left : 48), &to);
        writer_u8(&to, '\n');
    }
    writer_put(&to, span_text(end));
    assert_int_equal(writer_end(&to), STATUS_OK);
    out.len = to.len;
    return out;
}

static void
sign_again(struct block *block, enum label label)
{
    struct sign_key log = log_key();
    size_t          body_len = block->len - LIMIT_SIGNATURE;

    sign_make(&log, label, (struct span){block->bytes, body_len},
              block->bytes + body_len);
}

static void
the_block_is_the_bytes_computed_apart_from_this_code(void **state)
{
    struct card_text text = good_text();
    struct block     block = block_of(&text);
    struct vector    expected = vector_of(
        "9af1f90e8f521bb7cd0606f0d1a34f27b9714e1485a131afd7e50aa1b1eb6755");
    struct digest digest;

    (void)state;
    sha256_digest((struct span){block.bytes, block.len}, &digest);
    assert_memory_equal(digest.bytes, expected.bytes, LIMIT_DIGEST);
}

static void
what_is_written_reads_back_the_same(void **state)
{
    struct card      card = good_card(), out;
    struct card_text text = good_text();
    size_t           line;

    (void)state;
    assert_int_equal(card_parse(span_from(&text), &out, &line), STATUS_OK);
    assert_string_equal(out.cert.node_name, card.cert.node_name);
    assert_memory_equal(out.cert.log_key, card.cert.log_key, LIMIT_KEY);
    assert_int_equal(out.cert_bytes.len, card.cert_bytes.len);
    assert_memory_equal(out.cert_bytes.bytes, card.cert_bytes.bytes,
                        card.cert_bytes.len);
    assert_int_equal(out.address_count, 2);
    assert_string_equal(out.address[0], card.address[0]);
    assert_string_equal(out.address[1], card.address[1]);
    assert_memory_equal(out.first_contact, card.first_contact, LIMIT_KEY);
    assert_int_equal(out.expires_ms, card.expires_ms);
}

static void
every_bit_flipped_is_refused_at_its_line(void **state)
{
    struct card_text good = good_text(), text = good;
    size_t           of_flip = 1;

    (void)state;
    for (size_t i = 0; i < text.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            size_t      line = 0;
            enum status st;

            text.text[i] = (char)(good.text[i] ^ (1 << bit));
            st = parse(span_from(&text), &line);
            assert_int_not_equal(st, STATUS_OK);
            assert_true(line >= 1);
            /* The block is one thing: its first line stands for it.  A line
             * that was cut or joined may be missed at the next one. */
            assert_in_range(line,
                            of_flip < FIRST_BLOCK_LINE ? of_flip
                                                       : FIRST_BLOCK_LINE,
                            of_flip + 1);
        }
        text.text[i] = good.text[i];
        of_flip += good.text[i] == '\n';
    }
    assert_true(of_flip > FIRST_BLOCK_LINE);
}

static void
every_prefix_but_the_last_line_end_is_refused(void **state)
{
    struct card_text text = good_text();
    size_t           line;

    (void)state;
    for (size_t len = 0; len + 1 < text.len; len++)
        assert_int_not_equal(
            parse((struct span){(const uint8_t *)text.text, len}, &line),
            STATUS_OK);
    text.len--;
    assert_int_equal(parse(span_from(&text), &line), STATUS_OK);
}

static void
every_character_put_in_or_left_out_is_refused(void **state)
{
    struct card_text good = good_text();
    size_t           line;

    (void)state;
    for (size_t i = 0; i < good.len; i++) {
        struct card_text text = good;

        memmove(text.text + i, good.text + i + 1, good.len - i);
        text.len = good.len - 1;
        if (i + 1 < good.len)
            assert_int_not_equal(parse(span_from(&text), &line), STATUS_OK);
        for (const char *put = " \nA"; *put != '\0'; put++) {
            memcpy(text.text, good.text, i);
            text.text[i] = *put;
            memcpy(text.text + i + 1, good.text + i, good.len - i);
            text.len = good.len + 1;
            assert_int_not_equal(parse(span_from(&text), &line), STATUS_OK);
        }
    }
}

static void
line_ends_of_the_other_kind_are_let_pass(void **state)
{
    struct card_text good = good_text(), text = {0};
    size_t           line;

    (void)state;
    for (size_t i = 0; i < good.len; i++) {
        if (good.text[i] == '\n')
            text.text[text.len++] = '\r';
        text.text[text.len++] = good.text[i];
    }
    assert_int_equal(parse(span_from(&text), &line), STATUS_OK);
    text.text[5] = '\r'; /* but not elsewhere */
    assert_int_equal(parse(span_from(&text), &line), STATUS_BAD_ENCODING);
    assert_int_equal(line, 1);
}

static void
what_is_no_card_or_too_long_is_refused(void **state)
{
    static char long_text[LIMIT_CARD + 1];
    size_t      line;

    (void)state;
    memset(long_text, '\n', sizeof(long_text));
    assert_int_equal(parse(SPAN_EMPTY, &line), STATUS_BAD_ENCODING);
    assert_int_equal(line, 1);
    assert_int_equal(parse(span_text("hello\n"), &line), STATUS_BAD_ENCODING);
    assert_int_equal(parse((struct span){(const uint8_t *)long_text,
                                         sizeof(long_text)},
                           &line),
                     STATUS_TOO_LARGE);
}

static void
a_block_that_another_signed_is_refused(void **state)
{
    struct card_text text = good_text();
    struct block     block = block_of(&text);
    struct card_text control = text_around(&block);
    size_t           line;

    (void)state;
    assert_memory_equal(control.text, text.text, text.len);
    sign_again(&block, LABEL_STATEMENT);
    text = text_around(&block);
    assert_int_equal(parse(span_from(&text), &line), STATUS_BAD_PROOF);
    assert_int_equal(line, FIRST_BLOCK_LINE);
}

static void
a_block_that_its_owner_signed_but_breaks_a_rule_is_refused(void **state)
{
    struct card_text text = good_text();
    struct block     good = block_of(&text);
    size_t           end = good.len - LIMIT_SIGNATURE; /* of the signed part */
    const struct {
        size_t      at;
        uint8_t     value;
        enum status st;
    } table[] = {
        {1, 2, STATUS_BAD_VERSION},
        {3, 0, STATUS_BAD_ENCODING},                  /* certificate length */
        {4 + 158, 0xff, STATUS_BAD_FIELD},            /* its country */
        {4 + good_cert_bytes().len, 5, STATUS_BAD_ENCODING}, /* addresses */
        {4 + good_cert_bytes().len + 3, '_', STATUS_BAD_ENCODING},
        {end - 8, 0xff, STATUS_BAD_FIELD},            /* date */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct block block = good;
        size_t       line;

        block.bytes[table[i].at] = table[i].value;
        sign_again(&block, LABEL_CARD);
        text = text_around(&block);
        assert_int_equal(parse(span_from(&text), &line), table[i].st);
        assert_int_equal(line, FIRST_BLOCK_LINE);
    }
}

static void
readable_lines_that_say_something_else_are_refused(void **state)
{
    struct card      card = good_card();
    struct card_text ours, text;
    struct block     block;
    size_t           line;

    (void)state;
    (void)snprintf(card.address[0], sizeof(card.address[0]), "evil.example:1");
    ours = text_of(&card);
    assert_int_equal(parse(span_from(&ours), &line), STATUS_OK);
    block = block_of(&ours);
    text = text_around(&block); /* lines of the good card */
    assert_int_equal(parse(span_from(&text), &line), STATUS_BAD_ENCODING);
    assert_int_equal(line, 8);
}

static void
only_the_certified_log_key_writes(void **state)
{
    struct card      card = good_card();
    struct sign_key  org = org_key();
    struct card_text text;

    (void)state;
    assert_int_equal(card_write(&card, &org, &text), STATUS_BAD_FIELD);
    card.cert_bytes.bytes[20] ^= 1;
    assert_int_not_equal(card_write(&card, &org, &text), STATUS_OK);
}

/* The good block with so many addresses, all the same. */
static struct block
block_with_addresses(size_t count)
{
    struct card_text text = good_text();
    struct block     good = block_of(&text), block = {0};
    struct reader    in = reader_of((struct span){good.bytes, good.len});
    struct writer    out = writer_of(block.bytes, sizeof(block.bytes));
    size_t           own;

    writer_u16(&out, reader_u16(&in));
    writer_put16(&out, reader_take16(&in, CERT_LEN_MAX));
    own = reader_u8(&in);
    for (size_t i = 0; i < own; i++)
        (void)reader_take16(&in, LIMIT_ADDRESS);
    writer_u8(&out, (uint8_t)count);
    for (size_t i = 0; i < count; i++)
        writer_put16(&out, span_text("a:1"));
    writer_put(&out, reader_rest(&in));
    block.len = out.len;
    sign_again(&block, LABEL_CARD);
    return block;
}

static void
one_address_too_many_is_refused(void **state)
{
    struct block     block = block_with_addresses(LIMIT_ADDRESSES + 1);
    struct card_text text = text_around(&block);
    size_t           line;

    (void)state;
    assert_int_equal(parse(span_from(&text), &line), STATUS_BAD_ENCODING);
    assert_int_equal(line, FIRST_BLOCK_LINE);
}

static void
fields_out_of_their_rules_are_not_written(void **state)
{
    struct sign_key log = log_key();

    (void)state;
    for (int way = 0; way < 8; way++) {
        struct card      card = good_card();
        struct card_text text;

        switch (way) {
        case 0: card.address_count = LIMIT_ADDRESSES + 1; break;
        case 1: card.address[1][0] = '\0'; break;
        case 2: memset(card.first_contact, 0, LIMIT_KEY); break;
        case 3:
            memcpy(card.first_contact, card.cert.link_key, LIMIT_KEY);
            break;
        case 4: card.expires_ms = 0; break;
        case 5: /* of small order: every secret shared with it is zero */
            memset(card.first_contact, 0, LIMIT_KEY);
            card.first_contact[0] = 1;
            break;
        case 6: /* the same key, spelt otherwise */
            card.first_contact[LIMIT_KEY - 1] |= 0x80;
            break;
        default: card.expires_ms = CERT_TIME_MAX + 1; break;
        }
        assert_int_equal(card_write(&card, &log, &text), STATUS_BAD_FIELD);
    }
}

static void
addresses_are_host_and_port(void **state)
{
    static const struct {
        const char *address;
        bool        valid;
    } table[] = {
        {"node.example:4711", true}, {"10.0.0.1:1", true},
        {"a:65535", true},           {"x-1.y:80", true},
        {"[::1]:4711", true},        {"[2001:db8::]:1", true},
        {"[::]:1", true},            {"[1:2:3:4:5:6:7:8]:1", true},
        {"", false},                 {":1", false},
        {"host", false},             {"host:", false},
        {"host:0", false},           {"host:080", false},
        {"host:65536", false},       {"host:100000", false},
        {"host:1x", false},          {"ho st:1", false},
        {"host..x:1", false},        {".host:1", false},
        {"host.:1", false},          {"-host:1", false},
        {"host-:1", false},          {"ho-.st:1", false},
        {"h\n:1", false},            {"::1:4711", false},
        {"[]:1", false},             {"[1]:1", false},
        {"[:1]:1", false},           {"[1:]:1", false},
        {"[1::2::3]:1", false},      {"[:::]:1", false},
        {"[12345::]:1", false},      {"[g::]:1", false},
        {"[1:2:3:4:5:6:7]:1", false}, {"[1:2:3:4:5:6:7:8:9]:1", false},
        {"[1:2:3:4:5:6:7:8:]:1", false}, {"[::1:1", false},
        {"host_:1", false},          {"h\xc3\xa9:1", false},
    };
    char name[300];

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_int_equal(card_address_valid(span_text(table[i].address)),
                         table[i].valid);
    for (size_t len = 250; len < 260; len++) {
        for (size_t i = 0; i < len; i++)
            name[i] = i % 50 == 49 ? '.' : 'a';
        (void)snprintf(name + len, sizeof(name) - len, "b:65535");
        assert_int_equal(card_address_valid(span_text(name)), len + 1 <= 253);
    }
    memset(name, 'a', 64);
    (void)snprintf(name + 64, sizeof(name) - 64, ":1");
    assert_false(card_address_valid(span_text(name)));
    assert_true(card_address_valid(span_text(name + 1)));
}

static void
a_first_contact_key_is_named_by_its_hash(void **state)
{
    struct card   card = good_card();
    uint8_t       id[CARD_KEY_ID_LEN];
    struct vector expected = vector_of("bdac196c28f7c672");

    (void)state;
    card_key_id(card.first_contact, id);
    assert_memory_equal(id, expected.bytes, sizeof(id));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_block_is_the_bytes_computed_apart_from_this_code),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(every_bit_flipped_is_refused_at_its_line),
        cmocka_unit_test(every_prefix_but_the_last_line_end_is_refused),
        cmocka_unit_test(every_character_put_in_or_left_out_is_refused),
        cmocka_unit_test(line_ends_of_the_other_kind_are_let_pass),
        cmocka_unit_test(what_is_no_card_or_too_long_is_refused),
        cmocka_unit_test(a_block_that_another_signed_is_refused),
        cmocka_unit_test(
            a_block_that_its_owner_signed_but_breaks_a_rule_is_refused),
        cmocka_unit_test(readable_lines_that_say_something_else_are_refused),
        cmocka_unit_test(only_the_certified_log_key_writes),
        cmocka_unit_test(fields_out_of_their_rules_are_not_written),
        cmocka_unit_test(one_address_too_many_is_refused),
        cmocka_unit_test(addresses_are_host_and_port),
        cmocka_unit_test(a_first_contact_key_is_named_by_its_hash),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
