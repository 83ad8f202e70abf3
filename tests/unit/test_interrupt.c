/* Signals as things to wait for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/cli/interrupt.h"

#include <unistd.h>

static void
a_signal_is_told_when_it_is_waited_for(void **state)
{
    struct interrupt interrupt;

    (void)state;
    assert_int_equal(interrupt_open(&interrupt, -1), STATUS_OK);
    assert_int_equal(interrupt_wait(&interrupt, -1, 0), INTERRUPT_TIME);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(raise(SIGINT), 0);
    assert_int_equal(interrupt_wait(&interrupt, -1, -1), INTERRUPT_END);
    assert_int_equal(interrupt_wait(&interrupt, -1, -1), INTERRUPT_END);
    assert_int_equal(interrupt.asked, 2);
    assert_int_equal(raise(SIGCHLD), 0);
    assert_int_equal(interrupt_wait(&interrupt, -1, -1), INTERRUPT_CHILD);
    assert_int_equal(interrupt_wait(&interrupt, -1, 1), INTERRUPT_TIME);
    assert_int_equal(interrupt.asked, 2);
    interrupt_close(&interrupt);
}

static void
a_descriptor_is_told_and_a_signal_first(void **state)
{
    struct interrupt interrupt;
    int              ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(interrupt_open(&interrupt, -1), STATUS_OK);
    assert_int_equal(interrupt_wait(&interrupt, ends[0], 0), INTERRUPT_TIME);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(raise(SIGHUP), 0);
    assert_int_equal(interrupt_wait(&interrupt, ends[0], -1), INTERRUPT_END);
    assert_int_equal(interrupt_wait(&interrupt, ends[0], -1),
                     INTERRUPT_READY);
    interrupt_close(&interrupt);
    close(ends[0]);
    close(ends[1]);
}

static void
the_end_of_who_reads_is_told_once(void **state)
{
    struct interrupt interrupt;
    int              ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(interrupt_open(&interrupt, ends[1]), STATUS_OK);
    assert_int_equal(interrupt_wait(&interrupt, -1, 0), INTERRUPT_TIME);
    close(ends[0]);
    assert_int_equal(interrupt_wait(&interrupt, -1, -1), INTERRUPT_END);
    assert_int_equal(interrupt_wait(&interrupt, -1, 0), INTERRUPT_TIME);
    assert_int_equal(write(ends[1], "x", 1), -1); /* and no SIGPIPE */
    interrupt_close(&interrupt);
    close(ends[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_is_told_when_it_is_waited_for),
        cmocka_unit_test(a_descriptor_is_told_and_a_signal_first),
        cmocka_unit_test(the_end_of_who_reads_is_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
