/* Files that a person names: what is wrong with them is told with its cure. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/cli/file.h"

static char folder[] = "/tmp/entente-file-XXXXXX";

static const char *
at(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static int
make(void **state)
{
    FILE *out;

    (void)state;
    assert_non_null(mkdtemp(folder));
    out = fopen(at("report.json"), "w");
    assert_non_null(out);
    fputs("three boats", out);
    fclose(out);
    out = fopen(at("empty"), "w");
    assert_non_null(out);
    fclose(out);
    assert_int_equal(mkdir(at("folder"), 0700), 0);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    unlink(at("report.json"));
    unlink(at("empty"));
    unlink(at("new"));
    rmdir(at("folder"));
    return rmdir(folder);
}

static void
a_file_is_read_whole_up_to_its_limit(void **state)
{
    struct cli cli = {.program = "entente"};
    char      *text = NULL;
    size_t     len = 0;

    (void)state;
    assert_int_equal(file_read(&cli, at("report.json"), 11, &text, &len),
                     STATUS_OK);
    assert_int_equal(len, 11);
    assert_string_equal(text, "three boats");
    free(text);
    text = NULL;
    assert_int_equal(file_read(&cli, at("report.json"), 10, &text, &len),
                     STATUS_TOO_LARGE);
    assert_null(text);
    assert_non_null(strstr(cli.message, "more than 10 bytes"));
}

static void
what_cannot_be_read_is_told_with_what_would_be_right(void **state)
{
    static const struct {
        const char *name;
        enum status st;
        const char *message;
        const char *hint;
    } table[] = {
        {"reprot.json", STATUS_NOT_FOUND, "there is no file ", "report.json?"},
        {"elephant", STATUS_NOT_FOUND, "there is no file ", ""},
        {"nowhere/x", STATUS_NOT_FOUND, "there is no folder ", ""},
        {"folder", STATUS_BAD_FIELD, "is a folder, not a file", "a file in it"},
        {"empty", STATUS_BAD_ENCODING, "is empty", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct cli cli = {.program = "entente"};
        char      *text = NULL;
        size_t     len = 0;

        assert_int_equal(file_read(&cli, at(table[i].name), 99, &text, &len),
                         table[i].st);
        assert_null(text);
        assert_non_null(strstr(cli.message, table[i].message));
        assert_non_null(strstr(cli.message, at(table[i].name)));
        assert_non_null(strstr(cli.hint, table[i].hint));
    }
}

static void
a_name_alone_is_looked_for_where_one_is(void **state)
{
    struct cli cli = {.program = "entente"};
    char      *text = NULL;
    size_t     len = 0;

    (void)state;
    assert_int_equal(chdir(folder), 0);
    (void)!file_read(&cli, "elephant", 99, &text, &len);
    assert_non_null(strstr(cli.hint, "it was looked for in /"));
    assert_int_equal(chdir("/"), 0);
}

static void
a_file_of_the_home_may_be_empty_but_not_open_to_others(void **state)
{
    struct cli cli = {.program = "entente"};
    char      *text = NULL;
    size_t     len = 9;

    (void)state;
    assert_int_equal(chmod(at("empty"), 0600), 0);
    assert_int_equal(file_read_own(&cli, at("empty"), 99, &text, &len),
                     STATUS_OK);
    assert_int_equal(len, 0);
    free(text);
    assert_int_equal(chmod(at("empty"), 0640), 0);
    assert_int_equal(file_read_own(&cli, at("empty"), 99, &text, &len),
                     STATUS_MODE);
    assert_non_null(strstr(cli.hint, "chmod 600 "));
}

static void
a_secret_replaces_nothing_and_is_its_owners(void **state)
{
    struct cli  cli = {.program = "entente"};
    struct stat info;

    (void)state;
    assert_int_equal(file_write_secret(&cli, at("new"), span_text("abc")),
                     STATUS_OK);
    assert_int_equal(stat(at("new"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(file_write_secret(&cli, at("new"), span_text("def")),
                     STATUS_EXISTS);
    assert_non_null(strstr(cli.message, "is there already"));
    assert_int_equal(stat(at("new"), &info), 0);
    assert_int_equal(info.st_size, 3);
    assert_int_equal(file_write(&cli, at("folder"), span_text("x")),
                     STATUS_BAD_FIELD);
    assert_int_equal(file_write(&cli, at("nowhere/x"), span_text("x")),
                     STATUS_NOT_FOUND);
}

static void
a_new_name_replaces_nothing(void **state)
{
    int where = open(folder, O_RDONLY | O_DIRECTORY);

    (void)state;
    assert_true(where >= 0);
    errno = 0;
    assert_false(file_rename_new(where, "empty", "report.json"));
    assert_int_equal(errno, EEXIST);
    assert_false(file_rename_new(where, "nothing", "renamed"));
    assert_int_equal(errno, ENOENT);
    assert_true(file_rename_new(where, "empty", "renamed"));
    assert_int_equal(access(at("empty"), F_OK), -1);
    assert_true(file_rename_new(where, "renamed", "empty"));
    assert_int_equal(access(at("report.json"), F_OK), 0);
    assert_int_equal(close(where), 0);
    assert_false(file_put(where, span_text("x")));
    assert_int_equal(errno, EBADF);
}

static void
a_program_of_ours_stands_beside_this_one_or_in_path(void **state)
{
    struct home_path found;

    (void)state;
    file_program("test_file", &found); /* this one */
    assert_int_equal(found.text[0], '/');
    assert_string_equal(strrchr(found.text, '/'), "/test_file");
    file_program("no-such-program", &found);
    assert_string_equal(found.text, "no-such-program");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole_up_to_its_limit),
        cmocka_unit_test(what_cannot_be_read_is_told_with_what_would_be_right),
        cmocka_unit_test(a_name_alone_is_looked_for_where_one_is),
        cmocka_unit_test(
            a_file_of_the_home_may_be_empty_but_not_open_to_others),
        cmocka_unit_test(a_secret_replaces_nothing_and_is_its_owners),
        cmocka_unit_test(a_new_name_replaces_nothing),
        cmocka_unit_test(a_program_of_ours_stands_beside_this_one_or_in_path),
    };

    return cmocka_run_group_tests(tests, make, end);
}
