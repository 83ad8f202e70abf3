/*
 * test_receipt.c - what a witness cosigns, and what it cosigns no more once it
 * was shown that it has forgotten.
 */
#include "node/core/log/receipt.h"
#include "tests/unit/log_pair.h"

enum { BATCHES = 3, BATCH = 2, ALL = BATCHES * BATCH };

/* Batches are appended and signed; nothing is with the reader yet. */
struct signed_heads {
    struct log_pair *pair;
    struct head      head[BATCHES];
    uint8_t          signature[BATCHES][LIMIT_SIGNATURE];
};

static int
make(void **state)
{
    struct signed_heads *all = calloc(1, sizeof(*all));

    all->pair = log_pair_new();
    for (size_t i = 0; i < BATCHES; i++) {
        log_pair_turn(all->pair, (uint8_t)(i + 2));
        log_pair_batch(all->pair, BATCH);
        all->head[i] = all->pair->channel->head;
        memcpy(all->signature[i], all->pair->channel->signature,
               LIMIT_SIGNATURE);
    }
    *state = all;
    return 0;
}

static int
drop(void **state)
{
    struct signed_heads *all = *state;

    log_pair_free(all->pair);
    free(all);
    return 0;
}

/* The n-th batch arrives: leaves, head, and its bodies if `whole`. */
static enum status
arrives(struct signed_heads *all, size_t n, bool whole)
{
    struct log_pair *pair = all->pair;
    enum status      st;

    assert_int_equal(log_pair_leaves(pair, n * BATCH, (n + 1) * BATCH),
                     STATUS_OK);
    st = witness_head(pair->witness, &pair->reader->turn, &all->head[n],
                      all->signature[n], pair->log.public_key);
    for (uint64_t i = n * BATCH; st == STATUS_OK && whole &&
                                 i < (n + 1) * BATCH; i++)
        assert_int_equal(log_pair_body(pair, i), STATUS_OK);
    return st;
}

/* What the reader cosigned before its disk was set back. */
static struct cosignature
signed_before(const struct signed_heads *all, size_t n, uint64_t time_s)
{
    struct cosignature out;

    cosignature_sign(origin_span(&all->pair->witness->text), &all->head[n],
                     time_s, &all->pair->witness_key, &out);
    return out;
}

static enum status
shown(struct signed_heads *all, size_t n, const struct cosignature *cosignature)
{
    return receipt_shown(all->pair->witness, &all->head[n], cosignature,
                         all->pair->witness_key.public_key);
}

static void
the_largest_head_that_is_whole_is_cosigned_once(void **state)
{
    struct signed_heads *all = *state;
    struct log_pair     *pair = all->pair;

    log_pair_cosign(pair);
    assert_int_equal(one_turn_saves(pair->reader, RECORD_IN_COSIGNED), 0);
    assert_int_equal(arrives(all, 0, true), STATUS_OK);
    assert_int_equal(arrives(all, 1, true), STATUS_OK);
    assert_int_equal(arrives(all, 2, false), STATUS_OK);
    log_pair_cosign(pair);
    log_pair_cosign(pair);
    assert_int_equal(one_turn_saves(pair->reader, RECORD_IN_COSIGNED), 1);
    assert_int_equal(pair->witness->cosigned.size, 2 * BATCH);
    assert_true(pair->witness->cosignature_due);
    assert_int_equal(log_pair_receipt(pair), STATUS_OK);
}

static void
a_time_never_falls(void **state)
{
    struct signed_heads *all = *state;
    uint64_t             first;

    assert_int_equal(arrives(all, 0, true), STATUS_OK);
    log_pair_cosign(all->pair);
    first = all->pair->witness->cosignature.time_s;
    all->pair->reader->input.wall_ms -= 3600000;
    assert_int_equal(arrives(all, 1, true), STATUS_OK);
    log_pair_cosign(all->pair);
    assert_int_equal(all->pair->witness->cosigned.size, 2 * BATCH);
    assert_int_equal(all->pair->witness->cosignature.time_s, first);
}

static void
below_what_was_cosigned_and_lost_nothing_is_cosigned(void **state)
{
    struct signed_heads *all = *state;
    struct log_pair     *pair = all->pair;
    struct cosignature   before = signed_before(all, 1, 1770000000);

    assert_int_equal(arrives(all, 0, true), STATUS_OK);
    assert_int_equal(shown(all, 1, &before), STATUS_OK);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosigned.size, 0);
    assert_int_equal(one_turn_saves(pair->reader, RECORD_IN_COSIGNED), 0);
}

static void
what_was_cosigned_and_lost_is_cosigned_again_to_the_same_bytes(void **state)
{
    struct signed_heads *all = *state;
    struct log_pair     *pair = all->pair;
    struct cosignature   before = signed_before(all, 1, 1770000000);

    assert_int_equal(shown(all, 1, &before), STATUS_OK);
    assert_int_equal(arrives(all, 0, true), STATUS_OK);
    assert_int_equal(arrives(all, 1, true), STATUS_OK);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosigned.size, 2 * BATCH);
    assert_memory_equal(pair->witness->cosignature.signature,
                        before.signature, LIMIT_SIGNATURE);
    assert_int_equal(arrives(all, 2, true), STATUS_OK);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosigned.size, ALL);
    assert_int_equal(pair->witness->cosignature.time_s, 1770000000);
}

/* The disk was lost after the larger head was cosigned, and a smaller one was
 * cosigned since: the stored bytes cannot be sent again, as their time fell. */
static void
a_lost_receipt_shown_late_does_not_set_the_time_back(void **state)
{
    struct signed_heads *all = *state;
    struct log_pair     *pair = all->pair;
    struct cosignature   before;
    uint64_t             since;

    assert_int_equal(arrives(all, 0, true), STATUS_OK);
    log_pair_cosign(pair);
    since = pair->witness->cosignature.time_s;
    before = signed_before(all, 1, since - 60);
    assert_int_equal(shown(all, 1, &before), STATUS_OK);
    pair->reader->input.wall_ms -= 3600000;
    assert_int_equal(arrives(all, 1, true), STATUS_OK);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosigned.size, 2 * BATCH);
    assert_int_equal(pair->witness->cosignature.time_s, since);
}

static void
a_cosignature_that_is_not_ours_changes_nothing(void **state)
{
    struct signed_heads *all = *state;
    struct cosignature   before = signed_before(all, 1, 1770000000);

    before.time_s++;
    assert_int_equal(shown(all, 1, &before), STATUS_BAD_PROOF);
    assert_int_equal(arrives(all, 0, true), STATUS_OK);
    log_pair_cosign(all->pair);
    assert_int_equal(all->pair->witness->cosigned.size, BATCH);
}

static void
what_is_known_to_be_cosigned_may_be_shown(void **state)
{
    struct signed_heads *all = *state;
    struct cosignature   ours;

    assert_int_equal(arrives(all, 0, true), STATUS_OK);
    log_pair_cosign(all->pair);
    ours = all->pair->witness->cosignature;
    assert_int_equal(shown(all, 0, &ours), STATUS_OK);
    assert_int_equal(arrives(all, 1, true), STATUS_OK);
    log_pair_cosign(all->pair);
    assert_int_equal(all->pair->witness->cosigned.size, 2 * BATCH);
}

/* The writer signed two heads of one size. */
static void
another_root_for_a_size_that_was_cosigned_stops_the_log(void **state)
{
    struct signed_heads *all = *state;
    struct log_pair     *pair = all->pair;
    struct cosignature   before;
    struct head          right = all->head[0];

    all->head[0].root.bytes[0] ^= 1;
    before = signed_before(all, 0, 1770000000);
    assert_int_equal(shown(all, 0, &before), STATUS_OK);
    all->head[0] = right;
    assert_int_equal(arrives(all, 0, false), STATUS_FORK);
    assert_true(pair->witness->stopped);
    assert_int_equal(one_turn_saves(pair->reader, RECORD_STOPPED), 1);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosigned.size, 0);
}

#define RECEIPT_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RECEIPT_TEST(the_largest_head_that_is_whole_is_cosigned_once),
        RECEIPT_TEST(a_time_never_falls),
        RECEIPT_TEST(below_what_was_cosigned_and_lost_nothing_is_cosigned),
        RECEIPT_TEST(
            what_was_cosigned_and_lost_is_cosigned_again_to_the_same_bytes),
        RECEIPT_TEST(a_lost_receipt_shown_late_does_not_set_the_time_back),
        RECEIPT_TEST(a_cosignature_that_is_not_ours_changes_nothing),
        RECEIPT_TEST(what_is_known_to_be_cosigned_may_be_shown),
        RECEIPT_TEST(another_root_for_a_size_that_was_cosigned_stops_the_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
