#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/folder.h"

static struct folder folder;

static int
empty_folder(void **state)
{
    (void)state;
    memset(&folder, 0, sizeof(folder));
    return 0;
}

static void
names_are_found_at_once_and_kept_in_byte_order(void **state)
{
    (void)state;
    folder_change(&folder, FOLDER_CREATE, "b", NULL, 2);
    folder_change(&folder, FOLDER_CREATE, "a", NULL, 1);
    folder_change(&folder, FOLDER_CREATE, "c", NULL, 3);
    assert_int_equal(folder_find(&folder, "a"), 1);
    assert_int_equal(folder_find(&folder, "d"), -1);
    assert_string_equal(folder.cached.list[0].text, "a");
    assert_string_equal(folder.cached.list[2].text, "c");
}

static void
synced_names_survive_and_unsynced_ones_need_not(void **state)
{
    (void)state;
    folder_change(&folder, FOLDER_CREATE, "a", NULL, 1);
    folder_sync(&folder);
    folder_change(&folder, FOLDER_CREATE, "b", NULL, 2);
    folder_power_cut(&folder, 0);
    assert_int_equal(folder_find(&folder, "a"), 1);
    assert_int_equal(folder_find(&folder, "b"), -1);
}

static void
an_unsynced_removal_comes_back(void **state)
{
    (void)state;
    folder_change(&folder, FOLDER_CREATE, "a", NULL, 1);
    folder_sync(&folder);
    folder_change(&folder, FOLDER_REMOVE, "a", NULL, 1);
    assert_int_equal(folder_find(&folder, "a"), -1);
    assert_true(folder_leads_to(&folder, 1));
    folder_power_cut(&folder, 0);
    assert_int_equal(folder_find(&folder, "a"), 1);
}

static void
a_rename_replaces_its_target_all_or_not(void **state)
{
    (void)state;
    folder_change(&folder, FOLDER_CREATE, "a", NULL, 1);
    folder_change(&folder, FOLDER_CREATE, "a.new", NULL, 2);
    folder_sync(&folder);
    folder_change(&folder, FOLDER_RENAME, "a.new", "a", 2);
    assert_int_equal(folder_find(&folder, "a"), 2);
    assert_int_equal(folder_find(&folder, "a.new"), -1);
    folder_power_cut(&folder, 0);
    assert_int_equal(folder_find(&folder, "a"), 1);
    assert_int_equal(folder_find(&folder, "a.new"), 2);
}

static void
a_power_cut_keeps_a_beginning_of_the_changes(void **state)
{
    (void)state;
    folder_change(&folder, FOLDER_CREATE, "a", NULL, 1);
    folder_change(&folder, FOLDER_RENAME, "a", "b", 1);
    folder_change(&folder, FOLDER_REMOVE, "b", NULL, 1);
    folder_power_cut(&folder, 2);
    assert_int_equal(folder_find(&folder, "b"), 1);
    assert_int_equal(folder_find(&folder, "a"), -1);
}

#define CASE(test) cmocka_unit_test_setup(test, empty_folder)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(names_are_found_at_once_and_kept_in_byte_order),
        CASE(synced_names_survive_and_unsynced_ones_need_not),
        CASE(an_unsynced_removal_comes_back),
        CASE(a_rename_replaces_its_target_all_or_not),
        CASE(a_power_cut_keeps_a_beginning_of_the_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
