/* test_quota.c - each rung of the ladder, by count and by bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/core/message/quota.h"
#include "proto/leaf.h"
#include "proto/limits.h"

/* The least that is so many percent. */
static uint64_t
count_of(unsigned percent)
{
    return ((uint64_t)LIMIT_PENDING_COUNT * percent + 99) / 100;
}

static uint64_t
bytes_of(unsigned percent)
{
    return (LIMIT_PENDING_BYTES * percent + 99) / 100;
}

static const struct {
    unsigned percent;
    unsigned below, at;
} ladder[] = {
    {90, 0, PRECEDENCE_PRIORITY},
    {95, PRECEDENCE_PRIORITY, PRECEDENCE_IMMEDIATE},
    {98, PRECEDENCE_IMMEDIATE, PRECEDENCE_FLASH},
    {100, PRECEDENCE_FLASH, PRECEDENCE_COUNT},
};

static void
each_rung_is_reached_by_count_and_by_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(ladder) / sizeof(ladder[0]); i++) {
        uint64_t count = count_of(ladder[i].percent);
        uint64_t bytes = bytes_of(ladder[i].percent);

        assert_int_equal(quota_floor(count - 1, 0), ladder[i].below);
        assert_int_equal(quota_floor(count, 0), ladder[i].at);
        assert_int_equal(quota_floor(0, bytes - 1), ladder[i].below);
        assert_int_equal(quota_floor(0, bytes), ladder[i].at);
    }
}

static void
the_fuller_of_the_two_counts_and_is_named(void **state)
{
    (void)state;
    assert_int_equal(quota_percent(0, 0), 0);
    assert_int_equal(quota_percent(count_of(70), bytes_of(3)), 70);
    assert_int_equal(quota_percent(count_of(70) - 1, bytes_of(3)), 69);
    assert_int_equal(quota_percent(count_of(3), bytes_of(70)), 70);
    assert_memory_equal(quota_limit(count_of(2), bytes_of(1)),
                        "LIMIT_PENDING_COUNT", 19);
    assert_memory_equal(quota_limit(count_of(1), bytes_of(2)),
                        "LIMIT_PENDING_BYTES", 19);
    assert_int_equal(quota_floor(count_of(95), bytes_of(90)),
                     PRECEDENCE_IMMEDIATE);
}

static void
what_restored_logs_gave_back_may_be_more_than_all(void **state)
{
    (void)state;
    assert_int_equal(quota_floor(2 * count_of(100), 0), PRECEDENCE_COUNT);
    assert_int_equal(quota_percent(0, 2 * LIMIT_PENDING_BYTES), 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rung_is_reached_by_count_and_by_bytes),
        cmocka_unit_test(the_fuller_of_the_two_counts_and_is_named),
        cmocka_unit_test(what_restored_logs_gave_back_may_be_more_than_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
