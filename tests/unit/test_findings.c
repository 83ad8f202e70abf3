/* What doctor tells: a grade as a word, the cure beneath, JSON the same. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/admin/findings.h"

static int
make(void **state)
{
    static struct findings findings;

    findings_init(&findings);
    findings_add(&findings, FINDINGS_OK, "home", NULL, "%s", "yours alone");
    findings_add(&findings, FINDINGS_WARN, "link", "call them", "%s: down",
                 "jmsdf\x1b[2J");
    findings_add(&findings, FINDINGS_FAIL, "modes", "chmod go= card",
                 "%d open", 1);
    *state = &findings;
    return 0;
}

static int
drop(void **state)
{
    findings_clear(*state);
    return 0;
}

static char *
printed(const struct findings *findings, bool color, size_t width)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len);

    findings_print(findings, color, width, out);
    fclose(out);
    return text;
}

static void
a_grade_is_a_word_and_the_cure_stands_beneath(void **state)
{
    char *text = printed(*state, false, 0);

    assert_non_null(strstr(text, "ok    home          yours alone\n"));
    assert_non_null(strstr(text, "fail  modes         1 open\n"
                                 "                    -> chmod go= card\n"));
    free(text);
}

static void
what_quotes_a_damaged_file_is_told_with_its_bytes_as_numbers(void **state)
{
    struct findings findings;
    json_t         *words;

    (void)state;
    findings_init(&findings);
    findings_add(&findings, FINDINGS_FAIL, "config", "mend \xe9",
                 "unknown key li\xf3ten");
    assert_int_equal(json_array_size(findings.list), 1);
    words = json_object_get(json_array_get(findings.list, 0), "words");
    assert_string_equal(json_string_value(words), "unknown key li\\xf3ten");
    findings_clear(&findings);
}

static void
no_control_character_reaches_the_terminal(void **state)
{
    char *text = printed(*state, false, 0);

    assert_non_null(strstr(text, "jmsdf\\x1b[2J: down"));
    assert_null(strchr(text, '\x1b'));
    free(text);
}

static void
colours_add_to_the_words(void **state)
{
    char *text = printed(*state, true, 0);

    assert_non_null(strstr(text, "\x1b[1;31mfail\x1b[0m"));
    assert_non_null(strstr(text, "\x1b[33mwarn\x1b[0m"));
    free(text);
}

static void
a_failure_is_not_ok_and_a_warning_is(void **state)
{
    struct findings  fine;
    struct findings *findings = *state;
    json_t          *json = findings_json(findings);

    assert_true(json_is_false(json_object_get(json, "ok")));
    assert_int_equal(json_integer_value(json_object_get(json, "failures")), 1);
    assert_int_equal(json_integer_value(json_object_get(json, "warnings")), 1);
    assert_int_equal(json_array_size(json_object_get(json, "findings")), 3);
    json_decref(json);
    findings_init(&fine);
    findings_add(&fine, FINDINGS_WARN, "link", NULL, "down");
    json = findings_json(&fine);
    assert_true(json_is_true(json_object_get(json, "ok")));
    json_decref(json);
    findings_clear(&fine);
}

static void
long_words_are_wrapped_beneath_themselves(void **state)
{
    char *text;

    findings_add(*state, FINDINGS_OK, "long", NULL,
                 "one two three four five six seven");
    text = printed(*state, false, 44);
    assert_non_null(strstr(text, "ok    long          one two three four five\n"
                                 "                    six seven\n"));
    free(text);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        CLAIM(a_grade_is_a_word_and_the_cure_stands_beneath),
        CLAIM(what_quotes_a_damaged_file_is_told_with_its_bytes_as_numbers),
        CLAIM(no_control_character_reaches_the_terminal),
        CLAIM(colours_add_to_the_words),
        CLAIM(a_failure_is_not_ok_and_a_warning_is),
        CLAIM(long_words_are_wrapped_beneath_themselves),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}
