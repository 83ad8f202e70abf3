/* What a draft leaves out comes from HOME/defaults, and nothing else does. */
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

#include "tools/writing/defaults.h"

static struct cli cli;

static int
make_home(void **state)
{
    (void)state;
    cli = (struct cli){.program = "entente", .home = "/tmp/entente-XXXXXX"};
    return mkdtemp(cli.home) == NULL;
}

static int
drop_home(void **state)
{
    char path[256];

    (void)state;
    cli_clear(&cli);
    snprintf(path, sizeof(path), "%.200s/" DEFAULTS_FILE, cli.home);
    unlink(path);
    return rmdir(cli.home);
}

static void
write_file(const char *text, mode_t mode)
{
    char  path[256];
    FILE *out;

    snprintf(path, sizeof(path), "%.200s/" DEFAULTS_FILE, cli.home);
    out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    assert_int_equal(chmod(path, mode), 0);
}

static const char *
text_at(const json_t *object, const char *above, const char *key)
{
    const char *text = json_string_value(
        json_object_get(json_object_get(object, above), key));

    return text == NULL ? "" : text;
}

static void
a_form_and_json_fill_what_is_not_there(void **state)
{
    static const char *const files[] = {
        "originator.org: IFC-IOR\noriginator.post: Duty Officer\n"
        "label.policy: IN-JP\nlabel.classification: RESTRICTED\n",
        "{\"originator\": {\"org\": \"IFC-IOR\", \"post\": \"Duty Officer\"}, "
        "\"label\": {\"policy\": \"IN-JP\", \"classification\": "
        "\"RESTRICTED\"}}"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        json_t *object = json_pack("{s:{s:s}, s:{s:s}}", "originator", "post",
                                   "Captain", "label", "policy", "OURS");

        write_file(files[i], 0600);
        assert_int_equal(defaults_fill(&cli, object, 0), STATUS_OK);
        assert_string_equal(text_at(object, "originator", "org"), "IFC-IOR");
        assert_string_equal(text_at(object, "originator", "post"), "Captain");
        assert_string_equal(text_at(object, "label", "policy"), "OURS");
        /* A label that is begun is whole. */
        assert_string_equal(text_at(object, "label", "classification"), "");
        assert_null(json_object_get(object, "note"));
        assert_null(json_object_get(object, "kind"));
        json_decref(object);
    }
}

static void
no_file_or_an_empty_one_fills_nothing(void **state)
{
    json_t *object = json_object();

    (void)state;
    assert_int_equal(defaults_fill(&cli, object, 0), STATUS_OK);
    write_file("# nothing yet\n", 0600);
    assert_int_equal(defaults_fill(&cli, object, 0), STATUS_OK);
    assert_int_equal(json_object_size(object), 0);
    json_decref(object);
}

static void
what_cannot_stand_there_is_told_and_fills_nothing(void **state)
{
    static const struct {
        const char *file;
        const char *path;
        const char *words;
    } table[] = {
        {"subject: every day\n", "subject", "the same in every message"},
        {"note.text: x\n", "note", "the same in every message"},
        {"precedence: FAST\n", "precedence", "is no word here"},
        {"label.polici: x\n", "label.polici", "did you mean \"policy\""},
        {"legal_basis\n", "", "legal_basis"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        json_t     *object = json_object();
        const char *words;

        cli.failed = false;
        cli_clear(&cli);
        write_file(table[i].file, 0600);
        assert_int_equal(status_exit_code(defaults_fill(&cli, object, 0)), 7);
        assert_int_equal(json_object_size(object), 0);
        assert_non_null(strstr(cli.message, DEFAULTS_FILE));
        words = json_string_value(
            json_object_get(json_array_get(cli.errors, 0), "message"));
        assert_non_null(words);
        assert_non_null(strstr(words, table[i].words));
        json_decref(object);
    }
}

static void
a_file_that_others_reach_is_not_read(void **state)
{
    json_t *object = json_object();

    (void)state;
    write_file("precedence: FLASH\n", 0644);
    assert_int_equal(defaults_fill(&cli, object, 0), STATUS_MODE);
    assert_non_null(strstr(cli.hint, "chmod 600 "));
    assert_int_equal(json_object_size(object), 0);
    json_decref(object);
}

#define HOME_TEST(name) \
    cmocka_unit_test_setup_teardown(name, make_home, drop_home)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        HOME_TEST(a_form_and_json_fill_what_is_not_there),
        HOME_TEST(no_file_or_an_empty_one_fills_nothing),
        HOME_TEST(what_cannot_stand_there_is_told_and_fills_nothing),
        HOME_TEST(a_file_that_others_reach_is_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
