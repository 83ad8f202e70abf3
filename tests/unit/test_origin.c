/* test_origin.c - one channel, one spelling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/origin.h"

#include <string.h>

#define S "0123456789abcdef0123456789abcdef"
#define R "fedcba9876543210fedcba9876543210"
#define GOOD "entente/v1/" S "/" R "/actual/wire/1-00000000000000ff"

static enum status
parsed(const char *text)
{
    struct origin out;

    return origin_parse(span_text(text), &out);
}

static void
an_origin_reads_as_its_text_says(void **state)
{
    struct origin origin;
    char          id[2 * LIMIT_NODE_ID + 1];

    (void)state;
    assert_int_equal(origin_parse(span_text(GOOD), &origin), STATUS_OK);
    hex_encode(origin.sender.bytes, LIMIT_NODE_ID, id);
    assert_string_equal(id, S);
    hex_encode(origin.recipient.bytes, LIMIT_NODE_ID, id);
    assert_string_equal(id, R);
    assert_string_equal(origin.realm, "actual");
    assert_int_equal(origin.lane, LANE_WIRE);
    assert_true(origin.epoch == 1 && origin.random == 0xff);
}

static void
an_origin_is_written_as_it_was_read(void **state)
{
    static const char *const good[] = {
        GOOD,
        "entente/v1/" S "/" R "/actual/courier/1844674407370955160-"
        "ffffffffffffffff",
        "entente/v1/" S "/" R "/exercise-a/wire/10-0000000000000000",
        "entente/v1/" S "/" R
        "/exercise-0123456789abcdefghijklmnopqrstuv/courier/9-"
        "0123456789abcdef",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct origin      origin;
        struct origin_text text;

        assert_int_equal(origin_parse(span_text(good[i]), &origin), STATUS_OK);
        text = origin_format(&origin);
        assert_string_equal(text.text, good[i]);
        assert_int_equal(origin_span(&text).len, strlen(good[i]));
    }
}

static void
no_other_spelling_is_an_origin(void **state)
{
    static const char *const bad[] = {
        "",
        "entente/v1",
        "entente/v2/" S "/" R "/actual/wire/1-00000000000000ff",
        "Entente/v1/" S "/" R "/actual/wire/1-00000000000000ff",
        "/entente/v1/" S "/" R "/actual/wire/1-00000000000000ff",
        "entente/v1/" S "/" R "/actual/wire/1-00000000000000ff/",
        "entente/v1/" S "/" R "/actual/wire/1-00000000000000ff\n",
        "entente/v1/0123456789ABCDEF0123456789ABCDEF/" R
        "/actual/wire/1-00000000000000ff",
        "entente/v1/" S "0/" R "/actual/wire/1-00000000000000ff",
        "entente/v1/" S "//" R "/actual/wire/1-00000000000000ff",
        "entente/v1/" S "/" R "/real/wire/1-00000000000000ff",
        "entente/v1/" S "/" R "/exercise-/wire/1-00000000000000ff",
        "entente/v1/" S "/" R "/exercise-A/wire/1-00000000000000ff",
        "entente/v1/" S "/" R "/exercise-a_b/wire/1-00000000000000ff",
        "entente/v1/" S "/" R "/exercise-0123456789abcdefghijklmnopqrstuvw"
        "/wire/1-00000000000000ff",
        "entente/v1/" S "/" R "/actual/air/1-00000000000000ff",
        "entente/v1/" S "/" R "/actual//1-00000000000000ff",
        "entente/v1/" S "/" R "/actual/wire/0-00000000000000ff",
        "entente/v1/" S "/" R "/actual/wire/01-00000000000000ff",
        "entente/v1/" S "/" R "/actual/wire/+1-00000000000000ff",
        "entente/v1/" S "/" R "/actual/wire/-00000000000000ff",
        "entente/v1/" S "/" R "/actual/wire/18446744073709551617-"
        "00000000000000ff",
        "entente/v1/" S "/" R "/actual/wire/1-ff",
        "entente/v1/" S "/" R "/actual/wire/1-00000000000000FF",
        "entente/v1/" S "/" R "/actual/wire/1-0000000000000000ff",
        "entente/v1/" S "/" R "/actual/wire/100000000000000ff",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(parsed(bad[i]), STATUS_BAD_ENCODING);
}

static void
no_prefix_of_an_origin_is_one(void **state)
{
    struct origin out;

    (void)state;
    for (size_t len = 0; len < strlen(GOOD); len++)
        assert_int_equal(
            origin_parse((struct span){(const uint8_t *)GOOD, len}, &out),
            STATUS_BAD_ENCODING);
}

static void
a_zero_byte_is_no_end(void **state)
{
    struct origin out;

    (void)state;
    assert_int_equal(
        origin_parse((struct span){(const uint8_t *)GOOD, sizeof(GOOD)}, &out),
        STATUS_BAD_ENCODING);
}

static void
the_longest_origin_fits_its_limit(void **state)
{
    struct origin origin = {.sender = {{0xff}},
                            .realm = "exercise-"
                                     "0123456789abcdefghijklmnopqrstuv",
                            .lane = LANE_COURIER,
                            .epoch = UINT64_MAX,
                            .random = UINT64_MAX};

    (void)state;
    assert_int_equal(strlen(origin.realm), REALM_LEN);
    assert_true(origin_format(&origin).len <= LIMIT_ORIGIN);
}

static void
origins_differ_in_any_part(void **state)
{
    struct origin a, b;

    (void)state;
    assert_int_equal(origin_parse(span_text(GOOD), &a), STATUS_OK);
    b = a;
    assert_true(origin_equal(&a, &b));
    b.random++;
    assert_false(origin_equal(&a, &b));
    b = a;
    b.lane = LANE_COURIER;
    assert_false(origin_equal(&a, &b));
    b = a;
    b.recipient.bytes[15] ^= 1;
    assert_false(origin_equal(&a, &b));
    b = a;
    b.epoch++;
    assert_false(origin_equal(&a, &b));
    b = a;
    memcpy(b.realm, "exercise-a", sizeof("exercise-a"));
    assert_false(origin_equal(&a, &b));
}

static void
node_ids_are_ordered_by_their_bytes(void **state)
{
    struct node_id low = {{0x01, 0xff}}, high = {{0x80}};

    (void)state;
    assert_int_equal(node_id_compare(&low, &high), -1);
    assert_int_equal(node_id_compare(&high, &low), 1);
    assert_int_equal(node_id_compare(&low, &low), 0);
    assert_true(node_id_equal(&low, &low));
    assert_false(node_id_equal(&low, &high));
}

static void
hex_is_lower_case_and_of_the_length_asked_for(void **state)
{
    uint8_t out[2];
    char    text[5];

    (void)state;
    assert_int_equal(hex_decode(span_text("0aff"), out, 2), STATUS_OK);
    hex_encode(out, 2, text);
    assert_string_equal(text, "0aff");
    assert_int_equal(hex_decode(span_text("0aFF"), out, 2),
                     STATUS_BAD_ENCODING);
    assert_int_equal(hex_decode(span_text("0af"), out, 2),
                     STATUS_BAD_ENCODING);
    assert_int_equal(hex_decode(span_text("0aff0"), out, 2),
                     STATUS_BAD_ENCODING);
    assert_int_equal(hex_decode(span_text("0agf"), out, 2),
                     STATUS_BAD_ENCODING);
}

static void
an_origin_is_between_its_two_and_in_no_exercise(void **state)
{
    struct origin origin = {.sender = {{1}}, .recipient = {{2}},
                            .realm = REALM_ACTUAL};
    struct node_id one = {{1}}, two = {{2}}, three = {{3}};

    (void)state;
    assert_true(origin_is_between(&origin, &one, &two));
    assert_false(origin_is_between(&origin, &two, &one));
    assert_false(origin_is_between(&origin, &three, &two));
    assert_false(origin_is_between(&origin, &one, &three));
    memcpy(origin.realm, "exercise-x", sizeof("exercise-x"));
    assert_false(origin_is_between(&origin, &one, &two));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_origin_reads_as_its_text_says),
        cmocka_unit_test(an_origin_is_written_as_it_was_read),
        cmocka_unit_test(no_other_spelling_is_an_origin),
        cmocka_unit_test(no_prefix_of_an_origin_is_one),
        cmocka_unit_test(a_zero_byte_is_no_end),
        cmocka_unit_test(the_longest_origin_fits_its_limit),
        cmocka_unit_test(origins_differ_in_any_part),
        cmocka_unit_test(an_origin_is_between_its_two_and_in_no_exercise),
        cmocka_unit_test(node_ids_are_ordered_by_their_bytes),
        cmocka_unit_test(hex_is_lower_case_and_of_the_length_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
