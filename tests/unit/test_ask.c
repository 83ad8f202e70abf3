/* test_ask.c - a line, or nobody. */
#include "tools/cli/ask.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Standard input is a pipe with these words; what its writer holds. */
static int
typed(const char *words)
{
    int pipes[2];

    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(write(pipes[1], words, strlen(words)), strlen(words));
    assert_int_equal(dup2(pipes[0], STDIN_FILENO), STDIN_FILENO);
    close(pipes[0]);
    clearerr(stdin);
    return pipes[1];
}

static void
a_line_comes_without_its_end_and_cut_to_its_room(void **state)
{
    int  writer = typed("yes, and more\n");
    char line[6];

    (void)state;
    assert_true(ask_line(line, sizeof(line)));
    assert_string_equal(line, "yes, ");
    close(writer);
    assert_false(ask_line(line, sizeof(line))); /* the rest is no answer */
    assert_string_equal(line, "");
}

static void
an_empty_line_is_an_answer_and_the_end_is_none(void **state)
{
    int  writer = typed("\n");
    char line[6] = "x";

    (void)state;
    assert_true(ask_line(line, sizeof(line)));
    assert_string_equal(line, "");
    close(writer);
    assert_false(ask_line(line, sizeof(line)));
}

/* The pipe stays open: without the signal it would wait for ever. */
static void
a_signal_that_ends_is_nobody_and_we_go_on(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t         mask;
    sigset_t         before;

    (void)state;
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        int  writer = typed("");
        char line[6] = "x";

        sigemptyset(&mask);
        sigaddset(&mask, signals[i]);
        assert_int_equal(sigprocmask(SIG_BLOCK, &mask, &before), 0);
        assert_int_equal(raise(signals[i]), 0);
        assert_false(ask_line(line, sizeof(line)));
        assert_string_equal(line, "");
        assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
        close(writer);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_comes_without_its_end_and_cut_to_its_room),
        cmocka_unit_test(an_empty_line_is_an_answer_and_the_end_is_none),
        cmocka_unit_test(a_signal_that_ends_is_nobody_and_we_go_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
