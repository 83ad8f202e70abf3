/*
 * The committer writes while the indexer asks, as in the daemon.  Meant for a
 * build with -fsanitize=thread; in any build the answers must be right.
 */
#include "tests/unit/index_world.h"

#include <pthread.h>
#include <stdatomic.h>

enum { TURNS = 400 };

struct shared {
    struct world *world;
    atomic_bool   done;
    atomic_ulong  committed;
};

static void *
commit_turns(void *arg)
{
    struct shared *shared = arg;
    struct origin  origin = origin_from(1, 1);

    for (uint64_t i = 0; i < TURNS; i++) {
        struct effects *turn = turn_begin(shared->world);

        if (i % 10 == 0)
            world_put_key(turn, 100 + i);
        if (i % 10 == 5)
            world_destroy_key(turn, 95 + i);
        if (i % 150 == 149)
            world_save_snapshot(turn, i, "state");
        save_in(turn, &origin, i, 1000 + i, STATE_NEW, "x");
        turn_commit(shared->world, turn);
        (void)store_snapshot_due(shared->world->store);
        atomic_store(&shared->committed, i + 1);
    }
    atomic_store(&shared->done, true);
    return NULL;
}

/* cmocka's assertions are for the main thread, which asks. */
static void
questions_are_answered_while_turns_are_committed(void **state)
{
    struct world *world = *state;
    struct shared shared = {.world = world};
    pthread_t     committer;
    size_t        asked = 0;

    world_opened(world);
    assert_int_equal(pthread_create(&committer, NULL, commit_turns, &shared),
                     0);
    while (!atomic_load(&shared.done)) {
        unsigned long      before = atomic_load(&shared.committed);
        const struct rows *rows = list(world, false, 0, 5, NULL);

        assert_int_equal(rows->st, STATUS_OK);
        if (before > 0)
            assert_true(rows->list[rows->count - 1].row.index + 1 >= before);
        assert_int_equal(store_index_catch_up(world->store), STATUS_OK);
        asked++;
    }
    assert_int_equal(pthread_join(committer, NULL), 0);
    assert_true(asked > 0);
    assert_int_equal(list(world, false, 0, 500, NULL)->count, TURNS);
    world_reopen(world);
    assert_int_equal(list(world, false, 0, 500, NULL)->count, TURNS);
}

static int
begin(void **state)
{
    struct world *world = world_new(true);

    world->index_name = "index.db";
    *state = world;
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            questions_are_answered_while_turns_are_committed, begin, world_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
