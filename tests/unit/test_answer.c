#include "tests/unit/rogue_answer.h"

#include "node/core/log/answer.h"
#include "tests/unit/one_turn.h"

#include <stdio.h>

/* --- what we answer ------------------------------------------------------ */

/* A turn of the victim's, by hand. */
static struct one_turn *
turn_of(struct rogue *rogue)
{
    struct one_turn *one = one_turn_new();

    one->turn.node = rogue->victim->node;
    return one;
}

static void
note(struct rogue *rogue, struct one_turn *one, uint64_t index,
     enum status why, enum precedence precedence)
{
    answer_note(rogue_peer(rogue), &one->turn, rogue_witness(rogue), index,
                why == STATUS_OK ? ENTENTE__ANSWER__VERDICT__ACCEPTED
                                 : ENTENTE__ANSWER__VERDICT__REJECTED,
                why, precedence);
}

static void
consecutive_entries_with_one_verdict_are_one_range(void **state)
{
    struct rogue      *rogue = *state;
    struct one_turn   *one = turn_of(rogue);
    const struct peer *peer = rogue_peer(rogue);

    note(rogue, one, 4, STATUS_OK, PRECEDENCE_ROUTINE);
    note(rogue, one, 5, STATUS_OK, PRECEDENCE_FLASH);
    note(rogue, one, 6, STATUS_BAD_FIELD, PRECEDENCE_ROUTINE);
    note(rogue, one, 7, STATUS_BAD_ENCODING, PRECEDENCE_ROUTINE);
    note(rogue, one, 9, STATUS_OK, PRECEDENCE_ROUTINE);
    assert_int_equal(peer->answer_count, 4);
    assert_int_equal(peer->answers[0].first, 4);
    assert_int_equal(peer->answers[0].count, 2);
    rogue_peer(rogue)->answer_count = 0;
    one_turn_free(one);
}

static void
an_answer_is_as_urgent_as_the_most_urgent_that_it_answers(void **state)
{
    struct rogue    *rogue = *state;
    struct one_turn *one = turn_of(rogue);

    note(rogue, one, 4, STATUS_OK, PRECEDENCE_DEFERRED);
    answer_say(rogue_peer(rogue), &one->turn);
    note(rogue, one, 5, STATUS_OK, PRECEDENCE_DEFERRED);
    note(rogue, one, 6, STATUS_OK, PRECEDENCE_FLASH);
    answer_say(rogue_peer(rogue), &one->turn);
    peer_sign(rogue_peer(rogue), &one->turn);
    assert_int_equal(
        one_turn_saved(one, RECORD_OUT_ENTRY, 0).precedence,
        PRECEDENCE_ROUTINE);
    assert_int_equal(
        one_turn_saved(one, RECORD_OUT_ENTRY, 1).precedence,
        PRECEDENCE_FLASH);
    one_turn_free(one);
}

static void
more_ranges_than_one_entry_holds_are_two_entries(void **state)
{
    struct rogue    *rogue = *state;
    struct one_turn *one = turn_of(rogue);

    for (uint64_t i = 0; i < LIMIT_RANGES + 1; i++)
        note(rogue, one, 2 * i, STATUS_OK, PRECEDENCE_ROUTINE);
    answer_say(rogue_peer(rogue), &one->turn);
    answer_say(rogue_peer(rogue), &one->turn); /* nothing is left to say */
    peer_sign(rogue_peer(rogue), &one->turn);
    assert_int_equal(one_turn_saves(one, RECORD_OUT_ENTRY), 2);
    one_turn_free(one);
}

/* --- what we are answered ------------------------------------------------ */

struct said_verdict {
    Entente__Answer       answer;
    Entente__AnswerRange  range;
    Entente__AnswerRange *ranges[1];
};

static Entente__Answer *
says(struct said_verdict *said, const struct rogue *rogue,
     Entente__Answer__Verdict verdict, uint64_t first, uint64_t count)
{
    entente__answer__init(&said->answer);
    entente__answer_range__init(&said->range);
    said->range.first = first;
    said->range.count = count;
    said->ranges[0] = &said->range;
    said->answer.verdict = verdict;
    said->answer.origin = rogue_reads(rogue)->text.text;
    said->answer.n_ranges = 1;
    said->answer.ranges = said->ranges;
    return &said->answer;
}

/* The victim keeps the entry, raises an alarm, and has noted nothing. */
static void
assert_refused(struct rogue *rogue, size_t alarms)
{
    assert_int_equal(duo_count_records(rogue->victim, RECORD_VERDICT), 0);
    assert_int_equal(rogue_alarms(rogue), alarms + 1);
    assert_int_equal(rogue_witness(rogue)->whole, rogue->count);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, rogue->count);
    assert_false(rogue_is_closed(rogue));
}

static void
a_verdict_is_noted_for_each_range(void **state)
{
    struct rogue *rogue = *state;
    struct said_verdict   one, two;
    struct record record;

    rogue_is_written_to(rogue, 3);
    says(&two, rogue, ENTENTE__ANSWER__VERDICT__REJECTED, 3, 1)->why =
        (char *)(uintptr_t)"BAD_FIELD";
    rogue_say_answers(
        rogue, says(&one, rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED, 1, 2),
        &two.answer);
    record = duo_record(rogue->victim, RECORD_VERDICT, 0);
    assert_int_equal(record.index, 1);
    assert_int_equal(record.count, 2);
    assert_int_equal(record.state, STATE_ACCEPTED);
    record = duo_record(rogue->victim, RECORD_VERDICT, 1);
    assert_int_equal(record.index, 3);
    assert_int_equal(record.state, STATE_REJECTED);
    assert_true(span_equal(record.words, span_text("BAD_FIELD")));
    assert_int_equal(rogue_alarms(rogue), 0);
}

static void
an_answer_with_a_fault_in_its_last_part_changes_nothing(void **state)
{
    struct rogue *rogue = *state;
    struct said_verdict   one, two;

    rogue_is_written_to(rogue, 3);
    rogue_say_answers(
        rogue, says(&one, rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED, 1, 2),
        says(&two, rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED, 3, 2));
    assert_refused(rogue, 0);
}

static void
a_range_that_is_empty_or_beyond_what_we_said_is_refused(void **state)
{
    static const uint64_t ranges[][2] = {
        {1, 0}, {4, 1}, {1, 4}, {1, UINT64_MAX}, {UINT64_MAX, 1},
        {UINT64_MAX, UINT64_MAX}};
    struct rogue *rogue = *state;
    struct said_verdict   said;

    rogue_is_written_to(rogue, 3);
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        rogue_say_answers(rogue,
                          says(&said, rogue,
                               ENTENTE__ANSWER__VERDICT__ACCEPTED,
                               ranges[i][0], ranges[i][1]),
                          NULL);
        assert_refused(rogue, i);
    }
}

static void
a_range_wider_than_a_peer_ever_holds_is_refused(void **state)
{
    struct rogue *rogue = *state;
    struct said_verdict   said;

    rogue_is_written_to(rogue, 1);
    rogue_reads(rogue)->head.size = 3 * LIMIT_HEAD_AHEAD;
    rogue_say_answers(rogue,
                      says(&said, rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED,
                           LIMIT_HEAD_AHEAD, LIMIT_HEAD_AHEAD + 1),
                      NULL);
    assert_refused(rogue, 0);
}

static void
say_ranges(struct rogue *rogue, size_t count)
{
    Entente__AnswerRange *ranges[LIMIT_RANGES + 1];
    struct said_verdict           said;

    (void)says(&said, rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED, 1, 1);
    for (size_t i = 0; i < count; i++)
        ranges[i] = &said.range;
    said.answer.ranges = ranges;
    said.answer.n_ranges = count;
    rogue_say_answers(rogue, &said.answer, NULL);
}

static void
an_entry_names_at_most_so_many_ranges(void **state)
{
    struct rogue *rogue = *state;
    struct said_verdict   one, two;

    rogue_is_written_to(rogue, 1);
    say_ranges(rogue, LIMIT_RANGES + 1);
    assert_refused(rogue, 0);
    (void)says(&one, rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED, 1, 1);
    (void)says(&two, rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED, 1, 1);
    one.answer.n_ranges = 0; /* names none */
    rogue_say_answers(rogue, &two.answer, &one.answer);
    assert_refused(rogue, 1);
    say_ranges(rogue, LIMIT_RANGES);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_VERDICT),
                     LIMIT_RANGES);
}

static void
words_longer_than_a_line_are_refused(void **state)
{
    static char   words[LIMIT_LINE + 2];
    struct rogue *rogue = *state;
    struct said_verdict   said;

    rogue_is_written_to(rogue, 1);
    memset(words, 'x', LIMIT_LINE + 1);
    says(&said, rogue, ENTENTE__ANSWER__VERDICT__DECLINED, 1, 1)->why = words;
    rogue_say_answers(rogue, &said.answer, NULL);
    assert_refused(rogue, 0);
    says(&said, rogue, ENTENTE__ANSWER__VERDICT__DECLINED, 1, 1)->by = words;
    rogue_say_answers(rogue, &said.answer, NULL);
    assert_refused(rogue, 1);
    words[LIMIT_LINE] = '\0';
    rogue_say_answers(rogue, &said.answer, NULL);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_VERDICT), 1);
}

static void
what_is_under_way_and_no_message_is_neither_accepted_nor_read(void **state)
{
    static const Entente__Answer__Verdict verdicts[] = {
        ENTENTE__ANSWER__VERDICT__ACCEPTED, ENTENTE__ANSWER__VERDICT__REJECTED,
        ENTENTE__ANSWER__VERDICT__READ, ENTENTE__ANSWER__VERDICT__ACKNOWLEDGED,
        ENTENTE__ANSWER__VERDICT__DECLINED,
        ENTENTE__ANSWER__VERDICT__UNOPENED /* an OPEN is not sealed */};
    struct rogue *rogue = *state;
    struct said_verdict   said;

    rogue_is_written_to(rogue, 1);
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        rogue_say_answers(rogue, says(&said, rogue, verdicts[i], 0, 2), NULL);
        assert_refused(rogue, i);
    }
    rogue_say_answers(
        rogue, says(&said, rogue, ENTENTE__ANSWER__VERDICT__REFUSED, 0, 1),
        NULL);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_VERDICT), 1);
}

static void
an_answer_of_ours_is_never_refused_or_unopened(void **state)
{
    struct rogue *rogue = *state;
    struct said_verdict   said;
    size_t        alarms;

    (void)rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                     span_text("no message"));
    rogue_say_all(rogue, 1); /* is answered at our index 1 */
    alarms = rogue_alarms(rogue);
    rogue_say_answers(
        rogue, says(&said, rogue, ENTENTE__ANSWER__VERDICT__REFUSED, 1, 1),
        NULL);
    assert_refused(rogue, alarms);
    rogue_say_answers(
        rogue, says(&said, rogue, ENTENTE__ANSWER__VERDICT__UNOPENED, 1, 1),
        NULL);
    assert_refused(rogue, alarms + 1);
}

static void
what_is_no_verdict_on_an_entry_is_refused(void **state)
{
    struct rogue *rogue = *state;
    struct said_verdict   said;

    rogue_is_written_to(rogue, 1);
    rogue_say_answers(
        rogue, says(&said, rogue, ENTENTE__ANSWER__VERDICT__COMPLETE, 1, 1),
        NULL);
    assert_refused(rogue, 0);
    rogue_say_answers(
        rogue,
        says(&said, rogue, ENTENTE__ANSWER__VERDICT__VERDICT_UNSPECIFIED, 1,
             1),
        NULL);
    assert_refused(rogue, 1);
    rogue_say_answers(
        rogue, says(&said, rogue, ENTENTE__ANSWER__VERDICT__BAD_HEAD, 1, 1),
        NULL);
    assert_refused(rogue, 2);
}

static void
a_log_that_is_not_ours_is_refused(void **state)
{
    struct rogue *rogue = *state;
    struct said_verdict   said;

    says(&said, rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED, 0, 1)->origin =
        rogue->text.text;
    rogue_say_answers(rogue, &said.answer, NULL);
    assert_refused(rogue, 0);
    said.answer.origin = (char *)(uintptr_t)"";
    rogue_say_answers(rogue, &said.answer, NULL);
    assert_refused(rogue, 1);
}

static void
what_opens_and_is_no_answer_is_kept_with_an_alarm(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      index = rogue_seal(rogue, CLASS_ANSWER, PRECEDENCE_FLASH,
                                     span_text("no answer at all"));

    rogue_say_all(rogue, index);
    assert_refused(rogue, 0);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_IN_ENTRY), 2);
}

#define CASE(test)                                                             \
    cmocka_unit_test_setup_teardown(test, rogue_make_up, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(consecutive_entries_with_one_verdict_are_one_range),
        CASE(an_answer_is_as_urgent_as_the_most_urgent_that_it_answers),
        CASE(more_ranges_than_one_entry_holds_are_two_entries),
        CASE(a_verdict_is_noted_for_each_range),
        CASE(an_answer_with_a_fault_in_its_last_part_changes_nothing),
        CASE(a_range_that_is_empty_or_beyond_what_we_said_is_refused),
        CASE(a_range_wider_than_a_peer_ever_holds_is_refused),
        CASE(an_entry_names_at_most_so_many_ranges),
        CASE(words_longer_than_a_line_are_refused),
        CASE(what_is_under_way_and_no_message_is_neither_accepted_nor_read),
        CASE(an_answer_of_ours_is_never_refused_or_unopened),
        CASE(what_is_no_verdict_on_an_entry_is_refused),
        CASE(a_log_that_is_not_ours_is_refused),
        CASE(what_opens_and_is_no_answer_is_kept_with_an_alarm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
