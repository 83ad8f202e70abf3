#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/ledger.h"
#include "tests/unit/logbook_acts.h"

static struct verdict verdict;
static struct ledger  ledger;

static int
new_ledger(void **state)
{
    (void)state;
    verdict = (struct verdict){0};
    ledger_init(&ledger, &verdict);
    ledger_node(&ledger, 0, &acts_node[0]);
    ledger_node(&ledger, 1, &acts_node[1]);
    return 0;
}

static int
drop_ledger(void **state)
{
    (void)state;
    ledger_clear(&ledger);
    return 0;
}

static void
step(size_t who, struct record record)
{
    struct effects turn = acts_turn(&record, 1);

    ledger_stepped(&ledger, who, &turn);
    effects_free(&turn);
}

static void
commit(size_t who, struct record record)
{
    struct effects turn = acts_turn(&record, 1);

    ledger_committed(&ledger, who, &turn);
    effects_free(&turn);
}

static void
does(size_t who, struct record record)
{
    step(who, record);
    commit(who, record);
}

static void
assert_breaks(const char *words)
{
    assert_true(verdict.broken);
    assert_non_null(strstr(verdict.words, words));
}

/* Both ends have two entries, a head and a receipt. */
static void
all_goes_well(void)
{
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    does(0, acts_entry(RECORD_OUT_ENTRY, 1));
    does(0, acts_head(RECORD_OUT_HEAD, 2));
    does(1, acts_leaves(0, 2));
    does(1, acts_head(RECORD_IN_HEAD, 2));
    does(1, acts_entry(RECORD_IN_ENTRY, 1));
    does(1, acts_entry(RECORD_IN_ENTRY, 0));
    does(1, acts_head(RECORD_IN_COSIGNED, 2));
    does(0, acts_head(RECORD_OUT_COSIGNED, 2));
}

static void
what_is_done_in_order_breaks_nothing(void **state)
{
    (void)state;
    all_goes_well();
    assert_string_equal(verdict.words, "");
    assert_int_equal(ledger.book_count, 2);
}

static void
a_leaf_sent_before_it_is_durable_is_seen(void **state)
{
    (void)state;
    step(0, acts_entry(RECORD_OUT_ENTRY, 0));
    step(1, acts_leaves(0, 1));
    assert_breaks("a leaf that its sender had not made durable");
}

static void
a_head_sent_before_it_is_durable_is_seen(void **state)
{
    (void)state;
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    step(1, acts_head(RECORD_IN_HEAD, 1));
    assert_breaks("a head that its sender had not made durable");
}

static void
a_receipt_sent_before_it_is_durable_is_seen(void **state)
{
    (void)state;
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    does(0, acts_head(RECORD_OUT_HEAD, 1));
    does(1, acts_leaves(0, 1));
    does(1, acts_entry(RECORD_IN_ENTRY, 0));
    step(1, acts_head(RECORD_IN_COSIGNED, 1));
    step(0, acts_head(RECORD_OUT_COSIGNED, 1));
    assert_breaks("a receipt that its signer had not made durable");
}

static void
two_entries_of_one_index_are_seen(void **state)
{
    (void)state;
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    assert_breaks("two of one index");
}

static void
an_entry_taken_twice_is_seen(void **state)
{
    (void)state;
    all_goes_well();
    does(1, acts_entry(RECORD_IN_ENTRY, 1));
    assert_breaks("an entry taken twice");
}

static void
a_head_with_another_root_is_seen(void **state)
{
    struct record head = acts_head(RECORD_OUT_HEAD, 1);

    (void)state;
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    head.root[0] ^= 1;
    does(0, head);
    assert_breaks("root is not that of its leaves");
}

static void
a_receipt_over_a_body_that_is_not_here_is_seen(void **state)
{
    (void)state;
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    does(0, acts_head(RECORD_OUT_HEAD, 1));
    does(1, acts_leaves(0, 1));
    does(1, acts_head(RECORD_IN_COSIGNED, 1));
    assert_breaks("body that is not durable");
}

static void
a_body_refused_by_an_answer_may_be_receipted(void **state)
{
    struct record verdict_of = acts_record(RECORD_VERDICT);

    (void)state;
    verdict_of.count = 1;
    verdict_of.state = STATE_REFUSED;
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    does(0, acts_head(RECORD_OUT_HEAD, 1));
    does(1, acts_leaves(0, 1));
    does(1, verdict_of);
    does(1, acts_head(RECORD_IN_COSIGNED, 1));
    assert_false(verdict.broken);
}

static void
a_second_receipt_of_one_size_is_seen(void **state)
{
    (void)state;
    all_goes_well();
    does(1, acts_head(RECORD_IN_COSIGNED, 2));
    assert_breaks("not beyond the one before");
}

static void
a_closed_channel_gives_back_what_was_not_receipted(void **state)
{
    const struct message_id second = {{2}};

    (void)state;
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    does(0, acts_entry(RECORD_OUT_ENTRY, 1));
    does(0, acts_head(RECORD_OUT_HEAD, 2));
    commit(0, acts_head(RECORD_OUT_COSIGNED, 1));
    assert_int_equal(ledger.promises.list[1].state, PROMISE_LEFT);
    does(0, acts_record(RECORD_CLOSED));
    assert_int_equal(ledger.promises.list[0].state, PROMISE_LEFT);
    assert_int_equal(ledger.promises.list[1].state, PROMISE_WAITS);
    assert_memory_equal(ledger.promises.list[1].id.bytes, second.bytes,
                        sizeof(second.bytes));
}

static void
a_later_epoch_takes_the_place_of_an_earlier_one(void **state)
{
    struct record later = acts_entry(RECORD_OUT_ENTRY, 0);

    (void)state;
    does(0, acts_entry(RECORD_OUT_ENTRY, 0));
    assert_false(ledger_superseded(&ledger, ledger.books[0]));
    later.origin.epoch = 2;
    does(0, later);
    assert_true(ledger_superseded(&ledger, ledger.books[0]));
    assert_false(ledger_superseded(&ledger, ledger.books[1]));
}

static void
a_snapshot_says_nothing_new(void **state)
{
    const struct record records[] = {
        acts_record(RECORD_SNAPSHOT), acts_entry(RECORD_OUT_ENTRY, 0),
        acts_record(RECORD_SNAPSHOT_END), acts_entry(RECORD_OUT_ENTRY, 2)};
    struct effects turn = acts_turn(records, 4);

    (void)state;
    all_goes_well();
    ledger_committed(&ledger, 0, &turn);
    effects_free(&turn);
    assert_false(verdict.broken);
    assert_int_equal(ledger.books[0]->count, 3);
}

#define CASE(test)                                                             \
    cmocka_unit_test_setup_teardown(test, new_ledger, drop_ledger)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_done_in_order_breaks_nothing),
        CASE(a_leaf_sent_before_it_is_durable_is_seen),
        CASE(a_head_sent_before_it_is_durable_is_seen),
        CASE(a_receipt_sent_before_it_is_durable_is_seen),
        CASE(two_entries_of_one_index_are_seen),
        CASE(an_entry_taken_twice_is_seen),
        CASE(a_head_with_another_root_is_seen),
        CASE(a_receipt_over_a_body_that_is_not_here_is_seen),
        CASE(a_body_refused_by_an_answer_may_be_receipted),
        CASE(a_second_receipt_of_one_size_is_seen),
        CASE(a_closed_channel_gives_back_what_was_not_receipted),
        CASE(a_later_epoch_takes_the_place_of_an_earlier_one),
        CASE(a_snapshot_says_nothing_new),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
