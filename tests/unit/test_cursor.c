/* A place that is kept under a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/reading/cursor.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct command command = {.name = "watch"};
static struct cli           cli;

static int
make(void **state)
{
    char home[] = "/tmp/entente-cursor-XXXXXX";

    (void)state;
    cli = (struct cli){.program = "entente", .command = &command};
    assert_non_null(mkdtemp(home));
    snprintf(cli.home, sizeof(cli.home), "%s", home);
    return 0;
}

static void
remove_file(const char *name)
{
    char path[HOME_PATH_MAX + 64];

    snprintf(path, sizeof(path), "%s/%s", cli.home, name);
    if (remove(path) != 0)
        fail_msg("%s was not there", name);
}

static int
drop(void **state)
{
    (void)state;
    remove_file("cursors");
    remove_file("");
    return 0;
}

static void
what_was_noted_is_there_the_next_time(void **state)
{
    struct cursor cursor;

    (void)state;
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    assert_string_equal(cursor.text, "");
    assert_int_equal(cursor_note(&cli, &cursor, "c0ffee"), STATUS_OK);
    assert_int_equal(cursor_note(&cli, &cursor, "beef"), STATUS_OK);
    assert_string_equal(cursor.text, "beef");
    cursor_close(&cursor);
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    assert_string_equal(cursor.text, "beef");
    cursor_close(&cursor);
    remove_file("cursors/desk");
}

static void
a_name_has_one_holder_at_a_time_and_others_have_theirs(void **state)
{
    struct cursor first, second, other;

    (void)state;
    assert_int_equal(cursor_open(&cli, "desk", &first), STATUS_OK);
    assert_int_equal(cursor_open(&cli, "desk", &second), STATUS_LOCKED);
    assert_non_null(strstr(cli.message, "desk"));
    assert_int_equal(cursor_open(&cli, "other", &other), STATUS_OK);
    cursor_close(&first);
    assert_int_equal(cursor_open(&cli, "desk", &second), STATUS_OK);
    cursor_close(&second);
    cursor_close(&other);
    remove_file("cursors/desk");
    remove_file("cursors/other");
}

static void
without_a_name_nothing_is_kept(void **state)
{
    struct cursor cursor;
    struct stat   info;
    char          path[HOME_PATH_MAX + 16];

    (void)state;
    assert_int_equal(cursor_open(&cli, NULL, &cursor), STATUS_OK);
    assert_int_equal(cursor_note(&cli, &cursor, "c0ffee"), STATUS_OK);
    assert_string_equal(cursor.text, "c0ffee");
    cursor_close(&cursor);
    snprintf(path, sizeof(path), "%s/cursors", cli.home);
    assert_int_not_equal(stat(path, &info), 0);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void
a_name_that_leads_elsewhere_is_refused(void **state)
{
    static const char *const bad[] = {
        "", "../x", "a/b", ".", "a.b", "a b", "\xc3\xa9",
        "a123456789b123456789c123456789d123456789e123456789f123456789g123"};
    struct cursor cursor;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(cursor_open(&cli, bad[i], &cursor), STATUS_USAGE);
    assert_int_equal(cursor_open(&cli, "A-z_0", &cursor), STATUS_OK);
    cursor_close(&cursor);
    remove_file("cursors/A-z_0");
}

static void
what_is_no_place_is_not_noted_and_the_old_one_stands(void **state)
{
    char          longest[CURSOR_TEXT + 1] = "";
    struct cursor cursor;

    (void)state;
    memset(longest, 'a', CURSOR_TEXT);
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    assert_int_equal(cursor_note(&cli, &cursor, "beef"), STATUS_OK);
    assert_int_equal(cursor_note(&cli, &cursor, ""), STATUS_TOO_LARGE);
    assert_int_equal(cursor_note(&cli, &cursor, longest), STATUS_TOO_LARGE);
    assert_int_equal(cursor_note(&cli, &cursor, "c0 ffee"), STATUS_TOO_LARGE);
    longest[CURSOR_TEXT - 1] = '\0';
    cursor_close(&cursor);
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    assert_string_equal(cursor.text, "beef");
    assert_int_equal(cursor_note(&cli, &cursor, longest), STATUS_OK);
    cursor_close(&cursor);
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    assert_string_equal(cursor.text, longest);
    cursor_close(&cursor);
    remove_file("cursors/desk");
}

/* Writes into the file as a crash may leave it. */
static void
scribble(const char *bytes, long at)
{
    char  path[HOME_PATH_MAX + 32];
    FILE *file;

    snprintf(path, sizeof(path), "%s/cursors/desk", cli.home);
    file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_not_equal(fputs(bytes, file), EOF);
    assert_int_equal(fclose(file), 0);
}

static void
expect_text(const char *text)
{
    struct cursor cursor;

    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    assert_string_equal(cursor.text, text);
    cursor_close(&cursor);
}

static void
a_note_cut_short_leaves_the_one_before(void **state)
{
    static const char *const cuts[] = {"00000000000000000003 c3 c", "0000",
                                       "00000000000000000003 c3 c2\n",
                                       "00000000000000000003  \n", "\xff"};
    struct cursor            cursor;

    (void)state;
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    assert_int_equal(cursor_note(&cli, &cursor, "c1"), STATUS_OK);
    assert_int_equal(cursor_note(&cli, &cursor, "c2"), STATUS_OK);
    cursor_close(&cursor);
    for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
        scribble("00000000000000000001 c1 c1\n", 0);
        scribble(cuts[i], 0);
        expect_text("c2");
    }
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    assert_int_equal(cursor_note(&cli, &cursor, "c3"), STATUS_OK);
    cursor_close(&cursor);
    expect_text("c3");
    scribble("x", 4096); /* the older of the two */
    expect_text("c3");
    remove_file("cursors/desk");
}

static void
a_file_without_a_place_is_damage_and_no_new_beginning(void **state)
{
    struct cursor cursor;

    (void)state;
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    cursor_close(&cursor);
    expect_text(""); /* nothing was noted yet */
    scribble("garbage\n", 0);
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_CORRUPT);
    remove_file("cursors/desk");
}

static void
a_file_that_others_may_write_is_refused(void **state)
{
    struct cursor cursor;
    char          path[HOME_PATH_MAX + 32];

    (void)state;
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_OK);
    cursor_close(&cursor);
    snprintf(path, sizeof(path), "%s/cursors/desk", cli.home);
    assert_int_equal(chmod(path, 0620), 0);
    assert_int_equal(cursor_open(&cli, "desk", &cursor), STATUS_MODE);
    remove_file("cursors/desk");
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        CLAIM(what_was_noted_is_there_the_next_time),
        CLAIM(a_name_has_one_holder_at_a_time_and_others_have_theirs),
        CLAIM(without_a_name_nothing_is_kept),
        CLAIM(a_name_that_leads_elsewhere_is_refused),
        CLAIM(what_is_no_place_is_not_noted_and_the_old_one_stands),
        CLAIM(a_note_cut_short_leaves_the_one_before),
        CLAIM(a_file_without_a_place_is_damage_and_no_new_beginning),
        CLAIM(a_file_that_others_may_write_is_refused),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}
