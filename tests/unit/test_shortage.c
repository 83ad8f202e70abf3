/* A disk without room: told once, tried again, and over when a commit is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/net/shortage.h"
#include "proto/leaf.h"

struct world {
    uv_loop_t        loop;
    struct shortage *shortage;
    bool             withheld;
    size_t           told;
    uint64_t         room;
    unsigned         floor;
    size_t           tried;
    unsigned         own; /* the store's floor */
    size_t           mended;
};

static void
on_room(void *arg, uint64_t room, unsigned floor)
{
    struct world *world = arg;

    world->told++;
    world->room = room;
    world->floor = floor;
}

static bool
on_withheld(void *arg)
{
    return ((struct world *)arg)->withheld;
}

static void
on_again(void *arg)
{
    ((struct world *)arg)->tried++;
}

static unsigned
on_floor(void *arg)
{
    return ((struct world *)arg)->own;
}

static void
on_mend(void *arg)
{
    ((struct world *)arg)->mended++;
}

static const struct shortage_ops ops = {on_room, on_withheld, on_again,
                                        on_floor, on_mend};

static int
make(void **state)
{
    static struct world world;

    world = (struct world){.withheld = false};
    assert_int_equal(uv_loop_init(&world.loop), 0);
    world.shortage = shortage_new(&world.loop, &ops, &world);
    *state = &world;
    return 0;
}

static int
drop(void **state)
{
    struct world *world = *state;

    shortage_free(world->shortage);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    return uv_loop_close(&world->loop);
}

static void
run_ms(struct world *world, uint64_t ms)
{
    uint64_t end = uv_hrtime() + ms * 1000000;

    while (uv_hrtime() < end)
        uv_run(&world->loop, UV_RUN_NOWAIT);
}

static void
refuse(struct world *world)
{
    world->withheld = true;
    shortage_refused(world->shortage);
}

static void
a_refused_commit_is_told_once_and_tried_again(void **state)
{
    struct world *world = *state;

    refuse(world);
    refuse(world);
    assert_int_equal(world->told, 1);
    assert_int_equal(world->room, 0);
    assert_int_equal(world->floor, PRECEDENCE_COUNT);
    assert_int_equal(world->tried, 0);
    run_ms(world, SHORTAGE_RETRY_MS + 100);
    assert_int_equal(world->tried, 1);
}

static void
what_only_the_store_is_short_of_is_told_mended_and_over(void **state)
{
    struct world *world = *state;

    world->own = PRECEDENCE_FLASH;
    shortage_over(world->shortage); /* a commit was done */
    assert_int_equal(world->floor, PRECEDENCE_FLASH);
    assert_int_equal(world->mended, 1);
    run_ms(world, SHORTAGE_RETRY_MS + 100);
    assert_int_equal(world->mended, 2);
    world->own = PRECEDENCE_COUNT;
    shortage_over(world->shortage);
    assert_int_equal(world->floor, PRECEDENCE_COUNT);
    world->own = 0;
    run_ms(world, SHORTAGE_RETRY_MS + 100);
    assert_int_equal(world->floor, 0);
}

static void
a_core_that_has_forgotten_a_shortage_is_told_again(void **state)
{
    struct world *world = *state;

    shortage_repeat(world->shortage);
    assert_int_equal(world->told, 0);
    refuse(world);
    shortage_repeat(world->shortage);
    assert_int_equal(world->told, 2);
    assert_int_equal(world->floor, PRECEDENCE_COUNT);
}

static void
what_is_withheld_no_more_is_not_tried(void **state)
{
    struct world *world = *state;

    refuse(world);
    world->withheld = false;
    shortage_over(world->shortage);
    run_ms(world, SHORTAGE_RETRY_MS + 100);
    assert_int_equal(world->tried, 0);
}

static void
room_that_is_seen_is_told_but_not_while_a_commit_waits(void **state)
{
    struct world *world = *state;

    refuse(world);
    shortage_watch(world->shortage, "/tmp");
    run_ms(world, 200);
    assert_int_equal(world->told, 1);
    shortage_free(world->shortage);
    world->withheld = false;
    world->shortage = shortage_new(&world->loop, &ops, world);
    shortage_watch(world->shortage, "/tmp");
    run_ms(world, 200);
    assert_int_equal(world->told, 2);
}

#define SHORTAGE_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SHORTAGE_TEST(a_refused_commit_is_told_once_and_tried_again),
        SHORTAGE_TEST(what_only_the_store_is_short_of_is_told_mended_and_over),
        SHORTAGE_TEST(a_core_that_has_forgotten_a_shortage_is_told_again),
        SHORTAGE_TEST(what_is_withheld_no_more_is_not_tried),
        SHORTAGE_TEST(room_that_is_seen_is_told_but_not_while_a_commit_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
