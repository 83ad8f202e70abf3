#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/oracle.h"
#include "tests/unit/logbook_acts.h"

static struct oracle           oracle;
static const struct message_id one = {{1}};
static const struct message_id two = {{2}};

static int
new_oracle(void **state)
{
    (void)state;
    oracle_init(&oracle);
    ledger_node(&oracle.ledger, 0, &acts_node[0]);
    ledger_node(&oracle.ledger, 1, &acts_node[1]);
    oracle_submits(&oracle, 0, 1, &one, span_text("one"));
    oracle_submits(&oracle, 0, 1, &two, span_text("two"));
    return 0;
}

static int
drop_oracle(void **state)
{
    (void)state;
    oracle_clear(&oracle);
    return 0;
}

static void
commit(size_t who, struct record record)
{
    struct effects turn = acts_turn(&record, 1);

    ledger_committed(&oracle.ledger, who, &turn);
    effects_free(&turn);
}

static void
queued(const struct message_id *id)
{
    struct record pending = {.kind = RECORD_PENDING, .id = *id};

    commit(0, pending);
    oracle_acknowledged(&oracle, id);
}

static void
reads_in(uint64_t epoch, const struct message_id *id, uint64_t number,
         uint64_t index, const char *bytes)
{
    struct origin      origin = acts_origin();
    struct origin_text text;

    origin.epoch = epoch;
    text = origin_format(&origin);
    oracle_reads(&oracle, 1, id, number, origin_span(&text), index,
                 span_text(bytes));
}

static void
reads(size_t who, const struct message_id *id, uint64_t number,
      uint64_t index, const char *bytes)
{
    struct origin      origin = acts_origin();
    struct origin_text text = origin_format(&origin);

    oracle_reads(&oracle, who, id, number, origin_span(&text), index,
                 span_text(bytes));
}

static void
assert_breaks(const char *words)
{
    assert_non_null(oracle_words(&oracle));
    assert_non_null(strstr(oracle_words(&oracle), words));
}

static void
what_was_acknowledged_and_is_read_breaks_nothing(void **state)
{
    (void)state;
    queued(&one);
    queued(&two);
    reads(1, &two, 1, 3, "two\x78\x01");
    reads(1, &one, 200, 4, "one\x78\xc8\x01");
    oracle_end(&oracle);
    assert_null(oracle_words(&oracle));
}

static void
an_acknowledgement_before_it_is_durable_is_seen(void **state)
{
    (void)state;
    oracle_acknowledged(&oracle, &one);
    assert_breaks("before it was durable");
}

static void
an_acknowledged_message_that_nobody_reads_is_missing(void **state)
{
    (void)state;
    queued(&one);
    oracle_end(&oracle);
    assert_breaks("is missing");
}

static void
what_was_not_acknowledged_may_be_missing_and_may_be_read(void **state)
{
    (void)state;
    reads(1, &one, 1, 1, "one\x78\x01");
    oracle_end(&oracle);
    assert_null(oracle_words(&oracle));
}

static void
a_message_read_twice_is_seen(void **state)
{
    (void)state;
    reads(1, &one, 1, 1, "one\x78\x01");
    reads(1, &one, 1, 1, "one\x78\x01");
    assert_breaks("twice");
}

static void
a_message_altered_anywhere_is_seen(void **state)
{
    static const char *const bad[] = {"One\x78\x01", "one\x78\x02",
                                      "one\x78\x01\x01", "one", ""};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        oracle.verdict = (struct verdict){0};
        oracle.list[0].read = false;
        reads(1, &one, 1, 1, bad[i]);
        assert_breaks("altered");
    }
}

static void
a_message_that_nobody_sent_to_its_reader_is_seen(void **state)
{
    (void)state;
    reads(0, &one, 1, 1, "one\x78\x01");
    assert_breaks("nobody sent");
}

static void
a_forged_message_must_not_be_read_and_is_not_missing(void **state)
{
    (void)state;
    queued(&one);
    oracle_sealed(&oracle, &one, true);
    promise_left(&oracle.ledger.promises, 0, &one);
    oracle_end(&oracle);
    assert_null(oracle_words(&oracle));
    reads(1, &one, 1, 1, "one\x78\x01");
    assert_breaks("forged");
}

static void
numbers_out_of_the_order_of_the_channel_are_seen(void **state)
{
    (void)state;
    reads(1, &one, 2, 1, "one\x78\x02");
    reads(1, &two, 1, 2, "two\x78\x01");
    assert_breaks("out of the order");
}

static void
in_a_later_epoch_a_message_may_keep_an_earlier_number(void **state)
{
    (void)state;
    reads_in(2, &one, 2, 1, "one\x78\x02");
    reads_in(2, &two, 1, 2, "two\x78\x01");
    assert_null(oracle_words(&oracle));
}

static void
plaintext_is_seen_wherever_it_stands(void **state)
{
    (void)state;
    oracle_leaves(&oracle, 0, span_text("nothing of " "wind"));
    assert_null(oracle_words(&oracle));
    oracle_leaves(&oracle, 0, span_text("x " ORACLE_MARKER " y"));
    assert_breaks("plaintext left node 0");
}

static void
it_is_settled_when_all_has_left_and_is_receipted(void **state)
{
    (void)state;
    assert_true(oracle_settled(&oracle));
    queued(&one);
    assert_false(oracle_settled(&oracle));
    commit(0, acts_entry(RECORD_OUT_ENTRY, 0));
    assert_false(oracle_settled(&oracle));
    commit(0, acts_head(RECORD_OUT_HEAD, 1));
    commit(0, acts_head(RECORD_OUT_COSIGNED, 1));
    assert_true(oracle_settled(&oracle));
}

/* --- what people answer --- */

static void
awaits(size_t who, bool awaited, bool overdue, uint64_t wall_ms)
{
    oracle_awaits(&oracle, who, &one, awaited, overdue, wall_ms, wall_ms);
}

static void
it_is_right_to_await_what_nobody_answered(void **state)
{
    (void)state;
    queued(&one);
    oracle_asks(&oracle, &one, 1000);
    awaits(0, true, false, 999);
    awaits(1, true, true, 1000);
    assert_null(oracle_words(&oracle));
    awaits(1, false, false, 999);
    assert_breaks("awaits no answer");
}

static void
what_was_answered_or_asks_nothing_is_not_to_be_awaited(void **state)
{
    (void)state;
    queued(&one);
    awaits(0, true, false, 999);
    assert_breaks("nobody has to give");
    oracle.verdict = (struct verdict){0};
    oracle_asks(&oracle, &one, 1000);
    oracle_answers(&oracle, &one);
    awaits(0, false, false, 999); /* it may have been given, or not */
    awaits(0, true, false, 999);
    assert_null(oracle_words(&oracle));
    oracle_answered(&oracle, &one, true);
    awaits(0, true, false, 999);
    assert_breaks("which was given");
}

static void
overdue_too_late_or_too_soon_is_seen(void **state)
{
    (void)state;
    queued(&one);
    oracle_asks(&oracle, &one, 1000);
    awaits(0, true, false, 1000);
    assert_breaks("does not say");
    oracle.verdict = (struct verdict){0};
    awaits(0, true, true, 999);
    assert_breaks("too soon");
    oracle.verdict = (struct verdict){0};
    oracle_awaits(&oracle, 0, &one, true, true, 999, 1000); /* it went back */
    assert_null(oracle_words(&oracle));
}

static void
it_is_settled_when_each_answer_was_heard(void **state)
{
    struct record await = {.kind = RECORD_AWAIT,
                           .outgoing = 1,
                           .id = one,
                           .state = AWAIT_SETTLED};
    struct record left = {.kind = RECORD_STRUCK, .id = one};
    struct effects turn;

    (void)state;
    queued(&one);
    commit(0, left);
    oracle_asks(&oracle, &one, 1000);
    oracle_answers(&oracle, &one);
    assert_true(oracle_settled(&oracle));
    oracle_answered(&oracle, &one, true);
    assert_false(oracle_settled(&oracle));
    turn = acts_turn(&await, 1);
    oracle_committed(&oracle, 1, &turn); /* the reader's own */
    assert_false(oracle_settled(&oracle));
    oracle_committed(&oracle, 0, &turn);
    assert_true(oracle_settled(&oracle));
    effects_free(&turn);
}

#define CASE(test)                                                             \
    cmocka_unit_test_setup_teardown(test, new_oracle, drop_oracle)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_was_acknowledged_and_is_read_breaks_nothing),
        CASE(an_acknowledgement_before_it_is_durable_is_seen),
        CASE(an_acknowledged_message_that_nobody_reads_is_missing),
        CASE(what_was_not_acknowledged_may_be_missing_and_may_be_read),
        CASE(a_message_read_twice_is_seen),
        CASE(a_message_altered_anywhere_is_seen),
        CASE(a_message_that_nobody_sent_to_its_reader_is_seen),
        CASE(a_forged_message_must_not_be_read_and_is_not_missing),
        CASE(numbers_out_of_the_order_of_the_channel_are_seen),
        CASE(in_a_later_epoch_a_message_may_keep_an_earlier_number),
        CASE(plaintext_is_seen_wherever_it_stands),
        CASE(it_is_settled_when_all_has_left_and_is_receipted),
        CASE(it_is_right_to_await_what_nobody_answered),
        CASE(what_was_answered_or_asks_nothing_is_not_to_be_awaited),
        CASE(overdue_too_late_or_too_soon_is_seen),
        CASE(it_is_settled_when_each_answer_was_heard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
