/* test_waking.c - woken once, and not too early. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/waking.h"

static struct waking *waking;
static uint64_t       woken_at;
static int            count;

static void
on_woken(void *arg)
{
    (void)arg;
    woken_at = waking_now(waking);
    count++;
}

static void
begin(uv_loop_t *loop)
{
    count = 0;
    assert_int_equal(uv_loop_init(loop), 0);
    waking = waking_new(loop, on_woken, NULL);
}

static void
finish(uv_loop_t *loop)
{
    waking_free(waking);
    uv_run(loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(loop), 0);
}

static void
it_wakes_once_and_never_too_early(void **state)
{
    uv_loop_t loop;
    uint64_t  at;

    (void)state;
    begin(&loop);
    at = waking_now(waking) + 20;
    waking_at(waking, at);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(count, 1);
    assert_true(woken_at >= at);
    finish(&loop);
}

static void
a_later_time_replaces_the_one_before(void **state)
{
    uv_loop_t loop;
    uint64_t  at;

    (void)state;
    begin(&loop);
    at = waking_now(waking);
    waking_at(waking, at);
    waking_at(waking, at + 30);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(count, 1);
    assert_true(woken_at >= at + 30);
    finish(&loop);
}

static void
once_it_is_freed_it_does_not_wake(void **state)
{
    uv_loop_t loop;

    (void)state;
    begin(&loop);
    waking_at(waking, waking_now(waking));
    finish(&loop);
    assert_int_equal(count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_wakes_once_and_never_too_early),
        cmocka_unit_test(a_later_time_replaces_the_one_before),
        cmocka_unit_test(once_it_is_freed_it_does_not_wake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
