/* test_skew.c - what a receipt's time proves about the clock of its signer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/context.h"
#include "node/core/link/skew.h"

#include <stdlib.h>

#define NOW_S UINT64_C(1764000000)
#define NOW_MS (NOW_S * 1000 + 400)

enum { YEAR_S = 31557600 };

static void
a_time_between_dispatch_and_arrival_proves_nothing(void **state)
{
    (void)state;
    assert_int_equal(skew_of_receipt(NOW_S, NOW_MS, NOW_MS), 0);
    assert_int_equal(skew_of_receipt(NOW_S, NOW_MS - 90000, NOW_MS), 0);
    assert_int_equal(skew_of_receipt(NOW_S - 90, NOW_MS - 90000, NOW_MS), 0);
}

static void
a_time_that_has_not_come_is_of_a_clock_ahead(void **state)
{
    (void)state;
    assert_int_equal(skew_of_receipt(NOW_S + 1, NOW_MS, NOW_MS), 1);
    assert_int_equal(skew_of_receipt(NOW_S + 20 * (uint64_t)YEAR_S, 0, NOW_MS),
                     20 * (int64_t)YEAR_S);
    assert_true(skew_of_receipt(UINT64_MAX, NOW_MS, NOW_MS) > 0);
}

static void
a_time_before_dispatch_is_of_a_clock_behind(void **state)
{
    (void)state;
    assert_int_equal(skew_of_receipt(NOW_S - 91, NOW_MS - 90000, NOW_MS), -1);
    assert_int_equal(skew_of_receipt(0, NOW_MS, NOW_MS), -(int64_t)NOW_S);
}

/* A receipt that waited for a link for a day, and whose dispatch nobody
 * remembers. */
static void
a_long_way_is_no_clock_behind(void **state)
{
    (void)state;
    assert_int_equal(skew_of_receipt(NOW_S - 86400, 0, NOW_MS), 0);
}

/* --- one receipt after the other ------------------------------------------ */

struct receipts {
    struct peer       peer;
    struct channel    channel; /* with nothing in flight */
    struct turn_input input;
    struct effects    out;
    struct context    turn;
};

static struct receipts *
receipts_new(void)
{
    struct receipts *receipts = calloc(1, sizeof(*receipts));

    assert_non_null(receipts);
    receipts->input.wall_ms = NOW_MS;
    receipts->input.mono_ms = 1000;
    receipts->turn.input = &receipts->input;
    receipts->turn.out = &receipts->out;
    effects_init(&receipts->out);
    return receipts;
}

static void
receipts_free(struct receipts *receipts)
{
    effects_free(&receipts->out);
    free(receipts);
}

static void
receipt(struct receipts *receipts, uint64_t after_ms, uint64_t time_s)
{
    receipts->input.mono_ms += after_ms;
    receipts->input.wall_ms += after_ms;
    skew_note(&receipts->turn, &receipts->peer, &receipts->channel, 1, time_s);
}

static void
a_clock_that_was_set_right_is_no_longer_ahead(void **state)
{
    struct receipts *receipts = receipts_new();
    uint64_t         ahead = NOW_S + YEAR_S;

    (void)state;
    receipt(receipts, 0, ahead);
    assert_int_equal(receipts->peer.skew_s, YEAR_S);
    receipt(receipts, 1, ahead); /* within the same second */
    assert_int_equal(receipts->peer.skew_s, YEAR_S);
    receipt(receipts, SKEW_STANDS_MS, ahead);
    assert_int_equal(receipts->peer.skew_s, 0);
    receipt(receipts, 60000, ahead);
    assert_int_equal(receipts->peer.skew_s, 0);
    receipts_free(receipts);
}

static void
a_clock_that_goes_on_ahead_is_told_on_and_logged_once(void **state)
{
    struct receipts *receipts = receipts_new();

    (void)state;
    for (uint64_t s = 0; s < 100; s += 10)
        receipt(receipts, 10000, NOW_S + 10 + s + YEAR_S);
    assert_int_equal(receipts->peer.skew_s, YEAR_S);
    assert_int_equal(receipts->out.count, 1);
    receipts_free(receipts);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_between_dispatch_and_arrival_proves_nothing),
        cmocka_unit_test(a_time_that_has_not_come_is_of_a_clock_ahead),
        cmocka_unit_test(a_time_before_dispatch_is_of_a_clock_behind),
        cmocka_unit_test(a_long_way_is_no_clock_behind),
        cmocka_unit_test(a_clock_that_was_set_right_is_no_longer_ahead),
        cmocka_unit_test(a_clock_that_goes_on_ahead_is_told_on_and_logged_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
