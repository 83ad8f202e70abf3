/* test_difference.c - the first difference is told so that an engineer knows
 * where to look, and no secret is told with it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/host/difference.h"

#include <string.h>

struct row {
    uint8_t       bytes[4096];
    struct writer out;
};

static void
row_init(struct row *row)
{
    row->out = writer_of(row->bytes, sizeof(row->bytes));
}

static void
add(struct row *row, struct effect effect)
{
    kept_put(&row->out, &effect);
    assert_false(row->out.failed);
}

/* A STRUCK record, as it is encoded, with one byte of its id given. */
static struct span
struck(uint8_t *bytes, uint8_t of_id)
{
    struct record record = {.kind = RECORD_STRUCK};
    struct writer out = writer_of(bytes, 128);

    record.id.bytes[3] = of_id;
    record_encode(&record, &out);
    assert_false(out.failed);
    return writer_span(&out);
}

static struct difference
differ(struct row *is, struct row *was, bool promised)
{
    struct difference difference = {.words = ""};

    assert_true(difference_find(writer_span(&is->out), writer_span(&was->out),
                                promised, &difference));
    return difference;
}

static void
equal_rows_do_not_differ_in_whatever_order_their_kinds_stand(void **state)
{
    struct effect     log = {.kind = EFFECT_LOG, .bytes = span_text("a")};
    struct effect     close = {.kind = EFFECT_CLOSE, .link = 4};
    struct difference none;
    struct row        is, was;

    (void)state;
    row_init(&is);
    row_init(&was);
    add(&is, log);
    add(&is, close);
    add(&was, close);
    add(&was, log);
    for (int promised = 0; promised < 2; promised++)
        assert_false(difference_find(writer_span(&is.out),
                                     writer_span(&was.out), promised == 1,
                                     &none));
}

static void
a_record_is_told_by_name_offset_and_both_bytes(void **state)
{
    uint8_t           one[128], two[128];
    struct difference got;
    struct row        is, was;

    (void)state;
    row_init(&is);
    row_init(&was);
    add(&is, (struct effect){.kind = EFFECT_SAVE, .bytes = struck(one, 7)});
    add(&was, (struct effect){.kind = EFFECT_SAVE, .bytes = struck(two, 9)});
    got = differ(&is, &was, true);
    assert_int_equal(got.kind, EFFECT_SAVE);
    assert_non_null(strstr(got.words, "SAVE 1: a record STRUCK of "));
    assert_non_null(strstr(got.words, "offset 20: is 00 00 00 00 [07] 00"));
    assert_non_null(strstr(got.words, "was 00 00 00 00 [09] 00"));
    assert_true(got.record.len > 0);
}

static void
a_secret_that_differs_is_told_by_its_place_alone(void **state)
{
    uint8_t           bytes[128];
    struct span       record = struck(bytes, 7);
    struct difference got;
    struct row        is, was;

    (void)state;
    row_init(&is);
    row_init(&was);
    add(&is, (struct effect){.kind = EFFECT_SAVE, .bytes = record,
                             .secret = span_text("meet at noon")});
    add(&was, (struct effect){.kind = EFFECT_SAVE, .bytes = record,
                              .secret = span_text("meet at dusk")});
    got = differ(&is, &was, true);
    assert_non_null(strstr(got.words, "secret part of 12 bytes (was 12) from "
                                      "offset 8 on"));
    assert_null(strstr(got.words, "6e"));
    assert_null(strstr(got.words, "meet"));
}

static void
a_key_that_differs_shows_no_byte_of_itself(void **state)
{
    struct effect     key = {.kind = EFFECT_KEY, .key = {.kind = 7,
                                                         .number = 12}};
    struct difference got;
    struct row        is, was;

    (void)state;
    row_init(&is);
    row_init(&was);
    add(&is, key);
    key.key.secret.bytes[0] = 0xab;
    add(&was, key);
    got = differ(&is, &was, true);
    assert_non_null(strstr(got.words, "KEY 1: of kind 7, number 12"));
    assert_null(strstr(got.words, "ab"));
}

static void
an_effect_too_few_or_too_many_is_told(void **state)
{
    struct effect     send = {.kind = EFFECT_SEND, .link = 6,
                              .bytes = span_text("frame")};
    struct difference got;
    struct row        one, two;

    (void)state;
    row_init(&one);
    row_init(&two);
    add(&one, send);
    add(&two, send);
    add(&two, send);
    got = differ(&one, &two, true);
    assert_string_equal(got.words, "SEND 2: was there and is not (link 6)");
    assert_int_equal(got.link, 6);
    got = differ(&two, &one, true);
    assert_string_equal(got.words, "SEND 2: was not there (link 6)");
}

static void
links_and_addresses_are_told(void **state)
{
    struct effect dial = {.kind = EFFECT_DIAL, .link = 2,
                          .bytes = span_text("a:1")};
    struct effect close = {.kind = EFFECT_CLOSE, .link = 2};
    struct row    is, was;

    (void)state;
    row_init(&is);
    row_init(&was);
    add(&is, dial);
    dial.bytes = span_text("b:1");
    add(&was, dial);
    assert_string_equal(differ(&is, &was, true).words,
                        "DIAL 1: link 2 to a:1, was link 2 to b:1");
    row_init(&is);
    row_init(&was);
    add(&is, close);
    close.link = 4;
    add(&was, close);
    assert_non_null(strstr(differ(&is, &was, true).words,
                           "CLOSE 1: of link 2 or client 0, was of link 4"));
}

static void
what_is_only_told_is_asked_for_apart(void **state)
{
    struct effect     wake = {.kind = EFFECT_WAKE_AT, .mono_ms = 1};
    struct difference got;
    struct row        is, was;

    (void)state;
    row_init(&is);
    row_init(&was);
    add(&is, wake);
    wake.mono_ms = 2;
    add(&was, wake);
    assert_false(difference_find(writer_span(&is.out), writer_span(&was.out),
                                 true, &got));
    assert_string_equal(differ(&is, &was, false).words,
                        "WAKE_AT 1: another one");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            equal_rows_do_not_differ_in_whatever_order_their_kinds_stand),
        cmocka_unit_test(a_record_is_told_by_name_offset_and_both_bytes),
        cmocka_unit_test(a_secret_that_differs_is_told_by_its_place_alone),
        cmocka_unit_test(a_key_that_differs_shows_no_byte_of_itself),
        cmocka_unit_test(an_effect_too_few_or_too_many_is_told),
        cmocka_unit_test(links_and_addresses_are_told),
        cmocka_unit_test(what_is_only_told_is_asked_for_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
