#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/recall.h"
#include "tests/unit/logbook_acts.h"

static struct verdict verdict;
static struct ledger  ledger;
static struct recall  recall;

static void
commit(size_t who, struct record record)
{
    struct effects turn = acts_turn(&record, 1);

    ledger_committed(&ledger, who, &turn);
    effects_free(&turn);
}

/* Node 0 has one entry with head and receipt, and message 9 waits. */
static int
durable(void **state)
{
    struct record pending = {.kind = RECORD_PENDING, .id = {{9}}};

    (void)state;
    verdict = (struct verdict){0};
    ledger_init(&ledger, &verdict);
    ledger_node(&ledger, 0, &acts_node[0]);
    ledger_node(&ledger, 1, &acts_node[1]);
    commit(0, acts_entry(RECORD_OUT_ENTRY, 0));
    commit(0, acts_head(RECORD_OUT_HEAD, 1));
    commit(0, acts_head(RECORD_OUT_COSIGNED, 1));
    commit(0, pending);
    recall_begin(&recall, &ledger, 0);
    return 0;
}

static int
clear(void **state)
{
    (void)state;
    ledger_clear(&ledger);
    return 0;
}

static void
again(struct record record)
{
    recall_record(&recall, &record);
}

/* All that durable() made, but for what `but` names. */
static void
replay_all_but(enum record_kind but)
{
    struct record pending = {.kind = RECORD_PENDING, .id = {{9}}};

    if (but != RECORD_OUT_ENTRY)
        again(acts_entry(RECORD_OUT_ENTRY, 0));
    if (but != RECORD_OUT_HEAD)
        again(acts_head(RECORD_OUT_HEAD, 1));
    if (but != RECORD_OUT_COSIGNED)
        again(acts_head(RECORD_OUT_COSIGNED, 1));
    if (but != RECORD_PENDING)
        again(pending);
}

static void
assert_breaks(const char *words)
{
    assert_true(verdict.broken);
    assert_non_null(strstr(verdict.words, words));
}

static void
a_replay_of_all_breaks_nothing(void **state)
{
    (void)state;
    replay_all_but(0);
    recall_end(&recall);
    assert_string_equal(verdict.words, "");
}

static void
a_lost_leaf_head_receipt_or_message_is_seen(void **state)
{
    static const struct {
        enum record_kind kind;
        const char      *words;
    } cases[] = {
        {RECORD_OUT_ENTRY, "a leaf that was durable is gone"},
        {RECORD_OUT_HEAD, "a head that was durable is gone"},
        {RECORD_OUT_COSIGNED, "a receipt that was durable is gone"},
        {RECORD_PENDING, "message 0900"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        verdict = (struct verdict){0};
        recall_begin(&recall, &ledger, 0);
        replay_all_but(cases[i].kind);
        recall_end(&recall);
        assert_breaks(cases[i].words);
    }
}

static void
what_a_commit_without_an_end_left_is_taken_over(void **state)
{
    (void)state;
    replay_all_but(0);
    again(acts_entry(RECORD_OUT_ENTRY, 1));
    again(acts_head(RECORD_OUT_HEAD, 2));
    recall_end(&recall);
    assert_false(verdict.broken);
    assert_int_equal(ledger.books[0]->count, 2);
    assert_true(book_newest(&ledger.books[0]->heads) == 2);
    recall_begin(&recall, &ledger, 0);
    replay_all_but(0);
    recall_end(&recall);
    assert_breaks("gone");
}

/* The commit that brought it ended the process, and was durable. */
static void
an_answer_is_heard_when_only_the_replay_tells_it(void **state)
{
    const struct message_id id = {{9}};
    struct record           await = {.kind = RECORD_AWAIT,
                                     .outgoing = 1,
                                     .id = id,
                                     .state = AWAIT_WAITING};

    (void)state;
    replay_all_but(0);
    again(await);
    assert_false(promise_heard(&ledger.promises, 0, &id));
    await.state = AWAIT_SETTLED;
    await.outgoing = 0; /* what the node itself had to answer */
    again(await);
    assert_false(promise_heard(&ledger.promises, 0, &id));
    await.outgoing = 1;
    again(await);
    assert_true(promise_heard(&ledger.promises, 0, &id));
    assert_false(promise_heard(&ledger.promises, 1, &id));
}

static void
another_leaf_or_a_gap_is_seen(void **state)
{
    struct record other = acts_entry(RECORD_OUT_ENTRY, 0);

    (void)state;
    other.leaf = acts_leaf(5);
    again(other);
    assert_breaks("another leaf");
    verdict = (struct verdict){0};
    again(acts_entry(RECORD_OUT_ENTRY, 2));
    assert_breaks("gap");
}

/* OUT_CHANNEL with the frontier of the first `size` leaves. */
static struct record
snapshot_of(uint64_t size)
{
    static uint8_t         bytes[MERKLE_ENCODED_MAX];
    struct writer          out = writer_of(bytes, sizeof(bytes));
    struct record          record = acts_record(RECORD_OUT_CHANNEL);
    struct merkle_frontier frontier;
    struct digest          hash;

    merkle_init(&frontier);
    for (uint64_t i = 0; i < size; i++) {
        merkle_leaf_hash(acts_leaf(i), &hash);
        merkle_append(&frontier, &hash);
    }
    merkle_encode(&frontier, &out);
    record.bytes = writer_span(&out);
    return record;
}

static void
a_snapshot_stands_for_the_leaves_before_it(void **state)
{
    (void)state;
    again(snapshot_of(1));
    replay_all_but(RECORD_OUT_ENTRY);
    recall_end(&recall);
    assert_string_equal(verdict.words, "");
}

static void
a_snapshot_of_less_or_more_or_of_others_is_seen(void **state)
{
    struct record wrong;
    uint8_t       bytes[MERKLE_ENCODED_MAX];
    struct reader in;

    (void)state;
    again(snapshot_of(0));
    replay_all_but(RECORD_OUT_ENTRY);
    recall_end(&recall);
    assert_breaks("a leaf that was durable is gone");
    verdict = (struct verdict){0};
    again(snapshot_of(2));
    assert_breaks("more than was ever durable");
    verdict = (struct verdict){0};
    wrong = snapshot_of(1);
    in = reader_of(wrong.bytes);
    reader_copy(&in, bytes, wrong.bytes.len);
    bytes[wrong.bytes.len - 1] ^= 1;
    wrong.bytes.ptr = bytes;
    again(wrong);
    assert_breaks("another root");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, durable, clear)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_replay_of_all_breaks_nothing),
        CASE(a_lost_leaf_head_receipt_or_message_is_seen),
        CASE(what_a_commit_without_an_end_left_is_taken_over),
        CASE(an_answer_is_heard_when_only_the_replay_tells_it),
        CASE(another_leaf_or_a_gap_is_seen),
        CASE(a_snapshot_stands_for_the_leaves_before_it),
        CASE(a_snapshot_of_less_or_more_or_of_others_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
