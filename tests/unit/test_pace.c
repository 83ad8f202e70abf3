#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/link/pace.h"

struct told {
    struct pace         pace;
    struct effects      out;
    struct context      turn;
    Entente__PeerStatus status;
    struct channel     *channel;
};

static int
make(void **state)
{
    static struct told told;
    struct origin      origin = {.realm = "actual", .epoch = 1};

    told = (struct told){.channel = channel_new(&origin)};
    effects_init(&told.out);
    told.turn.out = &told.out;
    *state = &told;
    return 0;
}

static int
drop(void **state)
{
    struct told *told = *state;

    pace_clear(&told->pace);
    effects_free(&told->out);
    channel_free(told->channel);
    return 0;
}

static const Entente__Pace *
first(struct told *told)
{
    entente__peer_status__init(&told->status);
    pace_fill(&told->pace, &told->turn, &told->status);
    return told->status.n_paces > 0 ? told->status.paces[0] : NULL;
}

static void
was_read(struct told *told, uint64_t first, uint64_t count, uint64_t now_ms)
{
    Entente__AnswerRange range = ENTENTE__ANSWER_RANGE__INIT;

    range.first = first;
    range.count = count;
    pace_read(&told->pace, told->channel, &range, now_ms);
}

static void
nothing_is_told_of_what_was_never_sent(void **state)
{
    assert_null(first(*state));
}

static void
median_nine_of_ten_and_longest_are_told(void **state)
{
    struct told         *told = *state;
    const Entente__Pace *pace;

    for (unsigned i = 0; i < 10; i++)
        pace_sent(&told->pace, told->channel, i, PRECEDENCE_ROUTINE, 1000);
    for (unsigned i = 0; i < 10; i++)
        pace_received(&told->pace, told->channel, i + 1, 1000 + 10 * (i + 1));
    pace = first(told);
    assert_string_equal(pace->precedence, "ROUTINE");
    assert_int_equal(pace->received->count, 10);
    assert_int_equal(pace->received->p50_ms, 50);
    assert_int_equal(pace->received->p90_ms, 90);
    assert_int_equal(pace->received->max_ms, 100);
    assert_int_equal(pace->read->count, 0);
}

static void
each_precedence_has_its_own_and_the_most_urgent_is_first(void **state)
{
    struct told *told = *state;

    pace_sent(&told->pace, told->channel, 0, PRECEDENCE_ROUTINE, 1000);
    pace_sent(&told->pace, told->channel, 1, PRECEDENCE_FLASH, 1000);
    pace_received(&told->pace, told->channel, 2, 1500);
    assert_string_equal(first(told)->precedence, "FLASH");
    assert_int_equal(told->status.n_paces, 2);
    assert_int_equal(told->status.paces[1]->received->count, 1);
}

static void
one_that_is_read_counts_once(void **state)
{
    struct told *told = *state;

    pace_sent(&told->pace, told->channel, 7, PRECEDENCE_FLASH, 1000);
    pace_received(&told->pace, told->channel, 8, 1500);
    was_read(told, 6, 1, 4000);
    assert_int_equal(first(told)->read->count, 0);
    was_read(told, 7, 1, 4000);
    was_read(told, 0, 100, 9000);
    assert_int_equal(first(told)->read->count, 1);
    assert_int_equal(first(told)->read->p50_ms, 3000);
}

static void
those_without_a_receipt_keep_their_places(void **state)
{
    struct told *told = *state;

    for (unsigned i = 0; i < 2 * PACE_FOLLOWED; i++)
        pace_sent(&told->pace, told->channel, i, PRECEDENCE_ROUTINE, 1000);
    pace_received(&told->pace, told->channel, 2 * PACE_FOLLOWED, 2000);
    assert_int_equal(first(told)->received->count, PACE_FOLLOWED);
}

static void
those_that_nobody_reads_make_room(void **state)
{
    struct told *told = *state;

    for (unsigned i = 0; i < 2 * PACE_FOLLOWED; i++) {
        pace_sent(&told->pace, told->channel, i, PRECEDENCE_ROUTINE, 1000);
        pace_received(&told->pace, told->channel, i + 1, 2000);
    }
    assert_int_equal(first(told)->received->count, 2 * PACE_FOLLOWED);
    was_read(told, 0, 2 * PACE_FOLLOWED, 3000);
    assert_int_equal(first(told)->read->count, PACE_FOLLOWED);
}

static void
a_closed_log_keeps_no_places(void **state)
{
    struct told    *told = *state;
    struct origin   origin = {.realm = "actual", .epoch = 1};
    struct channel *next = channel_new(&origin);

    for (unsigned i = 0; i < PACE_FOLLOWED; i++)
        pace_sent(&told->pace, told->channel, i, PRECEDENCE_ROUTINE, 1000);
    pace_sent(&told->pace, next, 0, PRECEDENCE_ROUTINE, 1000);
    pace_received(&told->pace, next, 1, 2000);
    assert_int_equal(first(told)->received->count, 1);
    channel_free(next);
}

static void
a_clock_that_was_set_back_counts_not(void **state)
{
    struct told *told = *state;

    pace_sent(&told->pace, told->channel, 0, PRECEDENCE_ROUTINE, 5000);
    pace_received(&told->pace, told->channel, 1, 4000);
    assert_int_equal(first(told)->received->count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_told_of_what_was_never_sent),
        TEST(median_nine_of_ten_and_longest_are_told),
        TEST(each_precedence_has_its_own_and_the_most_urgent_is_first),
        TEST(one_that_is_read_counts_once),
        TEST(those_without_a_receipt_keep_their_places),
        TEST(those_that_nobody_reads_make_room),
        TEST(a_closed_log_keeps_no_places),
        TEST(a_clock_that_was_set_back_counts_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
