/* test_committer.c - a commit blocks its own thread and never the loop. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/committer.h"

#include <stdatomic.h>
#include <unistd.h>

struct world {
    uv_loop_t             loop;
    struct committer     *committer;
    struct effects        effects;
    const struct effects *seen;
    uv_thread_t           seen_on;
    enum status           answer; /* of the store */
    bool                  due;
    atomic_bool           blocked; /* the store waits while it is set */
    atomic_int            committed;
    size_t                told;
    enum status           told_st;
    bool                  told_due;
};

static enum status
on_commit(void *arg, const struct effects *effects)
{
    struct world *world = arg;

    while (atomic_load(&world->blocked))
        usleep(1000);
    world->seen = effects;
    world->seen_on = uv_thread_self();
    atomic_fetch_add(&world->committed, 1);
    return world->answer;
}

static bool
on_due(void *arg)
{
    return ((struct world *)arg)->due;
}

static void
on_committed(void *arg, enum status st, bool due)
{
    struct world *world = arg;

    world->told++;
    world->told_st = st;
    world->told_due = due;
}

static void
begin(struct world *world)
{
    effects_init(&world->effects);
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->committer = committer_new(
        &world->loop,
        &(struct committer_store){world, on_commit, on_due, NULL, NULL},
        on_committed, world);
}

static void
finish(struct world *world)
{
    committer_free(world->committer);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
}

static void
until_told(struct world *world, size_t count)
{
    for (int i = 0; i < 10000 && world->told < count; i++) {
        uv_run(&world->loop, UV_RUN_NOWAIT);
        usleep(200);
    }
    assert_int_equal(world->told, count);
}

static void
a_commit_is_told_on_the_loop_and_done_on_another_thread(void **state)
{
    struct world world = {.due = true};
    uv_thread_t  here = uv_thread_self();

    (void)state;
    begin(&world);
    committer_start(world.committer, &world.effects);
    until_told(&world, 1);
    assert_int_equal(world.told_st, STATUS_OK);
    assert_true(world.told_due);
    assert_ptr_equal(world.seen, &world.effects);
    assert_false(uv_thread_equal(&here, &world.seen_on));
    finish(&world);
}

static void
the_loop_goes_on_while_a_commit_blocks(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    atomic_store(&world.blocked, true);
    committer_start(world.committer, &world.effects);
    for (int i = 0; i < 20; i++) {
        uv_run(&world.loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    assert_int_equal(world.told, 0);
    atomic_store(&world.blocked, false);
    until_told(&world, 1);
    finish(&world);
}

static void
the_same_effects_may_be_offered_again_after_no_space(void **state)
{
    struct world world = {.answer = STATUS_NO_SPACE, .due = true};

    (void)state;
    begin(&world);
    committer_start(world.committer, &world.effects);
    until_told(&world, 1);
    assert_int_equal(world.told_st, STATUS_NO_SPACE);
    assert_false(world.told_due); /* nothing was committed */
    world.answer = STATUS_OK;
    committer_start(world.committer, &world.effects);
    until_told(&world, 2);
    assert_int_equal(world.told_st, STATUS_OK);
    finish(&world);
}

static void
an_end_waits_for_the_commit_under_way_and_tells_nothing(void **state)
{
    struct world world = {0};

    (void)state;
    begin(&world);
    committer_start(world.committer, &world.effects);
    usleep(20000); /* taken */
    finish(&world);
    assert_int_equal(atomic_load(&world.committed), 1);
    assert_int_equal(world.told, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_commit_is_told_on_the_loop_and_done_on_another_thread),
        cmocka_unit_test(the_loop_goes_on_while_a_commit_blocks),
        cmocka_unit_test(the_same_effects_may_be_offered_again_after_no_space),
        cmocka_unit_test(
            an_end_waits_for_the_commit_under_way_and_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
