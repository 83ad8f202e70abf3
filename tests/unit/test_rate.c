/* test_rate.c - what a link carried, and the room that follows from it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/rate.h"

static void
nothing_carried_is_the_smallest_room(void **state)
{
    struct rate rate = {0};

    (void)state;
    assert_int_equal(rate_carried(&rate), 0);
    assert_int_equal(rate_room(&rate), LIMIT_ROOM_MIN);
    rate_note(&rate, 5, 0);
    assert_int_equal(rate_carried(&rate), 0);
}

static void
a_steady_link_carries_a_quarter_second_of_its_speed(void **state)
{
    static const uint64_t steps_ms[] = {1, 7, 42, 100, 250};

    (void)state;
    for (size_t i = 0; i < sizeof(steps_ms) / sizeof(*steps_ms); i++) {
        struct rate rate = {0};

        for (uint64_t ms = 0; ms <= 3000; ms += steps_ms[i])
            rate_note(&rate, 1000 + ms, ms * 1000);
        assert_in_range(rate_carried(&rate), 249000, 251000);
    }
}

static void
a_note_after_a_pause_counts_its_share_of_the_pause(void **state)
{
    struct rate rate = {0};

    (void)state;
    rate_note(&rate, 1000, 0);
    rate_note(&rate, 11000, 40000);
    assert_int_equal(rate_carried(&rate), 1000);
}

static void
the_room_follows_a_link_that_becomes_slow_within_the_span(void **state)
{
    struct rate rate = {0};
    uint64_t    total = 0;

    (void)state;
    for (uint64_t ms = 0; ms <= 1000; ms += 10)
        rate_note(&rate, ms, total += 100000);
    assert_int_equal(rate_room(&rate), LIMIT_ROOM_MAX);
    for (uint64_t ms = 1010; ms <= 1270; ms += 10)
        rate_note(&rate, ms, total += 80);
    assert_int_equal(rate_room(&rate), LIMIT_ROOM_MIN);
}

static void
a_frame_is_at_most_a_quarter_of_the_room(void **state)
{
    (void)state;
    assert_int_equal(rate_frame_max(LIMIT_ROOM_MIN), LIMIT_ROOM_MIN / 4);
    assert_int_equal(rate_frame_max(4), LIMIT_FRAME_MIN);
    assert_int_equal(rate_frame_max(LIMIT_ROOM_MAX), LIMIT_FRAME);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        CLAIM(nothing_carried_is_the_smallest_room),
        CLAIM(a_steady_link_carries_a_quarter_second_of_its_speed),
        CLAIM(a_note_after_a_pause_counts_its_share_of_the_pause),
        CLAIM(the_room_follows_a_link_that_becomes_slow_within_the_span),
        CLAIM(a_frame_is_at_most_a_quarter_of_the_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
