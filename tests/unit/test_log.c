/* test_log.c - a line for people: whole, in one line, without surprises. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/log.h"

#include <string.h>

static void
a_line_says_when_how_bad_who_and_what(void **state)
{
    char line[LOG_LINE_MAX];

    (void)state;
    log_format(1398247200123, LOG_WARN, "tcp", span_text("3 dropped"), line);
    assert_string_equal(line, "2014-04-23T10:00:00.123Z warn tcp: 3 dropped\n");
}

static void
what_does_not_print_becomes_a_question_mark(void **state)
{
    char line[LOG_LINE_MAX];

    (void)state;
    log_format(0, LOG_INFO, "x", span_text("a\nb\033[2Jc\177"), line);
    assert_string_equal(line, "1970-01-01T00:00:00.000Z info x: a?b?[2Jc?\n");
}

static void
a_line_that_is_too_long_is_cut_and_ended(void **state)
{
    char line[LOG_LINE_MAX];
    char words[2 * LOG_LINE_MAX];

    (void)state;
    memset(words, 'a', sizeof(words));
    log_format(0, LOG_ERROR, "x",
               (struct span){(const uint8_t *)words, sizeof(words)}, line);
    assert_int_equal(strlen(line), LOG_LINE_MAX - 1);
    assert_int_equal(line[LOG_LINE_MAX - 2], '\n');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_when_how_bad_who_and_what),
        cmocka_unit_test(what_does_not_print_becomes_a_question_mark),
        cmocka_unit_test(a_line_that_is_too_long_is_cut_and_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
