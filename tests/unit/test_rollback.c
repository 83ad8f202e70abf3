/* test_rollback.c - what a ledger knows of a node whose disk was set back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/rollback.h"
#include "tests/unit/logbook_acts.h"

static struct verdict  verdict;
static struct ledger   ledger;
static struct rollback rollback;

static void
commit(size_t who, struct record record)
{
    struct effects turn = acts_turn(&record, 1);

    ledger_committed(&ledger, who, &turn);
    effects_free(&turn);
}

static void
step(size_t who, struct record record)
{
    struct effects turn = acts_turn(&record, 1);

    ledger_stepped(&ledger, who, &turn);
    effects_free(&turn);
}

static const struct book *
book_of(size_t who)
{
    struct record record = acts_entry(RECORD_OUT_ENTRY, 0);

    return ledger_book_of(&ledger, who, &record.origin);
}

/* Both sides have two entries and a head; the backup of node 0 has the one. */
static int
make(void **state)
{
    (void)state;
    verdict = (struct verdict){0};
    ledger_init(&ledger, &verdict);
    ledger_node(&ledger, 0, &acts_node[0]);
    ledger_node(&ledger, 1, &acts_node[1]);
    commit(0, acts_entry(RECORD_OUT_ENTRY, 0));
    rollback_make(&rollback, &ledger, 0);
    commit(0, acts_entry(RECORD_OUT_ENTRY, 1));
    commit(0, acts_head(RECORD_OUT_HEAD, 2));
    commit(1, acts_leaves(0, 2));
    commit(1, acts_head(RECORD_IN_HEAD, 2));
    assert_false(verdict.broken);
    return 0;
}

static int
drop(void **state)
{
    (void)state;
    rollback_clear(&rollback);
    ledger_clear(&ledger);
    return 0;
}

static void
the_node_knows_what_it_knew_and_the_other_what_it_knows(void **state)
{
    (void)state;
    rollback_apply(&rollback, &ledger, 0);
    assert_int_equal(book_of(0)->count, 1);
    assert_int_equal(book_newest(&book_of(0)->heads), 0);
    assert_int_equal(book_of(1)->count, 2);
    assert_int_equal(book_newest(&book_of(1)->heads), 2);
}

/* A line that is slow still brings it. */
static void
what_left_before_may_still_come_and_nothing_beyond(void **state)
{
    (void)state;
    rollback_apply(&rollback, &ledger, 0);
    step(1, acts_leaves(0, 2));
    step(1, acts_head(RECORD_IN_HEAD, 2));
    assert_false(verdict.broken);
    step(1, acts_leaves(2, 3));
    assert_true(verdict.broken);
}

static void
what_was_promised_since_is_forgotten(void **state)
{
    struct record entry = acts_entry(RECORD_OUT_ENTRY, 1);

    (void)state;
    assert_true(promise_has(&ledger.promises, 0, &entry.id));
    rollback_apply(&rollback, &ledger, 0);
    assert_false(promise_has(&ledger.promises, 0, &entry.id));
    entry = acts_entry(RECORD_OUT_ENTRY, 0);
    assert_true(promise_has(&ledger.promises, 0, &entry.id));
}

/* The same entry again is no second one; another one is seen. */
static void
another_entry_under_an_index_that_the_peer_holds_is_seen(void **state)
{
    struct record entry = acts_entry(RECORD_OUT_ENTRY, 1);
    uint8_t       leaf[LEAF_LEN];
    struct reader in = reader_of(entry.leaf);

    (void)state;
    rollback_apply(&rollback, &ledger, 0);
    reader_copy(&in, leaf, sizeof(leaf));
    leaf[LEAF_LEN - 1] ^= 1;
    entry.leaf = SPAN_OF(leaf);
    commit(0, entry);
    assert_true(verdict.broken);
    assert_non_null(strstr(verdict.words, "another entry than the peer holds"));
}

#define ROLLBACK_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROLLBACK_TEST(the_node_knows_what_it_knew_and_the_other_what_it_knows),
        ROLLBACK_TEST(what_left_before_may_still_come_and_nothing_beyond),
        ROLLBACK_TEST(what_was_promised_since_is_forgotten),
        ROLLBACK_TEST(another_entry_under_an_index_that_the_peer_holds_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
