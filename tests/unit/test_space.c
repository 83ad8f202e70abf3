/* test_space.c - when a disk is nearly full. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/space.h"

static const struct space half = {.block_len = 4096,
                                  .blocks = 1000,
                                  .blocks_free = 500,
                                  .inodes = 1000,
                                  .inodes_free = 500};

static void
the_room_is_what_is_free_above_five_percent(void **state)
{
    struct space space = half;

    (void)state;
    assert_int_equal(space_room(&space), 450 * 4096);
    space.blocks_free = 51;
    assert_int_equal(space_room(&space), 4096);
    space.blocks_free = 50;
    assert_int_equal(space_room(&space), 0);
    space.blocks_free = 0;
    assert_int_equal(space_room(&space), 0);
}

static void
inodes_count_where_there_are_any(void **state)
{
    struct space space = half;

    (void)state;
    space.inodes_free = 51;
    assert_int_not_equal(space_room(&space), 0);
    space.inodes_free = 50;
    assert_int_equal(space_room(&space), 0);
    space.inodes = space.inodes_free = 0;
    assert_int_not_equal(space_room(&space), 0);
}

static void
each_rung_is_reached_by_space_and_by_inodes(void **state)
{
    static const struct {
        uint64_t free;
        unsigned floor;
    } ladder[] = {{51, 0},
                  {50, PRECEDENCE_PRIORITY},
                  {41, PRECEDENCE_PRIORITY},
                  {40, PRECEDENCE_IMMEDIATE},
                  {31, PRECEDENCE_IMMEDIATE},
                  {30, PRECEDENCE_FLASH},
                  {0, PRECEDENCE_FLASH}};

    (void)state;
    for (size_t i = 0; i < sizeof(ladder) / sizeof(ladder[0]); i++) {
        struct space blocks = half;
        struct space inodes = half;

        blocks.blocks_free = inodes.inodes_free = ladder[i].free;
        assert_int_equal(space_floor(&blocks), ladder[i].floor);
        assert_int_equal(space_floor(&inodes), ladder[i].floor);
        assert_int_equal(space_room(&blocks) == 0, ladder[i].floor != 0);
        inodes.inodes = 0;
        assert_int_equal(space_floor(&inodes), 0);
    }
}

static void
no_size_overflows(void **state)
{
    struct space space = {.block_len = 4096,
                          .blocks = UINT64_MAX,
                          .blocks_free = UINT64_MAX};

    (void)state;
    assert_true(space_room(&space) == UINT64_MAX);
}

static void
only_what_changes_something_is_told(void **state)
{
    (void)state;
    assert_true(space_worth_telling(1000, 0));
    assert_true(space_worth_telling(0, 1));
    assert_false(space_worth_telling(0, 0));
    assert_false(space_worth_telling(100000, 100000));
    assert_false(space_worth_telling(100000, 90000));
    assert_true(space_worth_telling(100000, 80000));
    assert_false(space_worth_telling(100000, 110000));
    assert_true(space_worth_telling(100000, 120000));
    assert_false(space_worth_telling(UINT64_MAX, UINT64_MAX));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_room_is_what_is_free_above_five_percent),
        cmocka_unit_test(inodes_count_where_there_are_any),
        cmocka_unit_test(each_rung_is_reached_by_space_and_by_inodes),
        cmocka_unit_test(no_size_overflows),
        cmocka_unit_test(only_what_changes_something_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
