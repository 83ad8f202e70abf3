/* What a person had the edge do is one record, and who watches is told. */
#include "tests/unit/duo.h"

#include "node/core/client/deed.h"

static int
make(void **state)
{
    *state = duo_new();
    return 0;
}

static int
drop(void **state)
{
    duo_free(*state);
    return 0;
}

static void
post(struct duo *duo, struct span bytes)
{
    struct event event = {.kind = EVENT_DEED, .bytes = bytes};

    duo_post(&duo->a, &event);
    duo_run(duo);
}

static void
post_deed(struct duo *duo, enum happened what, const char *words)
{
    uint8_t       bytes[DEED_MAX];
    struct writer out = writer_of(bytes, sizeof(bytes));

    deed_put(&out, what, span_text(words));
    assert_int_equal(writer_end(&out), STATUS_OK);
    post(duo, writer_span(&out));
}

static void
a_deed_is_journaled_with_its_time_and_words(void **state)
{
    struct duo   *duo = *state;
    struct record record;

    post_deed(duo, HAPPENED_CAPTURE, "uid 7 captures");
    record = duo_record(&duo->a, RECORD_DEED, 0);
    assert_int_equal(record.state, HAPPENED_CAPTURE);
    assert_true(record.time > 0);
    assert_true(span_equal(record.words, span_text("uid 7 captures")));
}

static void
it_changes_nothing_else(void **state)
{
    struct duo *duo = *state;

    post_deed(duo, HAPPENED_CAPTURE, "uid 7 captures");
    post_deed(duo, HAPPENED_CAPTURED, "uid 7 ended it");
    duo_restart(&duo->a);
    assert_int_equal(duo_count_records(&duo->a, RECORD_DEED), 2);
    duo_pair(duo);
}

static void
what_is_no_deed_is_not_journaled(void **state)
{
    struct duo    *duo = *state;
    static uint8_t long_words[DEED_MAX + 1];
    struct span    bad[] = {SPAN_EMPTY, span_text("\x83"), /* no words */
                            span_text("\x80 an alarm"),
                            span_text("\x01queued"), SPAN_OF(long_words)};

    long_words[0] = HAPPENED_CAPTURE;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        post(duo, bad[i]);
    assert_int_equal(duo_count_records(&duo->a, RECORD_DEED), 0);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        CLAIM(a_deed_is_journaled_with_its_time_and_words),
        CLAIM(it_changes_nothing_else),
        CLAIM(what_is_no_deed_is_not_journaled),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}
