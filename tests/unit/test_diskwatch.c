/* test_diskwatch.c - the room of a folder's disk is told, off the loop. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/diskwatch.h"

struct world {
    uv_loop_t         loop;
    struct diskwatch *watch;
    size_t            count; /* how often room was told */
    uint64_t          room;
};

static void
on_told(void *arg, uint64_t room, unsigned floor)
{
    struct world *world = arg;

    assert_int_equal(floor != 0, room == 0);

    world->count++;
    world->room = room;
}

static void
begin(struct world *world, const char *folder)
{
    *world = (struct world){0};
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->watch = diskwatch_new(&world->loop, folder, on_told, world);
}

static void
end(struct world *world)
{
    diskwatch_free(world->watch);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
}

static void
run_ms(struct world *world, uint64_t ms)
{
    uint64_t end = uv_hrtime() + ms * 1000000;

    while (uv_hrtime() < end)
        uv_run(&world->loop, UV_RUN_NOWAIT);
}

static void
the_room_of_a_disk_is_told_once_while_it_stays(void **state)
{
    struct world world;

    (void)state;
    begin(&world, "/tmp");
    run_ms(&world, 200);
    assert_int_equal(world.count, 1);
    run_ms(&world, DISKWATCH_MS);
    assert_true(world.count <= 2); /* the disk is not ours alone */
    end(&world);
}

static void
after_a_refused_commit_room_is_told_again(void **state)
{
    struct world world;

    (void)state;
    begin(&world, "/tmp");
    run_ms(&world, 200);
    if (world.room == 0)
        skip(); /* nearly full indeed */
    world.count = 0;
    diskwatch_forget(world.watch);
    run_ms(&world, DISKWATCH_MS);
    assert_int_equal(world.count, 1);
    end(&world);
}

static void
a_folder_that_is_not_there_tells_nothing(void **state)
{
    struct world world;

    (void)state;
    begin(&world, "/nobody/is/here");
    run_ms(&world, 100);
    assert_int_equal(world.count, 0);
    end(&world);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_room_of_a_disk_is_told_once_while_it_stays),
        cmocka_unit_test(after_a_refused_commit_room_is_told_again),
        cmocka_unit_test(a_folder_that_is_not_there_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
