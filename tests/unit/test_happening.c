/* An event on its way from the store to the core. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/happening.h"

static const struct happening one = {
    .what = STATE_RECEIVED,
    .more = true,
    .time = 7,
    .cursor = {(const uint8_t *)"place", 5},
    .why = {(const uint8_t *)"because", 7},
    .secret = {(const uint8_t *)"sealed", 6},
    .row = {.outgoing = true, .number = 9, .state = STATE_READ},
};

static struct span
put(struct writer *out)
{
    happening_head_put(out, &one);
    assert_int_equal(out->len, happening_head_len(&one));
    record_row_put(out, &one.row);
    assert_int_equal(writer_end(out), STATUS_OK);
    return writer_span(out);
}

static void
an_event_comes_back_as_it_was_written(void **state)
{
    uint8_t          bytes[512];
    struct writer    out = writer_of(bytes, sizeof(bytes));
    struct reader    in = reader_of(put(&out));
    struct happening read;

    (void)state;
    assert_int_equal(happening_next(&in, &read), STATUS_OK);
    assert_int_equal(happening_next(&in, &read), STATUS_AGAIN);
    assert_int_equal(read.what, one.what);
    assert_true(read.more);
    assert_int_equal(read.time, 7);
    assert_true(span_equal(read.cursor, one.cursor));
    assert_true(span_equal(read.why, one.why));
    assert_true(span_equal(read.secret, one.secret));
    assert_true(read.row.outgoing && read.row.number == 9);
    assert_int_equal(read.row.state, STATE_READ);
}

static void
no_part_of_it_passes_for_the_whole(void **state)
{
    uint8_t          bytes[512];
    struct writer    out = writer_of(bytes, sizeof(bytes));
    struct span      whole = put(&out);
    struct happening read;

    (void)state;
    for (size_t len = 1; len < whole.len; len++) {
        struct reader in = reader_of((struct span){whole.ptr, len});

        assert_int_equal(happening_next(&in, &read), STATUS_BAD_ENCODING);
    }
}

static void
what_happened_is_a_state_of_a_message_or_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= STATE_LAST; i++)
        assert_string_equal(happening_word(i), state_word(i));
#define HAS_WORD(name, value, word)                                            \
    assert_string_equal(happening_word(HAPPENED_##name), word);                \
    assert_true((value) == 0 || (value) > STATE_LAST);
    HAPPENED_LIST(HAS_WORD)
#undef HAS_WORD
    assert_string_equal(happening_word(255), "?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_comes_back_as_it_was_written),
        cmocka_unit_test(no_part_of_it_passes_for_the_whole),
        cmocka_unit_test(
            what_happened_is_a_state_of_a_message_or_has_a_word_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
