/* test_newfile.c - a file that is there whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/cli/newfile.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/entente-newfile-XXXXXX";
static char path[64], part[80];

static int
make(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/a.bundle", folder);
    snprintf(part, sizeof(part), "%s.part", path);
    return 0;
}

static int
drop(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(part);
    assert_int_equal(rmdir(folder), 0);
    memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
    return 0;
}

static bool
is_there(const char *name)
{
    return access(name, F_OK) == 0;
}

static void
it_has_its_name_only_when_it_is_whole(void **state)
{
    struct cli     cli = {.program = "entente"};
    struct newfile file;
    struct stat    info;

    (void)state;
    assert_int_equal(newfile_begin(&file, &cli, path), STATUS_OK);
    assert_int_equal(newfile_put(&file, &cli, span_text("one ")), STATUS_OK);
    assert_int_equal(newfile_put(&file, &cli, span_text("two")), STATUS_OK);
    assert_false(is_there(path));
    assert_true(is_there(part));
    assert_int_equal(newfile_end(&file, &cli), STATUS_OK);
    newfile_clear(&file);
    assert_false(is_there(part));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_size, 7);
    assert_int_equal(file.len, 7);
}

static void
one_that_was_broken_off_leaves_nothing(void **state)
{
    struct cli     cli = {.program = "entente"};
    struct newfile file;

    (void)state;
    assert_int_equal(newfile_begin(&file, &cli, path), STATUS_OK);
    assert_int_equal(newfile_put(&file, &cli, span_text("one")), STATUS_OK);
    newfile_clear(&file);
    assert_false(is_there(path));
    assert_false(is_there(part));
}

static void
one_that_is_there_is_never_replaced(void **state)
{
    struct cli     cli = {.program = "entente"};
    struct newfile first, second;
    struct stat    info;

    (void)state;
    assert_int_equal(newfile_begin(&first, &cli, path), STATUS_OK);
    assert_int_equal(newfile_begin(&second, &cli, path), STATUS_EXISTS);
    newfile_clear(&second); /* that of another stays */
    assert_true(is_there(part));
    assert_int_equal(newfile_put(&first, &cli, span_text("one")), STATUS_OK);
    close(open(path, O_WRONLY | O_CREAT, 0600)); /* it came meanwhile */
    assert_int_equal(newfile_end(&first, &cli), STATUS_EXISTS);
    newfile_clear(&first);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 0);
    assert_false(is_there(part));
    assert_int_equal(newfile_begin(&second, &cli, path), STATUS_EXISTS);
    newfile_clear(&second);
}

#define NEWFILE_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        NEWFILE_TEST(it_has_its_name_only_when_it_is_whole),
        NEWFILE_TEST(one_that_was_broken_off_leaves_nothing),
        NEWFILE_TEST(one_that_is_there_is_never_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
