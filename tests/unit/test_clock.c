/* test_clock.c - time that does not fall, randomness that does not repeat. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/clock.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static void
the_monotonic_clock_never_falls(void **state)
{
    struct clock clock = {0};
    uint64_t     before = clock_mono_ms(&clock);

    (void)state;
    usleep(20000);
    assert_true(clock_mono_ms(&clock) >= before + 20);
    clock.mono_ms = before + 1000000; /* as if the kernel's had fallen */
    assert_int_equal(clock_mono_ms(&clock), before + 1000000);
}

static void
the_wall_clock_is_in_milliseconds(void **state)
{
    uint64_t seconds = (uint64_t)time(NULL);

    (void)state;
    assert_in_range(clock_wall_ms() / 1000, seconds - 1, seconds + 2);
}

static void
random_bytes_fill_all_and_do_not_repeat(void **state)
{
    uint8_t a[1000] = {0};
    uint8_t b[1000] = {0};
    size_t  zeros = 0;

    (void)state;
    clock_random(a, sizeof(a));
    clock_random(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    for (size_t i = 0; i < sizeof(a); i++)
        zeros += a[i] == 0;
    assert_true(zeros < 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_monotonic_clock_never_falls),
        cmocka_unit_test(the_wall_clock_is_in_milliseconds),
        cmocka_unit_test(random_bytes_fill_all_and_do_not_repeat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
