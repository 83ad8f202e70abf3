/* A home's files are read whole, replaced whole and kept from others. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/store/home.h"

static int
make_home(void **state)
{
    char home[] = "/tmp/entente-home-XXXXXX";

    *state = mkdtemp(home) == NULL ? NULL : strdup(home);
    return *state == NULL;
}

static int
drop_home(void **state)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf -- '%s'", (char *)*state);
    free(*state);
    return system(command);
}

static void
what_is_written_is_read_back_and_is_the_owners_alone(void **state)
{
    const char *home = *state;
    uint8_t     out[16];
    size_t      len = 0;
    struct stat info;
    char        path[128];

    assert_int_equal(home_write(home, "x", span_text("one")), STATUS_OK);
    assert_int_equal(home_write(home, "x", span_text("two!")), STATUS_OK);
    assert_int_equal(home_read(home, "x", out, sizeof(out), &len), STATUS_OK);
    assert_int_equal(len, 4);
    assert_memory_equal(out, "two!", 4);
    snprintf(path, sizeof(path), "%s/x", home);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void
create_never_replaces(void **state)
{
    assert_int_equal(home_create(*state, "x", span_text("a")), STATUS_OK);
    assert_int_equal(home_create(*state, "x", span_text("b")), STATUS_EXISTS);
}

static void
a_file_longer_than_the_room_is_refused_and_one_as_long_is_not(void **state)
{
    uint8_t out[4];
    size_t  len = 0;

    assert_int_equal(home_write(*state, "x", span_text("1234")), STATUS_OK);
    assert_int_equal(home_read(*state, "x", out, 4, &len), STATUS_OK);
    assert_int_equal(len, 4);
    assert_int_equal(home_read(*state, "x", out, 3, &len), STATUS_TOO_LARGE);
    assert_int_equal(home_read(*state, "y", out, 3, &len), STATUS_NOT_FOUND);
}

static void
a_file_that_others_may_read_is_refused(void **state)
{
    uint8_t out[4];
    size_t  len;
    char    path[128];

    assert_int_equal(home_write(*state, "x", span_text("1")), STATUS_OK);
    snprintf(path, sizeof(path), "%s/x", (char *)*state);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(home_read(*state, "x", out, 4, &len), STATUS_MODE);
}

static void
a_home_has_a_certificate_and_is_closed_to_others(void **state)
{
    const char *home = *state;

    assert_int_equal(home_check("/nonexistent/home"), STATUS_NOT_FOUND);
    assert_int_equal(home_check(home), STATUS_NOT_FOUND);
    assert_int_equal(home_write(home, HOME_CERTIFICATE, span_text("c")),
                     STATUS_OK);
    assert_int_equal(home_check(home), STATUS_OK);
    assert_int_equal(chmod(home, 0750), 0);
    assert_int_equal(home_check(home), STATUS_MODE);
}

static void
a_lock_is_held_by_one_until_it_is_closed(void **state)
{
    int one = -1;
    int two = -1;

    assert_int_equal(home_lock(*state, &one), STATUS_OK);
    assert_int_equal(home_lock(*state, &two), STATUS_LOCKED);
    close(one);
    assert_int_equal(home_lock(*state, &two), STATUS_OK);
    close(two);
}

static void
a_home_is_made_whole_or_not_at_all(void **state)
{
    struct home_path making;
    char             place[128];
    char             file[160];

    snprintf(place, sizeof(place), "%s/above/it", (char *)*state);
    assert_int_equal(home_begin(place, &making), STATUS_OK);
    assert_int_equal(home_create(making.text, "x", span_text("1")), STATUS_OK);
    assert_int_equal(access(place, F_OK), -1);
    home_abandon(&making);
    assert_int_equal(access(making.text, F_OK), -1);

    assert_int_equal(home_begin(place, &making), STATUS_OK);
    assert_int_equal(home_create(making.text, "x", span_text("1")), STATUS_OK);
    assert_int_equal(home_finish(&making, place), STATUS_OK);
    snprintf(file, sizeof(file), "%s/x", place);
    assert_int_equal(access(file, F_OK), 0);
    assert_int_equal(access(making.text, F_OK), -1);
}

static void
a_home_is_never_made_over_something(void **state)
{
    struct home_path making;
    char             place[128];
    char             file[160];

    snprintf(place, sizeof(place), "%s/place", (char *)*state);
    assert_int_equal(mkdir(place, 0755), 0);
    assert_int_equal(home_begin(place, &making), STATUS_OK); /* empty: free */
    snprintf(file, sizeof(file), "%s/theirs", place);
    fclose(fopen(file, "w"));
    assert_int_equal(home_finish(&making, place), STATUS_EXISTS);
    home_abandon(&making);
    assert_int_equal(home_begin(place, &making), STATUS_EXISTS);
    assert_int_equal(home_begin(file, &making), STATUS_EXISTS);
}

#define IN_HOME(test)                                                          \
    cmocka_unit_test_setup_teardown(test, make_home, drop_home)

static void
a_folder_in_it_is_made_once_and_is_its_owners(void **state)
{
    struct home_path path;
    struct stat      info;

    assert_int_equal(home_folder(*state, "notes", &path), STATUS_OK);
    assert_int_equal(home_create(path.text, "x", span_text("a")), STATUS_OK);
    assert_int_equal(home_folder(*state, "notes", &path), STATUS_OK);
    assert_int_equal(stat(path.text, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    assert_int_equal(home_create(path.text, "x", span_text("b")),
                     STATUS_EXISTS);
    assert_int_equal(home_folder("/nowhere", "notes", &path),
                     STATUS_NOT_FOUND);
    assert_int_equal(home_path(*state, "notes/x", &path), STATUS_OK);
    assert_int_equal(remove(path.text), 0);
    assert_int_equal(home_path(*state, "notes", &path), STATUS_OK);
    assert_int_equal(remove(path.text), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(what_is_written_is_read_back_and_is_the_owners_alone),
        IN_HOME(create_never_replaces),
        IN_HOME(a_file_longer_than_the_room_is_refused_and_one_as_long_is_not),
        IN_HOME(a_file_that_others_may_read_is_refused),
        IN_HOME(a_home_has_a_certificate_and_is_closed_to_others),
        IN_HOME(a_home_is_made_whole_or_not_at_all),
        IN_HOME(a_home_is_never_made_over_something),
        IN_HOME(a_lock_is_held_by_one_until_it_is_closed),
        IN_HOME(a_folder_in_it_is_made_once_and_is_its_owners),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
