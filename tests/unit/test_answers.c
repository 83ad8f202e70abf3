/* test_answers.c - an ANSWER entry that breaks a rule of its own says
 * nothing, and one that keeps them names just its ranges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/answers.h"
#include "proto/limits.h"

#include <string.h>

#define LOG "entente/v1/a/b/actual/wire/1-0"

enum { MANY = LIMIT_RANGES + 1 };

/* Up to MANY answers, each with one range, all alike. */
struct said {
    Entente__EntryAnswer  entry;
    Entente__Answer       answers[MANY], *list[MANY];
    Entente__AnswerRange  range, *ranges[MANY];
    Entente__BadHead      bad;
    char                  words[LIMIT_LINE + 2];
};

static struct said *
good(size_t count)
{
    static struct said said;

    said = (struct said){.entry = ENTENTE__ENTRY_ANSWER__INIT,
                         .range = ENTENTE__ANSWER_RANGE__INIT,
                         .bad = ENTENTE__BAD_HEAD__INIT};
    said.range.first = 7;
    said.range.count = 3;
    memset(said.words, 'w', LIMIT_LINE);
    for (size_t i = 0; i < MANY; i++) {
        entente__answer__init(&said.answers[i]);
        said.answers[i].verdict = ENTENTE__ANSWER__VERDICT__ACCEPTED;
        said.answers[i].origin = LOG;
        said.answers[i].ranges = said.ranges;
        said.answers[i].n_ranges = 1;
        said.answers[i].why = said.answers[i].by = said.words;
        said.list[i] = &said.answers[i];
        said.ranges[i] = &said.range;
    }
    said.entry.answers = said.list;
    said.entry.n_answers = count;
    return &said;
}

static void
what_keeps_the_rules_counts(void **state)
{
    struct said *said = good(LIMIT_RANGES);

    (void)state;
    assert_int_equal(answers_check(&said->entry), STATUS_OK);
    assert_int_equal(answers_check(&good(0)->entry), STATUS_OK);
    said = good(1);
    said->answers[0].n_ranges = LIMIT_RANGES;
    said->range.count = LIMIT_HEAD_AHEAD;
    assert_int_equal(answers_check(&said->entry), STATUS_OK);
}

static void
every_verdict_but_complete_is_said_of_entries_or_of_a_head(void **state)
{
    struct said *said = good(1);

    (void)state;
    for (int i = 0; i <= ENTENTE__ANSWER__VERDICT__BAD_HEAD + 1; i++) {
        bool may = i > 0 && i < ENTENTE__ANSWER__VERDICT__COMPLETE;

        said->answers[0].verdict = (Entente__Answer__Verdict)i;
        assert_int_equal(answers_check(&said->entry),
                         may ? STATUS_OK : STATUS_BAD_FIELD);
    }
}

static void
more_than_may_be_is_too_large(void **state)
{
    struct said *said = good(MANY);

    (void)state;
    assert_int_equal(answers_check(&said->entry), STATUS_TOO_LARGE);
    said = good(1);
    said->answers[0].n_ranges = MANY;
    assert_int_equal(answers_check(&said->entry), STATUS_TOO_LARGE);
    said = good(1);
    said->words[LIMIT_LINE] = 'w';
    assert_int_equal(answers_check(&said->entry), STATUS_TOO_LARGE);
    said->answers[0].why = "";
    assert_int_equal(answers_check(&said->entry), STATUS_TOO_LARGE);
    said->answers[0].by = "";
    assert_int_equal(answers_check(&said->entry), STATUS_OK);
    said->range.count = LIMIT_HEAD_AHEAD + 1;
    assert_int_equal(answers_check(&said->entry), STATUS_TOO_LARGE);
    said->range.first = LIMIT_TREE - 1;
    said->range.count = 2;
    assert_int_equal(answers_check(&said->entry), STATUS_TOO_LARGE);
}

static void
complete_names_one_attachment_of_one_entry(void **state)
{
    uint8_t      digest[LIMIT_DIGEST] = {1};
    struct said *said = good(2);

    (void)state;
    said->answers[1].verdict = ENTENTE__ANSWER__VERDICT__COMPLETE;
    said->range.count = 1;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
    said->answers[1].digest = (ProtobufCBinaryData){LIMIT_DIGEST, digest};
    assert_int_equal(answers_check(&said->entry), STATUS_OK);
    said->range.count = 2;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
    said->range.count = 1;
    said->answers[1].digest.len--;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
}

static void
ranges_name_entries_and_a_bad_head_none(void **state)
{
    struct said *said = good(2);

    (void)state;
    said->range.count = 0;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
    said->range.count = 1;
    said->range.first = LIMIT_TREE;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
    said = good(2);
    said->answers[1].n_ranges = 0;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
    said = good(2);
    said->answers[1].bad_head = &said->bad;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
    said = good(1);
    said->answers[0].verdict = ENTENTE__ANSWER__VERDICT__BAD_HEAD;
    said->answers[0].bad_head = &said->bad;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
    said->answers[0].n_ranges = 0;
    assert_int_equal(answers_check(&said->entry), STATUS_OK);
    said->answers[0].bad_head = NULL;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
    said->answers[0].bad_head = &said->bad;
    said->entry.n_answers = 2;
    assert_int_equal(answers_check(&said->entry), STATUS_BAD_FIELD);
}

static void
an_answer_names_its_ranges_in_its_log(void **state)
{
    struct said          *said = good(1);
    const Entente__Answer *answer = said->list[0];

    (void)state;
    assert_false(answers_name(answer, span_text(LOG), 6));
    assert_true(answers_name(answer, span_text(LOG), 7));
    assert_true(answers_name(answer, span_text(LOG), 9));
    assert_false(answers_name(answer, span_text(LOG), 10));
    assert_false(answers_name(answer, span_text(LOG "0"), 7));
    said->answers[0].verdict = ENTENTE__ANSWER__VERDICT__BAD_HEAD;
    assert_false(answers_name(answer, span_text(LOG), 7));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_keeps_the_rules_counts),
        cmocka_unit_test(
            every_verdict_but_complete_is_said_of_entries_or_of_a_head),
        cmocka_unit_test(more_than_may_be_is_too_large),
        cmocka_unit_test(complete_names_one_attachment_of_one_entry),
        cmocka_unit_test(ranges_name_entries_and_a_bad_head_none),
        cmocka_unit_test(an_answer_names_its_ranges_in_its_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
