/* test_spool.c - bytes reach a file without the caller waiting for it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/spool.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct world {
    char          folder[64];
    char          path[96];
    struct spool *spool;
};

static int
setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    snprintf(world->folder, sizeof(world->folder), "/tmp/entente-test-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    snprintf(world->path, sizeof(world->path), "%s/file", world->folder);
    *state = world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;

    unlink(world->path);
    assert_int_equal(rmdir(world->folder), 0);
    free(world);
    return 0;
}

static size_t
file_len(const struct world *world)
{
    struct stat info;

    assert_int_equal(stat(world->path, &info), 0);
    return (size_t)info.st_size;
}

static void
all_that_was_put_is_in_the_file_in_order(void **state)
{
    struct world *world = *state;
    char          in[8000];
    int           fd;

    assert_int_equal(spool_open(world->path, &world->spool), STATUS_OK);
    for (int i = 0; i < 1000; i++) {
        char number[8];

        snprintf(number, sizeof(number), "%07d", i);
        assert_int_equal(spool_put(world->spool, span_text(number)),
                         STATUS_OK);
    }
    assert_int_equal(spool_close(world->spool), STATUS_OK);
    fd = open(world->path, O_RDONLY);
    assert_int_equal(read(fd, in, sizeof(in)), 7000);
    assert_memory_equal(in, "0000000000000100000020000003", 28);
    assert_memory_equal(in + 6993, "0000999", 7);
    close(fd);
}

static void
the_file_is_new_and_its_owners_alone(void **state)
{
    struct world *world = *state;
    struct stat   info;

    assert_int_equal(spool_open(world->path, &world->spool), STATUS_OK);
    assert_int_equal(stat(world->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(spool_close(world->spool), STATUS_OK);
    assert_int_equal(spool_open(world->path, &world->spool), STATUS_EXISTS);
    assert_int_equal(spool_open("/nobody/is/here", &world->spool),
                     STATUS_NOT_FOUND);
}

static void
a_full_disk_ends_the_file_after_a_whole_put(void **state)
{
    struct world *world = *state;
    struct rlimit before, small;
    uint8_t       bytes[1000] = {0};

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    small = before;
    small.rlim_cur = 2500;
    assert_int_equal(spool_open(world->path, &world->spool), STATUS_OK);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; i < 5; i++) {
        enum status st = spool_put(world->spool, SPAN_OF(bytes));

        assert_true(st == STATUS_OK || st == STATUS_NO_SPACE);
    }
    assert_int_equal(spool_close(world->spool), STATUS_NO_SPACE);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(file_len(world), 2000);
}

static void
what_follows_goes_into_the_next_file_and_another_goes(void **state)
{
    struct world *world = *state;
    char          next[128];
    struct stat   info;

    snprintf(next, sizeof(next), "%s-2", world->path);
    assert_int_equal(spool_open(world->path, &world->spool), STATUS_OK);
    assert_int_equal(spool_put(world->spool, span_text("one")), STATUS_OK);
    assert_int_equal(spool_next(world->spool, next, world->path), STATUS_OK);
    assert_int_equal(spool_put(world->spool, span_text("and two")), STATUS_OK);
    assert_int_equal(spool_close(world->spool), STATUS_OK);
    assert_int_equal(access(world->path, F_OK), -1);
    assert_int_equal(stat(next, &info), 0);
    assert_int_equal(info.st_size, 7);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(unlink(next), 0);
}

static void
a_next_file_that_is_there_already_is_left_alone(void **state)
{
    struct world *world = *state;

    assert_int_equal(spool_open(world->path, &world->spool), STATUS_OK);
    assert_int_equal(spool_put(world->spool, span_text("one")), STATUS_OK);
    assert_int_equal(spool_next(world->spool, world->path, NULL), STATUS_OK);
    assert_int_equal(spool_close(world->spool), STATUS_EXISTS);
    assert_int_equal(file_len(world), 3);
}

static void
what_waits_is_bounded(void **state)
{
    struct world *world = *state;
    size_t        len = SPOOL_MAX / 2 + 1;
    uint8_t      *bytes = calloc(1, len);
    enum status   st;

    assert_non_null(bytes);
    assert_int_equal(spool_open(world->path, &world->spool), STATUS_OK);
    st = spool_put(world->spool, (struct span){bytes, len});
    assert_int_equal(st, STATUS_OK);
    for (int i = 0; i < 100 && st == STATUS_OK; i++)
        st = spool_put(world->spool, (struct span){bytes, len});
    if (st == STATUS_OK)
        print_message("a disk as fast as memory: the bound was not met\n");
    else
        assert_int_equal(st, STATUS_FULL);
    assert_int_equal(spool_close(world->spool), st);
    assert_int_equal(file_len(world) % len, 0);
    free(bytes);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(all_that_was_put_is_in_the_file_in_order),
        CLAIM(the_file_is_new_and_its_owners_alone),
        CLAIM(a_full_disk_ends_the_file_after_a_whole_put),
        CLAIM(what_follows_goes_into_the_next_file_and_another_goes),
        CLAIM(a_next_file_that_is_there_already_is_left_alone),
        CLAIM(what_waits_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
