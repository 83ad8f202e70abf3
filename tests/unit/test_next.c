#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/disk.h"
#include "node/store/next.h"
#include "proto/leaf.h"

enum { WHOLE = 8 * SEGMENT_PAGE, CAPACITY = 1 << 20 };

#define NAME "journal-0000000000000007"

static struct disk_image   *image;
static struct disk          disk;
static struct next          next;
static const struct segment header = {.number = 7, .first_sequence = 3};

static int
begin(void **state)
{
    (void)state;
    image = disk_new(2, 4096, CAPACITY);
    disk = disk_face(image);
    next_init(&next, &disk);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    next_clear(&next);
    disk_free(image);
    return 0;
}

static bool
is_short(void)
{
    return next_floor(&next, UINT64_MAX) != 0;
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
it_grows_in_steps_to_the_whole_and_no_further(void **state)
{
    bool more;

    (void)state;
    assert_int_equal(next_grow(&next, WHOLE, 5 * SEGMENT_PAGE, &more),
                     STATUS_OK);
    assert_true(more);
    assert_int_equal(next.len, 5 * SEGMENT_PAGE);
    assert_int_equal(next_grow(&next, WHOLE, 5 * SEGMENT_PAGE, &more),
                     STATUS_OK);
    assert_false(more);
    assert_int_equal(next.len, WHOLE);
    assert_int_equal(next_grow(&next, WHOLE, 5 * SEGMENT_PAGE, &more),
                     STATUS_OK);
    assert_int_equal(next.len, WHOLE);
}

static void
a_named_segment_has_header_copy_and_name_durable(void **state)
{
    struct segment read;
    uint8_t        copy[3];
    uint64_t       len;
    size_t         got;
    int            file;
    int            again;

    (void)state;
    assert_int_equal(next_name(&next, WHOLE, WHOLE, &header, span_text("tea")),
                     STATUS_OK);
    disk_power_cut(image);
    assert_int_equal(segment_open(&disk, 7, &read, &again), STATUS_OK);
    assert_int_equal(read.first_sequence, 3);
    assert_int_equal(
        disk.ops->read(disk.self, again, SEGMENT_PAGE, copy, 3, &got),
        STATUS_OK);
    assert_memory_equal(copy, "tea", 3);
    assert_false(is_there(SEGMENT_NEXT));
    next_take(&next, &file, &len);
    assert_int_equal(len, WHOLE);
    assert_int_equal(next.state, NEXT_NONE);
}

static void
without_room_for_the_whole_it_is_as_long_as_it_must_be(void **state)
{
    uint64_t len;
    int      file;

    (void)state;
    disk_set_capacity(image, 3 * SEGMENT_PAGE);
    assert_int_equal(
        next_name(&next, WHOLE, 2 * SEGMENT_PAGE, &header, SPAN_EMPTY),
        STATUS_OK);
    next_take(&next, &file, &len);
    assert_int_equal(len, 2 * SEGMENT_PAGE);
    disk.ops->close(disk.self, file);
}

static void
without_room_for_that_it_has_no_name_and_may_be_tried_again(void **state)
{
    (void)state;
    disk_set_capacity(image, SEGMENT_PAGE);
    assert_int_equal(
        next_name(&next, WHOLE, 2 * SEGMENT_PAGE, &header, SPAN_EMPTY),
        STATUS_NO_SPACE);
    assert_false(is_there(NAME));
    disk_set_capacity(image, CAPACITY);
    assert_int_equal(
        next_name(&next, WHOLE, 2 * SEGMENT_PAGE, &header, SPAN_EMPTY),
        STATUS_OK);
    assert_true(is_there(NAME));
}

static void
what_an_earlier_life_prepared_is_dropped(void **state)
{
    bool more;

    (void)state;
    assert_int_equal(next_forget(&next, WHOLE), STATUS_OK);
    assert_int_equal(next_grow(&next, WHOLE, WHOLE, &more), STATUS_OK);
    next_clear(&next);
    next_init(&next, &disk);
    assert_true(is_there(SEGMENT_NEXT));
    assert_int_equal(next_forget(&next, WHOLE), STATUS_OK);
    assert_false(is_there(SEGMENT_NEXT));
}

/* --- the reserve ---------------------------------------------------------- */

static void
without_any_room_the_reserve_takes_its_place_and_is_missed(void **state)
{
    uint64_t len;
    int      file;

    (void)state;
    next.reserve_len = 4 * SEGMENT_PAGE;
    assert_int_equal(next_reserve(&next), STATUS_OK);
    assert_false(is_short());
    disk_set_capacity(image, 5 * SEGMENT_PAGE);
    assert_int_equal(
        next_name(&next, WHOLE, 3 * SEGMENT_PAGE, &header, span_text("tea")),
        STATUS_OK);
    assert_true(is_short());
    assert_false(is_there(RESERVE_NAME));
    assert_false(is_there(SEGMENT_NEXT));
    assert_true(is_there(NAME));
    next_take(&next, &file, &len);
    assert_int_equal(len, 4 * SEGMENT_PAGE);
    disk.ops->close(disk.self, file);
}

static void
a_reserve_that_is_too_short_is_kept(void **state)
{
    (void)state;
    next.reserve_len = SEGMENT_PAGE;
    assert_int_equal(next_reserve(&next), STATUS_OK);
    disk_set_capacity(image, SEGMENT_PAGE);
    assert_int_equal(
        next_name(&next, WHOLE, 3 * SEGMENT_PAGE, &header, SPAN_EMPTY),
        STATUS_NO_SPACE);
    assert_true(is_there(RESERVE_NAME));
    assert_false(is_short());
}

static void
a_reserve_for_which_there_is_no_room_leaves_nothing(void **state)
{
    (void)state;
    disk_set_capacity(image, SEGMENT_PAGE);
    next.reserve_len = WHOLE;
    assert_int_equal(next_reserve(&next), STATUS_NO_SPACE);
    assert_true(is_short());
    assert_int_equal(next_floor(&next, WHOLE / 4), PRECEDENCE_FLASH);
    assert_int_equal(next_floor(&next, WHOLE / 4 - 1), PRECEDENCE_COUNT);
    assert_false(is_there(RESERVE_NAME));
    disk_set_capacity(image, CAPACITY);
    assert_int_equal(next_reserve(&next), STATUS_NO_SPACE); /* not tried */
    next_mend(&next);
    assert_int_equal(next_reserve(&next), STATUS_OK);
    assert_false(is_short());
    assert_true(is_there(RESERVE_NAME));
}

static void
the_next_life_takes_over_a_reserve_that_is_whole(void **state)
{
    (void)state;
    next.reserve_len = WHOLE;
    assert_int_equal(next_reserve(&next), STATUS_OK);
    next_clear(&next);
    next_init(&next, &disk);
    disk_power_cut(image);
    assert_int_equal(next_forget(&next, WHOLE), STATUS_OK);
    assert_int_equal(next.reserve.len, WHOLE);
    next_clear(&next);
    next_init(&next, &disk);
    assert_int_equal(next_forget(&next, 2 * WHOLE), STATUS_OK);
    assert_int_equal(next.reserve.len, 0);
    assert_false(is_there(RESERVE_NAME));
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(it_grows_in_steps_to_the_whole_and_no_further),
        ON_DISK(a_named_segment_has_header_copy_and_name_durable),
        ON_DISK(without_room_for_the_whole_it_is_as_long_as_it_must_be),
        ON_DISK(without_room_for_that_it_has_no_name_and_may_be_tried_again),
        ON_DISK(what_an_earlier_life_prepared_is_dropped),
        ON_DISK(without_any_room_the_reserve_takes_its_place_and_is_missed),
        ON_DISK(a_reserve_that_is_too_short_is_kept),
        ON_DISK(a_reserve_for_which_there_is_no_room_leaves_nothing),
        ON_DISK(the_next_life_takes_over_a_reserve_that_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
