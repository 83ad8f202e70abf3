#include "tests/unit/log_pair.h"

/* --- bodies -------------------------------------------------------------- */

static void
a_body_with_the_digest_of_its_leaf_is_whole(void **state)
{
    struct log_pair *pair = *state;
    struct span      body = SPAN_EMPTY, sent;

    log_pair_commit(pair, 0, 1);
    sent = flight_body(&pair->channel->flight,
                       flight_at(&pair->channel->flight, 0));
    assert_int_equal(witness_piece(pair->witness, 0, 0,
                                   (struct span){sent.ptr, 10}, &body),
                     STATUS_AGAIN);
    assert_int_equal(
        witness_piece(pair->witness, 0, 10,
                      (struct span){sent.ptr + 10, sent.len - 10}, &body),
        STATUS_OK);
    assert_true(span_equal(body, sent));
}

static void
a_body_with_another_digest_is_refused(void **state)
{
    struct log_pair *pair = *state;
    struct span      body = SPAN_EMPTY, sent;
    uint8_t          other[1024];

    log_pair_commit(pair, 0, 1);
    sent = flight_body(&pair->channel->flight,
                       flight_at(&pair->channel->flight, 0));
    memcpy(other, sent.ptr, sent.len);
    other[3] ^= 1;
    assert_int_equal(witness_piece(pair->witness, 0, 0,
                                   (struct span){other, sent.len}, &body),
                     STATUS_BAD_PROOF);
    assert_non_null(witness_wanted(pair->witness, 0));
    assert_int_equal(log_pair_body(pair, 0), STATUS_OK);
}

static void
the_body_of_another_entry_is_refused(void **state)
{
    struct log_pair *pair = *state;
    struct span      body = SPAN_EMPTY;

    log_pair_commit(pair, 0, 2); /* of one length */
    assert_int_equal(
        witness_piece(pair->witness, 0, 0,
                      flight_body(&pair->channel->flight,
                                  flight_at(&pair->channel->flight, 1)),
                      &body),
        STATUS_BAD_PROOF);
}

static void
a_body_without_a_committed_leaf_is_refused(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 1);
    assert_int_equal(log_pair_leaves(pair, 0, 1), STATUS_OK);
    assert_int_equal(log_pair_body(pair, 0), STATUS_BAD_STATE);
}

static void
a_body_that_is_here_is_known(void **state)
{
    struct log_pair *pair = *state;

    log_pair_commit(pair, 0, 2);
    assert_int_equal(log_pair_body(pair, 1), STATUS_OK);
    assert_int_equal(log_pair_body(pair, 1), STATUS_DUPLICATE);
    assert_int_equal(log_pair_body(pair, 0), STATUS_OK);
    assert_int_equal(log_pair_body(pair, 0), STATUS_DUPLICATE);
}

/* A leaf that is no entry of ours may stand in the log; its body may not. */
static void
a_body_of_a_leaf_that_cannot_be_kept_is_refused(void **state)
{
    static const uint8_t   zeros[LIMIT_KEY];
    struct log_pair       *pair = *state;
    uint8_t                leaf[LEAF_LEN] = {0xff, 0xff, 5, 2, 0, 0, 0, 1};
    struct merkle_frontier frontier;
    struct digest          hash;
    struct head            head = {.size = 1};
    struct span            body = SPAN_EMPTY;

    assert_int_equal(witness_leaves(pair->witness, 0, zeros, zeros, 0,
                                    SPAN_OF(leaf)),
                     STATUS_OK);
    merkle_init(&frontier);
    merkle_leaf_hash(SPAN_OF(leaf), &hash);
    merkle_append(&frontier, &hash);
    merkle_root(&frontier, &head.root);
    assert_int_equal(log_pair_show(pair, &head), STATUS_OK);
    assert_int_equal(witness_piece(pair->witness, 0, 0, span_text("x"), &body),
                     STATUS_BAD_STATE);
    witness_settle(pair->witness, 0); /* refused */
    assert_int_equal(pair->witness->whole, 1);
}

/* --- receipts ------------------------------------------------------------ */

static void
the_receipt_waits_for_every_body_below(void **state)
{
    struct log_pair *pair = *state;

    log_pair_commit(pair, 0, 3);
    assert_int_equal(log_pair_body(pair, 2), STATUS_OK);
    assert_int_equal(log_pair_body(pair, 0), STATUS_OK);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosigned.size, 0);
    assert_int_equal(log_pair_body(pair, 1), STATUS_OK);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosigned.size, 3);
    assert_true(pair->witness->cosignature_due);
    assert_int_equal(cosignature_verify(origin_span(&pair->witness->text),
                                        &pair->channel->head,
                                        &pair->witness->cosignature,
                                        pair->witness_key.public_key),
                     STATUS_OK);
}

static void
the_largest_head_that_is_whole_is_cosigned_once(void **state)
{
    struct log_pair *pair = *state;

    for (uint64_t i = 0; i < 3; i++) {
        log_pair_commit(pair, i, i + 1);
    }
    assert_int_equal(log_pair_body(pair, 0), STATUS_OK);
    assert_int_equal(log_pair_body(pair, 1), STATUS_OK);
    log_pair_cosign(pair);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosigned.size, 2);
    assert_int_equal(one_turn_saves(pair->reader, RECORD_IN_COSIGNED), 1);
}

static void
times_of_receipts_never_fall(void **state)
{
    struct log_pair *pair = *state;
    uint64_t         time_s;

    log_pair_commit(pair, 0, 1);
    assert_int_equal(log_pair_body(pair, 0), STATUS_OK);
    log_pair_cosign(pair);
    time_s = pair->witness->cosignature.time_s;
    assert_int_equal(time_s, pair->reader->input.wall_ms / 1000);
    pair->reader->input.wall_ms -= 3600000;
    log_pair_commit(pair, 1, 2);
    assert_int_equal(log_pair_body(pair, 1), STATUS_OK);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosignature.time_s, time_s);
}

/* Batches go as their last body comes; what is left still opens. */
static void
a_long_log_is_held_no_longer_than_it_is_needed(void **state)
{
    struct log_pair *pair = *state;

    for (uint64_t i = 0; i < 500; i++) {
        log_pair_turn(pair, (uint8_t)(i % 100));
        log_pair_commit(pair, 2 * i, 2 * i + 2);
        assert_int_equal(log_pair_body(pair, 2 * i + 1), STATUS_OK);
        assert_int_equal(log_pair_body(pair, 2 * i), STATUS_OK);
        log_pair_cosign(pair);
        assert_int_equal(log_pair_receipt(pair), STATUS_OK);
        flight_pop(&pair->channel->flight);
        flight_pop(&pair->channel->flight);
    }
    assert_int_equal(pair->witness->whole, 1000);
    assert_int_equal(pair->witness->leaf_count, 0);
    assert_true(pair->witness->batch_count <= 1);
    assert_true(pair->witness->leaf_cap <= 16);
}

static void
a_lost_link_forgets_what_no_head_covers_and_nothing_else(void **state)
{
    struct log_pair *pair = *state;

    log_pair_commit(pair, 0, 2);
    log_pair_batch(pair, 1);
    assert_int_equal(log_pair_leaves(pair, 2, 3), STATUS_OK);
    witness_unlink(pair->witness);
    assert_int_equal(witness_staged(pair->witness), 2);
    assert_int_equal(log_pair_body(pair, 0), STATUS_OK);
    assert_int_equal(log_pair_leaves(pair, 2, 3), STATUS_OK);
    assert_int_equal(log_pair_head(pair), STATUS_OK);
}

/* --- from the journal ----------------------------------------------------- */

static void
a_restored_log_goes_on_where_it_was(void **state)
{
    struct log_pair *pair = *state;
    struct witness  *back = witness_new(&pair->channel->origin);
    struct record    missing = {.kind = RECORD_MISSING, .index = 1};
    struct witness  *before;

    log_pair_commit(pair, 0, 3);
    assert_int_equal(log_pair_body(pair, 0), STATUS_OK);
    assert_int_equal(log_pair_body(pair, 2), STATUS_OK);
    before = pair->witness;
    witness_restore(back, &before->frontier, before->whole, false);
    missing.leaf = SPAN_OF(witness_wanted(before, 1)->bytes);
    memcpy(missing.ephemeral, before->batches[0].ephemeral, LIMIT_KEY);
    memcpy(missing.salt, before->batches[0].salt, LIMIT_SALT);
    assert_int_equal(witness_restore_missing(back, &missing), STATUS_OK);
    assert_int_equal(
        witness_restore_head(back, &before->head, before->signature),
        STATUS_OK);
    pair->witness = back;
    assert_int_equal(log_pair_body(pair, 2), STATUS_DUPLICATE);
    assert_int_equal(log_pair_body(pair, 1), STATUS_OK);
    log_pair_cosign(pair);
    assert_int_equal(back->cosigned.size, 3);
    witness_free(before);
}

static void
what_does_not_fit_the_log_is_corrupt(void **state)
{
    struct log_pair *pair = *state;
    struct record    missing = {.kind = RECORD_MISSING, .index = 0};
    uint8_t          leaf[LEAF_LEN] = {0};
    struct head      head = {.size = 1};

    missing.leaf = SPAN_OF(leaf);
    assert_int_equal(witness_restore_missing(pair->witness, &missing),
                     STATUS_CORRUPT);
    assert_int_equal(
        witness_restore_head(pair->witness, &head, pair->channel->signature),
        STATUS_CORRUPT);
    log_pair_batch(pair, 1);
    assert_int_equal(log_pair_leaves(pair, 0, 1), STATUS_OK);
    head = pair->channel->head;
    head.root.bytes[0] ^= 1;
    assert_int_equal(
        witness_restore_head(pair->witness, &head, pair->channel->signature),
        STATUS_CORRUPT);
}

#define WITNESS_TEST(name)                                                     \
    cmocka_unit_test_setup_teardown(name, log_pair_make, log_pair_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITNESS_TEST(a_body_with_the_digest_of_its_leaf_is_whole),
        WITNESS_TEST(a_body_with_another_digest_is_refused),
        WITNESS_TEST(the_body_of_another_entry_is_refused),
        WITNESS_TEST(a_body_without_a_committed_leaf_is_refused),
        WITNESS_TEST(a_body_that_is_here_is_known),
        WITNESS_TEST(a_body_of_a_leaf_that_cannot_be_kept_is_refused),
        WITNESS_TEST(the_receipt_waits_for_every_body_below),
        WITNESS_TEST(the_largest_head_that_is_whole_is_cosigned_once),
        WITNESS_TEST(times_of_receipts_never_fall),
        WITNESS_TEST(a_long_log_is_held_no_longer_than_it_is_needed),
        WITNESS_TEST(a_lost_link_forgets_what_no_head_covers_and_nothing_else),
        WITNESS_TEST(a_restored_log_goes_on_where_it_was),
        WITNESS_TEST(what_does_not_fit_the_log_is_corrupt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
