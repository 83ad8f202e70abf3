#include "tests/unit/log_pair.h"

/* The writer's head over another root. */
static struct head
wrong_head(const struct log_pair *pair)
{
    struct head head = pair->channel->head;

    head.root.bytes[0] ^= 1;
    return head;
}

/* --- leaves -------------------------------------------------------------- */

static void
leaves_are_staged_and_nothing_is_saved_before_their_head(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 3);
    assert_int_equal(log_pair_leaves(pair, 0, 3), STATUS_OK);
    assert_int_equal(witness_staged(pair->witness), 3);
    assert_int_equal(pair->witness->head.size, 0);
    assert_int_equal(one_turn_count(pair->reader, EFFECT_SAVE), 0);
}

static void
a_batch_may_come_in_several_frames(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 3);
    assert_int_equal(log_pair_leaves(pair, 0, 1), STATUS_OK);
    assert_int_equal(log_pair_leaves(pair, 1, 3), STATUS_OK);
    assert_int_equal(log_pair_head(pair), STATUS_OK);
}

static void
leaves_begin_where_those_before_end(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 3);
    assert_int_equal(log_pair_leaves(pair, 1, 3), STATUS_BAD_STATE);
    assert_int_equal(log_pair_leaves(pair, 0, 2), STATUS_OK);
    assert_int_equal(log_pair_leaves(pair, 1, 3), STATUS_BAD_STATE);
    assert_int_equal(witness_staged(pair->witness), 2);
}

static void
leaves_of_a_wrong_length_are_no_leaves(void **state)
{
    static const uint8_t zeros[LIMIT_KEY];
    static uint8_t       leaves[2 * LEAF_LEN + 1];
    struct log_pair     *pair = *state;

    assert_int_equal(witness_leaves(pair->witness, 0, zeros, zeros, 0,
                                    SPAN_OF(leaves)),
                     STATUS_BAD_ENCODING);
    assert_int_equal(witness_leaves(pair->witness, 0, zeros, zeros, 0,
                                    SPAN_EMPTY),
                     STATUS_BAD_ENCODING);
}

static void
no_more_leaves_are_held_than_a_head_may_be_ahead(void **state)
{
    static const uint8_t zeros[LIMIT_KEY];
    static uint8_t       leaves[1024 * LEAF_LEN];
    struct log_pair     *pair = *state;

    for (uint64_t i = 0; i < LIMIT_HEAD_AHEAD; i += 1024)
        assert_int_equal(witness_leaves(pair->witness, 0, zeros, zeros, i,
                                        SPAN_OF(leaves)),
                         STATUS_OK);
    assert_int_equal(witness_leaves(pair->witness, 0, zeros, zeros,
                                    LIMIT_HEAD_AHEAD,
                                    (struct span){leaves, LEAF_LEN}),
                     STATUS_TOO_LARGE);
}

static enum status
leaves_as(struct log_pair *pair, uint64_t first, uint8_t key, uint64_t start)
{
    uint8_t ephemeral[LIMIT_KEY], salt[LIMIT_SALT], leaf[LEAF_LEN] = {0};

    memset(ephemeral, key, sizeof(ephemeral));
    memset(salt, key, sizeof(salt));
    return witness_leaves(pair->witness, first, ephemeral, salt, start,
                          SPAN_OF(leaf));
}

static void
a_batch_begins_at_its_first_leaf_or_goes_on_with_the_one_before(void **state)
{
    struct log_pair *pair = *state;

    assert_int_equal(leaves_as(pair, 1, 1, 0), STATUS_BAD_STATE);
    assert_int_equal(leaves_as(pair, 0, 1, 0), STATUS_OK);
    assert_int_equal(leaves_as(pair, 0, 1, 1), STATUS_OK);
    assert_int_equal(leaves_as(pair, 2, 2, 2), STATUS_OK);
    assert_int_equal(leaves_as(pair, 0, 1, 3), STATUS_BAD_STATE);
    assert_int_equal(leaves_as(pair, 1, 1, 3), STATUS_BAD_STATE);
    assert_int_equal(leaves_as(pair, 2, 3, 3), STATUS_BAD_STATE);
    assert_int_equal(leaves_as(pair, 2, 2, 3), STATUS_OK);
}

static void
a_head_ends_a_batch(void **state)
{
    struct log_pair *pair = *state;

    log_pair_commit(pair, 0, 2);
    assert_int_equal(
        leaves_as(pair, 0, pair->witness->batches[0].ephemeral[0], 2),
        STATUS_BAD_STATE);
    assert_int_equal(leaves_as(pair, 1, 1, 2), STATUS_BAD_STATE);
    assert_int_equal(leaves_as(pair, 2, 1, 2), STATUS_OK);
}

/* --- heads --------------------------------------------------------------- */

static void
a_signed_head_over_the_leaves_commits_and_saves_them(void **state)
{
    struct log_pair *pair = *state;
    struct record    leaves, head;

    log_pair_commit(pair, 0, 2);
    leaves = one_turn_saved(pair->reader, RECORD_IN_LEAVES, 0);
    head = one_turn_saved(pair->reader, RECORD_IN_HEAD, 0);
    assert_int_equal(leaves.index, 0);
    assert_int_equal(leaves.bytes.len, 2 * LEAF_LEN);
    assert_int_equal(head.size, 2);
    assert_memory_equal(head.signature, pair->channel->signature,
                        LIMIT_SIGNATURE);
    assert_true(head_equal(&pair->witness->head, &pair->channel->head));
}

static void
one_head_may_cover_several_batches_each_saved_as_its_own(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 2);
    log_pair_batch(pair, 1);
    assert_int_equal(log_pair_leaves(pair, 0, 2), STATUS_OK);
    assert_int_equal(log_pair_leaves(pair, 2, 3), STATUS_OK);
    assert_int_equal(log_pair_head(pair), STATUS_OK);
    assert_int_equal(one_turn_saves(pair->reader, RECORD_IN_LEAVES), 2);
    assert_int_equal(one_turn_saved(pair->reader, RECORD_IN_LEAVES, 1).first,
                     2);
}

static void
a_head_that_its_log_did_not_sign_changes_nothing(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 2);
    assert_int_equal(log_pair_leaves(pair, 0, 2), STATUS_OK);
    pair->channel->signature[0] ^= 1;
    assert_int_equal(log_pair_head(pair), STATUS_BAD_PROOF);
    assert_int_equal(pair->witness->head.size, 0);
    assert_int_equal(witness_staged(pair->witness), 2);
    assert_int_equal(one_turn_count(pair->reader, EFFECT_SAVE), 0);
}

static void
a_head_beyond_the_leaves_is_refused(void **state)
{
    struct log_pair *pair = *state;

    log_pair_batch(pair, 2);
    assert_int_equal(log_pair_leaves(pair, 0, 1), STATUS_OK);
    assert_int_equal(log_pair_head(pair), STATUS_BAD_STATE);
    assert_int_equal(pair->witness->head.size, 0);
}

static void
a_head_below_what_is_committed_is_refused(void **state)
{
    struct log_pair *pair = *state;
    struct head      first;

    log_pair_batch(pair, 1);
    first = pair->channel->head;
    log_pair_batch(pair, 1);
    assert_int_equal(log_pair_leaves(pair, 0, 1), STATUS_OK);
    assert_int_equal(log_pair_leaves(pair, 1, 2), STATUS_OK);
    assert_int_equal(log_pair_head(pair), STATUS_OK);
    assert_int_equal(log_pair_show(pair, &first), STATUS_BAD_STATE);
}

static void
a_head_too_far_ahead_is_refused(void **state)
{
    struct log_pair *pair = *state;
    struct head      head = {.size = LIMIT_HEAD_AHEAD + 1};

    assert_int_equal(log_pair_show(pair, &head), STATUS_TOO_LARGE);
    assert_false(pair->witness->stopped);
}

static void
the_same_head_again_is_harmless(void **state)
{
    struct log_pair *pair = *state;

    log_pair_commit(pair, 0, 2);
    assert_int_equal(log_pair_head(pair), STATUS_DUPLICATE);
    assert_int_equal(one_turn_saves(pair->reader, RECORD_IN_HEAD), 1);
}

/* --- wrong roots --------------------------------------------------------- */

static void
a_wrong_root_has_the_leaves_asked_for_once_more(void **state)
{
    struct log_pair *pair = *state;
    struct head      wrong;

    log_pair_batch(pair, 2);
    assert_int_equal(log_pair_leaves(pair, 0, 2), STATUS_OK);
    wrong = wrong_head(pair);
    assert_int_equal(log_pair_show(pair, &wrong), STATUS_BAD_ROOT);
    assert_true(pair->witness->leaves_due);
    assert_false(pair->witness->stopped);
    assert_int_equal(witness_staged(pair->witness), 0);
    assert_int_equal(log_pair_leaves(pair, 0, 2), STATUS_OK);
    assert_int_equal(log_pair_head(pair), STATUS_OK);
}

static void
a_root_that_is_wrong_again_stops_the_log_and_is_kept(void **state)
{
    struct log_pair *pair = *state;
    struct record    stopped;
    struct head      wrong;

    log_pair_batch(pair, 2);
    wrong = wrong_head(pair);
    assert_int_equal(log_pair_leaves(pair, 0, 2), STATUS_OK);
    assert_int_equal(log_pair_show(pair, &wrong), STATUS_BAD_ROOT);
    assert_int_equal(log_pair_leaves(pair, 0, 2), STATUS_OK);
    assert_int_equal(log_pair_show(pair, &wrong), STATUS_FORK);
    assert_true(pair->witness->stopped);
    stopped = one_turn_saved(pair->reader, RECORD_STOPPED, 0);
    assert_int_equal(stopped.size, 2);
    assert_memory_equal(stopped.root, wrong.root.bytes, LIMIT_DIGEST);
}

static void
a_lost_link_between_two_wrong_roots_is_no_excuse(void **state)
{
    struct log_pair *pair = *state;
    struct head      wrong;

    log_pair_batch(pair, 2);
    wrong = wrong_head(pair);
    assert_int_equal(log_pair_leaves(pair, 0, 2), STATUS_OK);
    assert_int_equal(log_pair_show(pair, &wrong), STATUS_BAD_ROOT);
    witness_unlink(pair->witness);
    assert_int_equal(log_pair_leaves(pair, 0, 2), STATUS_OK);
    assert_int_equal(log_pair_show(pair, &wrong), STATUS_FORK);
}

static void
a_good_head_forgives_a_wrong_one_before(void **state)
{
    struct log_pair *pair = *state;
    struct head      wrong;

    log_pair_batch(pair, 1);
    wrong = wrong_head(pair);
    assert_int_equal(log_pair_leaves(pair, 0, 1), STATUS_OK);
    assert_int_equal(log_pair_show(pair, &wrong), STATUS_BAD_ROOT);
    assert_int_equal(log_pair_leaves(pair, 0, 1), STATUS_OK);
    assert_int_equal(log_pair_head(pair), STATUS_OK);
    log_pair_batch(pair, 1);
    wrong = wrong_head(pair);
    assert_int_equal(log_pair_leaves(pair, 1, 2), STATUS_OK);
    assert_int_equal(log_pair_show(pair, &wrong), STATUS_BAD_ROOT);
    assert_int_equal(pair->witness->head.size, 1);
    assert_int_equal(witness_staged(pair->witness), 1);
}

static void
another_root_of_a_size_that_is_held_stops_the_log(void **state)
{
    struct log_pair *pair = *state;
    struct head      other;

    log_pair_commit(pair, 0, 2);
    other = wrong_head(pair);
    assert_int_equal(log_pair_show(pair, &other), STATUS_FORK);
    assert_int_equal(one_turn_saves(pair->reader, RECORD_STOPPED), 1);
}

static void
nothing_is_taken_or_cosigned_once_it_has_stopped(void **state)
{
    struct log_pair *pair = *state;
    struct head      other;

    log_pair_commit(pair, 0, 1);
    other = wrong_head(pair);
    assert_int_equal(log_pair_show(pair, &other), STATUS_FORK);
    assert_int_equal(log_pair_body(pair, 0), STATUS_OK);
    log_pair_cosign(pair);
    assert_int_equal(pair->witness->cosigned.size, 0);
    assert_int_equal(one_turn_saves(pair->reader, RECORD_IN_COSIGNED), 0);
    log_pair_batch(pair, 1);
    assert_int_equal(log_pair_leaves(pair, 1, 2), STATUS_BAD_STATE);
    assert_int_equal(log_pair_head(pair), STATUS_BAD_STATE);
}

#define WITNESS_TEST(name)                                                     \
    cmocka_unit_test_setup_teardown(name, log_pair_make, log_pair_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITNESS_TEST(leaves_are_staged_and_nothing_is_saved_before_their_head),
        WITNESS_TEST(a_batch_may_come_in_several_frames),
        WITNESS_TEST(leaves_begin_where_those_before_end),
        WITNESS_TEST(leaves_of_a_wrong_length_are_no_leaves),
        WITNESS_TEST(no_more_leaves_are_held_than_a_head_may_be_ahead),
        WITNESS_TEST(
            a_batch_begins_at_its_first_leaf_or_goes_on_with_the_one_before),
        WITNESS_TEST(a_head_ends_a_batch),
        WITNESS_TEST(a_signed_head_over_the_leaves_commits_and_saves_them),
        WITNESS_TEST(one_head_may_cover_several_batches_each_saved_as_its_own),
        WITNESS_TEST(a_head_that_its_log_did_not_sign_changes_nothing),
        WITNESS_TEST(a_head_beyond_the_leaves_is_refused),
        WITNESS_TEST(a_head_below_what_is_committed_is_refused),
        WITNESS_TEST(a_head_too_far_ahead_is_refused),
        WITNESS_TEST(the_same_head_again_is_harmless),
        WITNESS_TEST(a_wrong_root_has_the_leaves_asked_for_once_more),
        WITNESS_TEST(a_root_that_is_wrong_again_stops_the_log_and_is_kept),
        WITNESS_TEST(a_lost_link_between_two_wrong_roots_is_no_excuse),
        WITNESS_TEST(a_good_head_forgives_a_wrong_one_before),
        WITNESS_TEST(another_root_of_a_size_that_is_held_stops_the_log),
        WITNESS_TEST(nothing_is_taken_or_cosigned_once_it_has_stopped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
