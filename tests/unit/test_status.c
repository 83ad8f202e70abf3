/* test_status.c - one list of names, words and exit codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/status.h"

#include <string.h>

static void
each_status_has_a_name_and_words_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < STATUS_COUNT; i++) {
        const char *name = status_name((enum status)i);
        const char *words = status_words((enum status)i);

        assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"),
                         strlen(name));
        assert_true(strlen(words) > 0);
        assert_int_not_equal(words[strlen(words) - 1], '.');
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(name, status_name((enum status)j));
            assert_string_not_equal(words, status_words((enum status)j));
        }
    }
}

static void
only_ok_ends_a_command_with_zero(void **state)
{
    (void)state;
    assert_int_equal(status_exit_code(STATUS_OK), 0);
    for (unsigned i = STATUS_OK + 1; i < STATUS_COUNT; i++) {
        assert_in_range(status_exit_code((enum status)i), 1, 8);
    }
}

static void
exit_codes_are_those_that_scripts_were_promised(void **state)
{
    (void)state;
    assert_int_equal(status_exit_code(STATUS_IO), 1);
    assert_int_equal(status_exit_code(STATUS_USAGE), 2);
    assert_int_equal(status_exit_code(STATUS_UNREACHABLE), 3);
    assert_int_equal(status_exit_code(STATUS_UNTRUSTED), 4);
    assert_int_equal(status_exit_code(STATUS_BAD_PROOF), 4);
    assert_int_equal(status_exit_code(STATUS_NOT_FOUND), 5);
    assert_int_equal(status_exit_code(STATUS_TIMEOUT), 6);
    assert_int_equal(status_exit_code(STATUS_BAD_ENCODING), 7);
    assert_int_equal(status_exit_code(STATUS_POLICY), 8);
}

static void
each_name_is_read_back_and_no_other(void **state)
{
    enum status found = STATUS_COUNT;

    (void)state;
    for (int st = STATUS_OK; st < STATUS_COUNT; st++) {
        assert_int_equal(status_parse(status_name((enum status)st), &found),
                         STATUS_OK);
        assert_int_equal(found, st);
    }
    assert_int_equal(status_parse("ok", &found), STATUS_NOT_FOUND);
    assert_int_equal(status_parse("", &found), STATUS_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_status_has_a_name_and_words_of_its_own),
        cmocka_unit_test(only_ok_ends_a_command_with_zero),
        cmocka_unit_test(exit_codes_are_those_that_scripts_were_promised),
        cmocka_unit_test(each_name_is_read_back_and_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
