#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/link/window.h"

static void
a_fresh_window_allows_one_entry_whatever_its_size(void **state)
{
    struct window window = {0};

    (void)state;
    assert_true(window_allows(&window, LIMIT_SEALED, 5));
    window_dispatched(&window, LIMIT_SEALED);
    assert_false(window_allows(&window, 1, 5));
}

static void
a_cosigned_entry_leaves_room_for_twice_its_bytes(void **state)
{
    struct window window = {0};

    (void)state;
    window_dispatched(&window, 1000);
    window_cosigned(&window, 1000, 5, 10);
    assert_int_equal(window_limit(&window, 10), 2000);
    window_dispatched(&window, 1000);
    assert_true(window_allows(&window, 1000, 10));
    assert_false(window_allows(&window, 1001, 10));
}

static void
one_entry_is_allowed_even_where_nothing_was_cosigned_lately(void **state)
{
    struct window window = {0};

    (void)state;
    window_dispatched(&window, 10);
    window_cosigned(&window, 10, 5, 10);
    assert_int_equal(window_limit(&window, 10000), 0);
    assert_true(window_allows(&window, LIMIT_SEALED, 10000));
}

static void
what_was_cosigned_counts_for_two_seconds(void **state)
{
    struct window window = {0};

    (void)state;
    window_dispatched(&window, 100);
    window_cosigned(&window, 100, 990, 1000);
    assert_int_equal(window_limit(&window, 999 + LIMIT_WINDOW_SPAN_MS), 200);
    assert_int_equal(window_limit(&window, 1000 + LIMIT_WINDOW_SPAN_MS), 0);
}

static void
over_a_longer_round_trip_it_counts_as_long_as_that_takes(void **state)
{
    struct window window = {0};

    (void)state;
    window_dispatched(&window, 100);
    window_cosigned(&window, 100, 1000, 11000); /* ten seconds */
    assert_int_equal(window_limit(&window, 20999), 200);
    assert_int_equal(window_limit(&window, 21000), 0);
}

static void
all_receipts_of_the_span_count_together(void **state)
{
    struct window window = {0};

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        window_dispatched(&window, 10);
        window_cosigned(&window, 10, 1000 + 20 * i, 1010 + 20 * i);
    }
    assert_int_equal(window_limit(&window, 2990), 2 * 100 * 10);
}

static void
bytes_under_way_never_pass_their_maximum(void **state)
{
    struct window window = {0};

    (void)state;
    window_dispatched(&window, LIMIT_WINDOW_BYTES);
    window_cosigned(&window, LIMIT_WINDOW_BYTES, 5, 10);
    assert_int_equal(window_limit(&window, 10), LIMIT_WINDOW_BYTES);
    window_dispatched(&window, LIMIT_WINDOW_BYTES - 10);
    assert_true(window_allows(&window, 10, 10));
    assert_false(window_allows(&window, 11, 10));
}

static void
entries_under_way_never_pass_their_maximum(void **state)
{
    struct window window = {0};

    (void)state;
    window_dispatched(&window, 1 << 20);
    window_cosigned(&window, 1 << 20, 5, 10);
    for (unsigned i = 0; i < LIMIT_WINDOW_ENTRIES; i++) {
        assert_true(window_allows(&window, 1, 10));
        window_dispatched(&window, 1);
    }
    assert_false(window_allows(&window, 1, 10));
}

static void
a_lost_link_empties_the_window_and_keeps_what_was_learnt(void **state)
{
    struct window window = {0};

    (void)state;
    window_dispatched(&window, 100);
    window_cosigned(&window, 100, 5, 10);
    window_dispatched(&window, 200);
    window_reset(&window);
    assert_int_equal(window.entries, 0);
    assert_int_equal(window.bytes, 0);
    assert_int_equal(window_limit(&window, 10), 200);
}

/*
 * A line of 10,000 bytes a second with a round trip of two seconds: what is
 * dispatched at once is cosigned two seconds later, at the line's rate.
 */
static void
a_round_trip_of_two_seconds_does_not_starve_the_line(void **state)
{
    struct window window = {0};
    uint64_t      sent_ms[20000];
    uint64_t      free_ms = 0; /* when the line has carried what was sent */
    size_t        sent = 0, cosigned = 0, before = 0;

    (void)state;
    for (uint64_t now = 1; now <= 60000; now++) {
        while (cosigned < sent && sent_ms[cosigned] + 2000 <= now) {
            window_cosigned(&window, 100, sent_ms[cosigned], now);
            cosigned++;
        }
        while (window_allows(&window, 100, now)) {
            window_dispatched(&window, 100);
            free_ms = (free_ms > now ? free_ms : now) + 10;
            sent_ms[sent++] = free_ms;
            assert_true(sent < 20000);
        }
        if (now == 50000)
            before = cosigned;
    }
    /* Ten seconds at 100 entries a second. */
    assert_in_range(cosigned - before, 950, 1050);
    assert_true(window.bytes <= 2 * 10000 * 4);
}

static void
one_receipt_for_much_counts_over_the_time_that_it_took(void **state)
{
    struct window window = {0};

    (void)state;
    for (unsigned i = 0; i < 10; i++)
        window_dispatched(&window, 1000);
    window_cosigned(&window, 1000, 1000, 2000);
    for (unsigned i = 0; i < 8; i++)
        window_cosigned(&window, 1000, 1000, 18000); /* 500 bytes a second */
    assert_int_equal(window_limit(&window, 18000), 2 * 2 * 500);
    assert_int_equal(window_limit(&window, 19000), 2 * 1 * 500);
}

static void
of_a_long_round_trip_one_turn_dispatches_a_quarter(void **state)
{
    struct window far = {0}, near = {0};

    (void)state;
    window_dispatched(&far, 1000);
    window_cosigned(&far, 1000, 1000, 3000);
    assert_int_equal(window_batch(&far, 3000), 500);
    window_dispatched(&near, 1000);
    window_cosigned(&near, 1000, 1000, 1100);
    assert_true(window_batch(&near, 1100) == UINT64_MAX);
}

/*
 * The same line, timed as the node times it: from dispatch, what waits before
 * the line included; all that was dispatched in one turn gets one receipt.
 * For ten minutes, since a window that feeds on its own queue doubles with
 * each round trip.
 */
static void
a_full_line_does_not_widen_the_window(void **state)
{
    static uint64_t sent_ms[100000], done_ms[100000];
    struct window   window = {0};
    uint64_t        free_ms = 0;
    size_t          sent = 0, cosigned = 0, first;

    (void)state;
    for (uint64_t now = 1; now <= 600000; now++) {
        while (cosigned < sent && done_ms[cosigned] <= now) {
            window_cosigned(&window, 100, sent_ms[cosigned], now);
            cosigned++;
        }
        first = sent;
        while (window_allows(&window, 100, now) &&
               (sent == first ||
                100 * (sent - first + 1) <= window_batch(&window, now))) {
            window_dispatched(&window, 100);
            free_ms = (free_ms > now ? free_ms : now) + 10;
            sent_ms[sent++] = now;
            assert_true(sent < 100000);
        }
        for (size_t i = first; i < sent; i++)
            done_ms[i] = free_ms + 2000;
        assert_true(window.bytes <= 10000 * 5);
    }
    assert_true(cosigned > 57000); /* of 60,000, the beginning aside */
}

static void
an_entry_alone_tells_that_the_line_became_longer(void **state)
{
    struct window window = {0};

    (void)state;
    window_dispatched(&window, 100);
    window_cosigned(&window, 100, 1000, 4000);
    assert_int_equal(window.round_trip_ms, 3000);
    window_dispatched(&window, 100);
    window_dispatched(&window, 100);
    window_cosigned(&window, 100, 4000, 9000);
    assert_int_equal(window.round_trip_ms, 3000); /* it was not alone */
    window_cosigned(&window, 100, 4000, 9000);
    window_dispatched(&window, 100);
    window_cosigned(&window, 100, 9000, 14000);
    assert_int_equal(window.round_trip_ms, 5000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_window_allows_one_entry_whatever_its_size),
        cmocka_unit_test(a_cosigned_entry_leaves_room_for_twice_its_bytes),
        cmocka_unit_test(
            one_entry_is_allowed_even_where_nothing_was_cosigned_lately),
        cmocka_unit_test(what_was_cosigned_counts_for_two_seconds),
        cmocka_unit_test(
            over_a_longer_round_trip_it_counts_as_long_as_that_takes),
        cmocka_unit_test(all_receipts_of_the_span_count_together),
        cmocka_unit_test(bytes_under_way_never_pass_their_maximum),
        cmocka_unit_test(entries_under_way_never_pass_their_maximum),
        cmocka_unit_test(
            a_lost_link_empties_the_window_and_keeps_what_was_learnt),
        cmocka_unit_test(a_round_trip_of_two_seconds_does_not_starve_the_line),
        cmocka_unit_test(
            one_receipt_for_much_counts_over_the_time_that_it_took),
        cmocka_unit_test(of_a_long_round_trip_one_turn_dispatches_a_quarter),
        cmocka_unit_test(a_full_line_does_not_widen_the_window),
        cmocka_unit_test(an_entry_alone_tells_that_the_line_became_longer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
