/* test_rounds.c - twice a round of the loop, until it is freed. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/rounds.h"

static struct rounds *rounds;
static int            calls, calls_before_the_end;

static void
on_round(void *arg)
{
    (void)arg;
    calls++;
    if (calls == calls_before_the_end)
        rounds_free(rounds);
}

static void
run(int end_at)
{
    uv_loop_t loop;

    calls = 0;
    calls_before_the_end = end_at;
    assert_int_equal(uv_loop_init(&loop), 0);
    rounds = rounds_new(&loop, on_round, NULL);
    rounds_start(rounds);
    for (int i = 0; i < 3; i++)
        uv_run(&loop, UV_RUN_NOWAIT);
    if (end_at > 6)
        rounds_free(rounds);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void
it_calls_before_and_after_each_poll(void **state)
{
    (void)state;
    run(1000);
    assert_int_equal(calls, 6);
}

static void
after_it_was_freed_it_calls_no_more_not_even_in_that_round(void **state)
{
    (void)state;
    run(1);
    assert_int_equal(calls, 1);
    run(2);
    assert_int_equal(calls, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_calls_before_and_after_each_poll),
        cmocka_unit_test(
            after_it_was_freed_it_calls_no_more_not_even_in_that_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
