#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/disk.h"

enum { CAPACITY = 1 << 20 };

static struct disk disk;

static int
new_disk(void **state)
{
    *state = disk_new(5, 512, CAPACITY);
    disk = disk_face(*state);
    return 0;
}

static int
drop_disk(void **state)
{
    disk_free(*state);
    return 0;
}

static int
opened(const char *name, bool create)
{
    int file = -1;

    assert_int_equal(disk.ops->open(disk.self, name, create, &file),
                     STATUS_OK);
    return file;
}

static enum status
put(int file, uint64_t offset, const char *text)
{
    return disk.ops->write(disk.self, file, offset, span_text(text));
}

static const char *
text_of(int file)
{
    static char text[64];
    size_t      got = 0;

    assert_int_equal(disk.ops->read(disk.self, file, 0, (uint8_t *)text,
                                    sizeof(text) - 1, &got),
                     STATUS_OK);
    text[got] = '\0';
    return text;
}

static void
a_file_that_is_not_there_is_not_found_unless_created(void **state)
{
    int file;

    (void)state;
    assert_int_equal(disk.ops->open(disk.self, "a", false, &file),
                     STATUS_NOT_FOUND);
    (void)opened("a", true);
    (void)opened("a", false);
}

static void
file_and_name_survive_a_power_cut_when_both_were_synced(void **state)
{
    int file = opened("a", true);

    assert_int_equal(put(file, 0, "rain"), STATUS_OK);
    assert_int_equal(disk.ops->sync(disk.self, file), STATUS_OK);
    assert_int_equal(disk.ops->sync_folder(disk.self), STATUS_OK);
    for (int i = 0; i < 20; i++)
        disk_power_cut(*state);
    assert_string_equal(text_of(opened("a", false)), "rain");
}

static void
a_synced_file_whose_name_was_not_can_be_lost(void **state)
{
    int    file;
    size_t lost = 0;

    for (int i = 0; i < 40; i++) {
        file = opened("a", true);
        assert_int_equal(put(file, 0, "rain"), STATUS_OK);
        assert_int_equal(disk.ops->sync(disk.self, file), STATUS_OK);
        disk_power_cut(*state);
        if (disk.ops->open(disk.self, "a", false, &file) == STATUS_OK)
            assert_int_equal(disk.ops->remove(disk.self, "a"), STATUS_OK);
        else
            lost++;
        assert_int_equal(disk.ops->sync_folder(disk.self), STATUS_OK);
    }
    assert_in_range(lost, 1, 39);
    assert_true(disk_fired(*state, DISK_NAME_LOST) >= lost);
}

static void
a_killed_process_loses_nothing_of_the_cache(void **state)
{
    assert_int_equal(put(opened("a", true), 0, "rain"), STATUS_OK);
    disk_killed(*state);
    assert_string_equal(text_of(opened("a", false)), "rain");
}

static void
after_a_failed_sync_the_cache_proves_nothing(void **state)
{
    int    file = opened("a", true);
    size_t lost = 0;

    assert_int_equal(disk.ops->sync_folder(disk.self), STATUS_OK);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(put(file, 0, "old!"), STATUS_OK);
        assert_int_equal(disk.ops->sync(disk.self, file), STATUS_OK);
        assert_int_equal(put(file, 0, "new!"), STATUS_OK);
        disk_arm(*state, DISK_SYNC_FAILS, 1);
        assert_int_equal(disk.ops->sync(disk.self, file), STATUS_IO);
        disk_killed(*state);
        file = opened("a", false);
        assert_string_equal(text_of(file), "new!");
        assert_int_equal(disk.ops->sync(disk.self, file), STATUS_OK);
        disk_power_cut(*state);
        file = opened("a", false);
        lost += strcmp(text_of(file), "old!") == 0;
    }
    assert_in_range(lost, 1, 19);
    assert_true(disk_fired(*state, DISK_SYNC_FAILS) == 20);
}

static bool
count_down(void *arg)
{
    int *left = arg;

    return (*left)-- > 0;
}

static void
a_guarded_call_is_the_last_that_does_anything(void **state)
{
    int file = opened("a", true);
    int left = 1;

    disk_set_watch(*state, (struct disk_watch){.goes_on = count_down,
                                               .arg = &left});
    assert_int_equal(put(file, 0, "rain"), STATUS_OK);
    assert_int_equal(put(file, 0, "wind"), STATUS_IO);
    assert_int_equal(put(file, 0, "hail"), STATUS_IO);
    assert_int_equal(disk.ops->sync(disk.self, file), STATUS_IO);
    assert_int_equal(disk.ops->remove(disk.self, "a"), STATUS_IO);
    disk_set_watch(*state, (struct disk_watch){0});
    disk_killed(*state);
    assert_string_equal(text_of(opened("a", false)), "rain");
}

static void
a_full_disk_refuses_growth_and_takes_what_fits(void **state)
{
    int file = opened("a", true);

    assert_int_equal(disk.ops->allocate(disk.self, file, CAPACITY), STATUS_OK);
    assert_int_equal(put(opened("b", true), 0, "x"), STATUS_NO_SPACE);
    assert_int_equal(put(file, CAPACITY - 4, "rain"), STATUS_OK);
    assert_int_equal(put(file, CAPACITY - 3, "rain"), STATUS_NO_SPACE);
    assert_true(disk_fired(*state, DISK_FULL) == 2);
    assert_int_equal(disk.ops->remove(disk.self, "a"), STATUS_OK);
    disk.ops->close(disk.self, file);
    assert_int_equal(disk.ops->sync_folder(disk.self), STATUS_OK);
    assert_int_equal(put(opened("b", false), 0, "x"), STATUS_OK);
}

static void
an_armed_call_fails_once_and_alone(void **state)
{
    int     file = opened("a", true);
    uint8_t byte;
    size_t  got;

    disk_arm(*state, DISK_WRITE_FAILS, 2);
    assert_int_equal(put(file, 0, "1"), STATUS_OK);
    assert_int_equal(put(file, 0, "2"), STATUS_IO);
    assert_int_equal(put(file, 0, "3"), STATUS_OK);
    disk_arm(*state, DISK_READ_FAILS, 1);
    assert_int_equal(disk.ops->read(disk.self, file, 0, &byte, 1, &got),
                     STATUS_IO);
    assert_int_equal(disk.ops->read(disk.self, file, 0, &byte, 1, &got),
                     STATUS_OK);
    assert_int_equal(byte, '3');
}

static void
a_process_that_ends_within_a_write_leaves_whole_pages_of_it(void **state)
{
    static uint8_t bytes[5 * 4096];
    size_t         cut = 0;

    memset(bytes, 'n', sizeof(bytes));
    for (int i = 0; i < 20; i++) {
        int      left = 0;
        int      file = opened("a", true);
        uint64_t size = 0;

        disk_set_watch(*state, (struct disk_watch){.goes_on = count_down,
                                               .arg = &left});
        assert_int_equal(disk.ops->write(disk.self, file, 100, SPAN_OF(bytes)),
                         STATUS_IO);
        disk_set_watch(*state, (struct disk_watch){0});
        disk_killed(*state);
        file = opened("a", false);
        assert_int_equal(disk.ops->size(disk.self, file, &size), STATUS_OK);
        assert_true(size % 4096 == 0 && size < 100 + sizeof(bytes));
        cut += size > 0;
        assert_int_equal(disk.ops->truncate(disk.self, file, 0), STATUS_OK);
    }
    assert_in_range(cut, 1, 20);
}

static void
removed_while_open_a_file_can_still_be_read(void **state)
{
    int file = opened("a", true);

    (void)state;
    assert_int_equal(put(file, 0, "rain"), STATUS_OK);
    assert_int_equal(disk.ops->remove(disk.self, "a"), STATUS_OK);
    assert_int_equal(disk.ops->sync_folder(disk.self), STATUS_OK);
    assert_string_equal(text_of(file), "rain");
    disk.ops->close(disk.self, file);
    assert_int_equal(disk_used(*state), 0);
}

static void
a_rotten_bit_is_read_and_no_power_cut_heals_it(void **state)
{
    int file = opened("a", true);

    assert_int_equal(put(file, 0, "a"), STATUS_OK);
    assert_int_equal(disk.ops->sync(disk.self, file), STATUS_OK);
    assert_int_equal(disk.ops->sync_folder(disk.self), STATUS_OK);
    assert_int_equal(disk_rot(*state, "a", 0, 1), STATUS_OK);
    assert_int_equal(disk_rot(*state, "a", 1, 1), STATUS_NOT_FOUND);
    assert_int_equal(disk_rot(*state, "b", 0, 1), STATUS_NOT_FOUND);
    assert_true(disk_len(*state, "a") == 1 && disk_len(*state, "b") == 0);
    disk_power_cut(*state);
    assert_string_equal(text_of(opened("a", false)), "c");
}

static void
gather(void *arg, const char *name)
{
    char  *names = arg;
    size_t len = strlen(names);

    names[len] = name[0];
    names[len + 1] = '\0';
}

static void
names_are_listed_in_byte_order(void **state)
{
    char names[16] = "";

    (void)state;
    (void)opened("c", true);
    (void)opened("a", true);
    (void)opened("b", true);
    assert_int_equal(disk.ops->rename(disk.self, "a", "d"), STATUS_OK);
    assert_int_equal(disk.ops->list(disk.self, gather, names), STATUS_OK);
    assert_string_equal(names, "bcd");
    assert_int_equal(disk.ops->rename(disk.self, "a", "x"), STATUS_NOT_FOUND);
    assert_int_equal(disk.ops->remove(disk.self, "a"), STATUS_NOT_FOUND);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, new_disk, drop_disk)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_file_that_is_not_there_is_not_found_unless_created),
        CASE(file_and_name_survive_a_power_cut_when_both_were_synced),
        CASE(a_synced_file_whose_name_was_not_can_be_lost),
        CASE(a_killed_process_loses_nothing_of_the_cache),
        CASE(after_a_failed_sync_the_cache_proves_nothing),
        CASE(a_guarded_call_is_the_last_that_does_anything),
        CASE(a_full_disk_refuses_growth_and_takes_what_fits),
        CASE(an_armed_call_fails_once_and_alone),
        CASE(a_process_that_ends_within_a_write_leaves_whole_pages_of_it),
        CASE(removed_while_open_a_file_can_still_be_read),
        CASE(a_rotten_bit_is_read_and_no_power_cut_heals_it),
        CASE(names_are_listed_in_byte_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
