/* test_diskwatch.c - the room of a folder's disk is told, off the loop. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/diskwatch.h"

struct heard {
    size_t   count;
    uint64_t room;
};

static void
on_told(void *arg, uint64_t room)
{
    struct heard *heard = arg;

    heard->count++;
    heard->room = room;
}

static void
run_ms(uv_loop_t *loop, uint64_t ms)
{
    uint64_t end = uv_hrtime() + ms * 1000000;

    while (uv_hrtime() < end)
        uv_run(loop, UV_RUN_NOWAIT);
}

static void
the_room_of_a_disk_is_told_once_while_it_stays(void **state)
{
    struct heard      heard = {0};
    uv_loop_t         loop;
    struct diskwatch *watch;

    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    watch = diskwatch_new(&loop, "/tmp", on_told, &heard);
    run_ms(&loop, 200);
    assert_int_equal(heard.count, 1);
    run_ms(&loop, DISKWATCH_MS);
    assert_true(heard.count <= 2); /* the disk is not ours alone */
    diskwatch_free(watch);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void
after_a_refused_commit_room_is_told_again(void **state)
{
    struct heard      heard = {0};
    uv_loop_t         loop;
    struct diskwatch *watch;

    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    watch = diskwatch_new(&loop, "/tmp", on_told, &heard);
    run_ms(&loop, 200);
    if (heard.room == 0)
        skip(); /* nearly full indeed */
    heard.count = 0;
    diskwatch_told(watch, 0);
    run_ms(&loop, DISKWATCH_MS);
    assert_int_equal(heard.count, 1);
    diskwatch_free(watch);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void
a_folder_that_is_not_there_tells_nothing(void **state)
{
    struct heard      heard = {0};
    uv_loop_t         loop;
    struct diskwatch *watch;

    (void)state;
    assert_int_equal(uv_loop_init(&loop), 0);
    watch = diskwatch_new(&loop, "/nobody/is/here", on_told, &heard);
    run_ms(&loop, 100);
    assert_int_equal(heard.count, 0);
    diskwatch_free(watch);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
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
