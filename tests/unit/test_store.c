#include "tests/unit/store_world.h"

/* --- the contract, on every disk ----------------------------------------- */

static void
what_was_committed_comes_back_in_order_with_its_secrets(void **state)
{
    struct world *world = *state;

    world_opened(world);
    world_say(world, 1, "tea?");
    world_say(world, 2, "at four");
    world_reopen(world);
    world_expect(world, 1, 2);
    assert_string_equal(world->notes[0].words, "tea?");
    assert_string_equal(world->notes[1].words, "at four");
}

static void
a_new_home_has_an_empty_journal_and_has_lost_nothing(void **state)
{
    struct world *world = *state;

    world_opened(world);
    world_replay(world);
    assert_int_equal(world->note_count, 0);
    assert_int_equal(store_sequence(world->store), 0);
    assert_false(store_state_lost(world->store));
    world_reopen(world);
    assert_int_equal(world->note_count, 0);
    assert_false(store_state_lost(world->store));
}

static void
each_commit_is_one_more_group_and_reopening_is_none(void **state)
{
    struct world *world = *state;

    world_opened(world);
    for (uint64_t i = 1; i <= 5; i++) {
        world_say(world, i, "x");
        assert_int_equal(store_sequence(world->store), i);
        world_reopen(world);
        assert_int_equal(store_sequence(world->store), i);
        world_expect(world, 1, i);
    }
}

static void
a_secret_whose_vault_key_was_destroyed_comes_back_empty(void **state)
{
    struct world  *world = *state;
    struct effects effects;

    world_opened(world);
    world_turn(world, &effects);
    world_put_key(&effects, 7);
    world_put_key(&effects, 8);
    world_save(&effects, 1, 7, "goes");
    world_save(&effects, 2, 8, "stays");
    assert_int_equal(store_commit(world->store, &effects), STATUS_OK);
    effects_clear(&effects);
    world_destroy_key(&effects, 7);
    assert_int_equal(store_commit(world->store, &effects), STATUS_OK);
    effects_free(&effects);
    world_replay(world);
    assert_string_equal(world->notes[0].words, "");
    assert_string_equal(world->notes[1].words, "stays");
    world_reopen(world);
    world_expect(world, 1, 2);
    assert_string_equal(world->notes[0].words, "");
    assert_string_equal(world->notes[1].words, "stays");
}

static void
a_snapshot_is_where_replay_begins(void **state)
{
    struct world *world = *state;

    world_opened(world);
    world_say(world, 1, "old");
    world_snapshot(world, 2, "state");
    world_say(world, 3, "new");
    world_replay(world);
    world_expect(world, 2, 3);
    world_reopen(world);
    world_expect(world, 2, 3);
    world_reopen(world);
    world_expect(world, 2, 3);
}

static void
a_journal_grows_over_many_segments(void **state)
{
    struct world *world = *state;

    world_opened(world);
    for (uint64_t i = 1; i <= 100; i++)
        world_say(world, i, "one page each, and 31 to a segment");
    world_reopen(world);
    world_expect(world, 1, 100);
}

static void
a_group_longer_than_a_segment_gets_a_segment_of_its_own(void **state)
{
    struct world  *world = *state;
    struct effects effects;
    static char    words[60];

    memset(words, 'w', sizeof(words) - 1);
    world_opened(world);
    world_say(world, 1, "x");
    world_turn(world, &effects);
    world_put_key(&effects, WORLD_VAULT);
    for (unsigned i = 0; i < 3000; i++)
        world_save(&effects, 2, WORLD_VAULT, words);
    assert_int_equal(store_commit(world->store, &effects), STATUS_OK);
    effects_free(&effects);
    assert_int_equal(store_sequence(world->store), 2);
    world_close(world);
    world_opened(world);
    assert_int_equal(store_sequence(world->store), 2);
}

static void
a_snapshot_is_due_once_replay_has_grown_to_a_segment(void **state)
{
    struct world *world = *state;
    uint64_t      i = 0;

    world_opened(world);
    assert_false(store_snapshot_due(world->store));
    while (!store_snapshot_due(world->store) && i < 10000)
        world_say(world, ++i, "x");
    assert_in_range(i, 100, 1000);
    world_snapshot(world, i, "state");
    assert_false(store_snapshot_due(world->store));
}

static void
another_storage_key_opens_nothing_and_changes_nothing(void **state)
{
    struct world        *world = *state;
    struct store_options options = {.segment_len = WORLD_SEGMENT};
    struct store        *other = NULL;

    world_opened(world);
    world_say(world, 1, "x");
    store_close(world->store);
    world->store = NULL;
    options.disk = world->disk;
    options.storage_key = world_key(99);
    options.seed = world_key(98);
    assert_int_equal(store_open(&options, &other, world->why), STATUS_CORRUPT);
    assert_non_null(strstr(world->why, "keyring"));
    world_reopen(world);
    world_expect(world, 1, 1);
}

#define CONTRACT(test)                                                         \
    cmocka_unit_test_setup_teardown(test, world_on_sim, world_end),            \
        cmocka_unit_test_setup_teardown(test, world_on_posix, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT(what_was_committed_comes_back_in_order_with_its_secrets),
        CONTRACT(a_new_home_has_an_empty_journal_and_has_lost_nothing),
        CONTRACT(each_commit_is_one_more_group_and_reopening_is_none),
        CONTRACT(a_secret_whose_vault_key_was_destroyed_comes_back_empty),
        CONTRACT(a_snapshot_is_where_replay_begins),
        CONTRACT(a_journal_grows_over_many_segments),
        CONTRACT(a_group_longer_than_a_segment_gets_a_segment_of_its_own),
        CONTRACT(a_snapshot_is_due_once_replay_has_grown_to_a_segment),
        CONTRACT(another_storage_key_opens_nothing_and_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
