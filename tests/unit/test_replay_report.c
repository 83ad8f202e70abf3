/* test_replay_report.c - what was said first stays. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/host/replay_report.h"

#include <string.h>

static void
the_first_words_stay_and_each_status_is_passed_on(void **state)
{
    struct replay_report report = {.packets = 1};

    (void)state;
    assert_int_equal(
        replay_report_fault(&report, STATUS_DIFFERENT, "byte %d", 5),
        STATUS_DIFFERENT);
    assert_int_equal(replay_report_fault(&report, STATUS_BAD_PROOF, "later"),
                     STATUS_BAD_PROOF);
    assert_string_equal(report.words, "byte 5");
}

static void
words_that_are_too_many_are_cut(void **state)
{
    struct replay_report report = {.packets = 1};

    (void)state;
    assert_int_equal(replay_report_fault(&report, STATUS_DIFFERENT, "%0600d",
                                         1),
                     STATUS_DIFFERENT);
    assert_int_equal(strlen(report.words), REPLAY_REPORT_WORDS - 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_words_stay_and_each_status_is_passed_on),
        cmocka_unit_test(words_that_are_too_many_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
