/* test_ending.c - every way to end has its own code. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/ending.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
no_two_endings_share_a_name_or_a_code(void **state)
{
    (void)state;
    for (int a = 0; a < ENDING_COUNT; a++) {
        assert_true(strlen(ending_words((enum ending)a)) > 0);
        for (int b = 0; b < a; b++) {
            assert_int_not_equal(ending_code((enum ending)a),
                                 ending_code((enum ending)b));
            assert_string_not_equal(ending_name((enum ending)a),
                                    ending_name((enum ending)b));
        }
    }
}

static void
every_status_ends_somehow_and_only_ok_with_zero(void **state)
{
    (void)state;
    for (int st = 0; st < STATUS_COUNT; st++) {
        int code = ending_code(ending_of((enum status)st));

        assert_int_equal(code == 0, st == STATUS_OK);
    }
}

static void
codes_up_to_eight_are_those_of_the_command(void **state)
{
    (void)state;
    for (int st = 0; st < STATUS_COUNT; st++) {
        int code = ending_code(ending_of((enum status)st));

        if (code > 1 && code <= 8)
            assert_int_equal(code, status_exit_code((enum status)st));
    }
    assert_int_equal(ending_of(STATUS_PASSPHRASE), ENDING_UNTRUSTED);
}

/* The exit code of a process that does this. */
static int
code_of(void (*act)(void))
{
    int   how = 0;
    pid_t child = fork();

    if (child == 0) {
        close(STDERR_FILENO);
        act();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    return WEXITSTATUS(how);
}

static void
end_of_a_commit(void)
{
    ending_now(ENDING_COMMIT);
}

static void
abort_that_is_caught(void)
{
    ending_catch_abort();
    abort();
}

static void
ending_now_ends_with_that_code(void **state)
{
    (void)state;
    assert_int_equal(code_of(end_of_a_commit), ending_code(ENDING_COMMIT));
}

static void
abort_ends_with_a_code_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(code_of(abort_that_is_caught),
                     ending_code(ENDING_ABORTED));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_endings_share_a_name_or_a_code),
        cmocka_unit_test(every_status_ends_somehow_and_only_ok_with_zero),
        cmocka_unit_test(codes_up_to_eight_are_those_of_the_command),
        cmocka_unit_test(ending_now_ends_with_that_code),
        cmocka_unit_test(abort_ends_with_a_code_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
