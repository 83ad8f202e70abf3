/* test_reserve.c - a reserve is whole or gone, through power cuts too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/disk.h"
#include "node/store/reserve.h"

enum { LEN = 16384, CAPACITY = 1 << 20 };

static struct disk_image *image;
static struct disk        disk;

static int
begin(void **state)
{
    (void)state;
    image = disk_new(2, 4096, CAPACITY);
    disk = disk_face(image);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    disk_free(image);
    return 0;
}

static bool
is_there(const char *name)
{
    int file;

    if (disk.ops->open(disk.self, name, false, &file) != STATUS_OK)
        return false;
    disk.ops->close(disk.self, file);
    return true;
}

static void
what_was_made_is_found_after_a_power_cut(void **state)
{
    struct reserve reserve = {0};
    struct reserve found;

    (void)state;
    assert_int_equal(reserve_make(&reserve, &disk, LEN), STATUS_OK);
    disk_power_cut(image);
    assert_int_equal(reserve_find(&found, &disk, LEN), STATUS_OK);
    assert_int_equal(found.len, LEN);
    assert_false(found.missing);
}

static void
what_has_another_length_is_removed(void **state)
{
    struct reserve reserve = {0};

    (void)state;
    assert_int_equal(reserve_find(&reserve, &disk, LEN), STATUS_OK);
    assert_int_equal(reserve.len, 0);
    assert_int_equal(reserve_make(&reserve, &disk, LEN / 2), STATUS_OK);
    assert_int_equal(reserve_find(&reserve, &disk, LEN), STATUS_OK);
    assert_int_equal(reserve.len, 0);
    assert_false(is_there(RESERVE_NAME));
}

static void
without_room_nothing_is_left_and_it_is_missing_until_it_is_made(void **state)
{
    struct reserve reserve = {0};

    (void)state;
    disk_set_capacity(image, LEN / 2);
    assert_int_equal(reserve_make(&reserve, &disk, LEN), STATUS_NO_SPACE);
    assert_true(reserve.missing);
    assert_false(is_there(RESERVE_NAME));
    disk_set_capacity(image, CAPACITY);
    assert_int_equal(reserve_make(&reserve, &disk, LEN), STATUS_OK);
    assert_false(reserve.missing);
}

static void
it_is_spent_once_and_only_where_it_is_long_enough(void **state)
{
    struct reserve reserve = {0};
    uint64_t       len = 7;

    (void)state;
    assert_int_equal(reserve_make(&reserve, &disk, LEN), STATUS_OK);
    assert_int_equal(reserve_spend(&reserve, &disk, LEN + 1, "other", &len),
                     STATUS_NO_SPACE);
    assert_int_equal(len, 7);
    assert_int_equal(reserve_spend(&reserve, &disk, LEN, "other", &len),
                     STATUS_OK);
    assert_int_equal(len, LEN);
    assert_true(reserve.missing);
    assert_true(is_there("other"));
    assert_false(is_there(RESERVE_NAME));
    assert_int_equal(reserve_spend(&reserve, &disk, 1, "other", &len),
                     STATUS_NO_SPACE);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(what_was_made_is_found_after_a_power_cut),
        ON_DISK(what_has_another_length_is_removed),
        ON_DISK(
            without_room_nothing_is_left_and_it_is_missing_until_it_is_made),
        ON_DISK(it_is_spent_once_and_only_where_it_is_long_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
