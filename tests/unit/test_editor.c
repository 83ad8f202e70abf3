/* The person's own editor: which one, and what becomes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/cli/editor.h"

static struct cli cli;

static enum status
run(const char *editor, const char *path)
{
    assert_int_equal(setenv("VISUAL", editor, 1), 0);
    cli = (struct cli){0};
    return editor_run(&cli, path);
}

static void
visual_goes_before_editor_before_what_the_path_has(void **state)
{
    char line[EDITOR_LINE];

    (void)state;
    setenv("VISUAL", "vi -R", 1);
    setenv("EDITOR", "ed", 1);
    assert_int_equal(editor_choose(line), STATUS_OK);
    assert_string_equal(line, "vi -R");
    setenv("VISUAL", " ", 1);
    assert_int_equal(editor_choose(line), STATUS_OK);
    assert_string_equal(line, "ed");
    unsetenv("VISUAL");
    unsetenv("EDITOR");
    setenv("PATH", "/nonexistent", 1);
    assert_int_equal(editor_choose(line), STATUS_NOT_FOUND);
    setenv("PATH", "/usr/bin:/bin", 1);
}

static void
it_gets_the_file_with_blanks_in_its_name_and_writes_for_its_owner(void **state)
{
    char        folder[] = "/tmp/entente editor-XXXXXX";
    char        path[64];
    struct stat info;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/a b", folder);
    assert_int_equal(run("touch", path), STATUS_OK);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    unlink(path);
    rmdir(folder);
}

static void
one_that_fails_or_is_not_there_is_told_as_what_it_is(void **state)
{
    (void)state;
    assert_int_equal(run("exit 3 #", "x"), STATUS_BAD_STATE);
    assert_non_null(strstr(cli.message, "ended with 3"));
    assert_int_equal(run("kill -9 $$ #", "x"), STATUS_BAD_STATE);
    assert_non_null(strstr(cli.message, "was killed"));
    assert_int_equal(run("/no/such/editor", "x"), STATUS_NOT_FOUND);
    assert_non_null(strstr(cli.hint, "EDITOR"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visual_goes_before_editor_before_what_the_path_has),
        cmocka_unit_test(
            it_gets_the_file_with_blanks_in_its_name_and_writes_for_its_owner),
        cmocka_unit_test(one_that_fails_or_is_not_there_is_told_as_what_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
