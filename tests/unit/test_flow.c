#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/flow.h"

static struct flow flow;
static struct dice dice;

static int
empty_flow(void **state)
{
    (void)state;
    flow = (struct flow){.delay_ms = 20, .jitter_ms = 30};
    dice_init(&dice, 9, 9);
    return 0;
}

static int
drop_flow(void **state)
{
    (void)state;
    flow_clear(&flow);
    return 0;
}

static void
nothing_overtakes_whatever_the_jitter(void **state)
{
    uint64_t last_ms = 0;

    (void)state;
    for (uint8_t i = 0; i < 100; i++)
        (void)flow_put(&flow, &dice, i, FLOW_DATA, (struct span){&i, 1});
    for (uint8_t i = 0; i < 100; i++) {
        struct flow_segment *segment = flow_take(&flow);

        assert_int_equal(segment->bytes[0], i);
        assert_true(segment->at_ms >= last_ms && segment->at_ms >= i + 20u);
        last_ms = segment->at_ms;
        flow_segment_free(segment);
    }
    assert_null(flow_take(&flow));
    assert_true(flow_next_ms(&flow) == UINT64_MAX);
}

static void
a_thin_line_takes_its_time(void **state)
{
    uint8_t bytes[800] = {0};

    (void)state;
    flow.bytes_per_s = 8000; /* 64 kbit/s */
    flow.jitter_ms = 0;
    assert_int_equal(flow_put(&flow, &dice, 5, FLOW_DATA, SPAN_OF(bytes)),
                     105);
    assert_int_equal(flow_put(&flow, &dice, 6, FLOW_DATA, SPAN_OF(bytes)),
                     205);
    assert_int_equal(flow_next_ms(&flow), 125);
}

static size_t
differences(const struct flow_segment *segment, const char *text)
{
    size_t count = 0;

    assert_int_equal(segment->len, strlen(text));
    for (size_t i = 0; i < segment->len; i++)
        count += segment->bytes[i] != (uint8_t)text[i];
    return count;
}

static void
a_flip_changes_one_byte_a_cut_shortens_a_splice_lengthens(void **state)
{
    struct flow_segment *segment;

    (void)state;
    for (int i = 0; i < 50; i++) {
        (void)flow_put(&flow, &dice, 0, FLOW_DATA, span_text("fair wind"));
        segment = flow_take(&flow);
        flow_flip(segment, &dice);
        assert_int_equal(differences(segment, "fair wind"), 1);
        flow_splice(segment, &dice, span_text("foul"));
        assert_int_equal(segment->len, 13);
        flow_cut(segment, &dice);
        assert_in_range(segment->len, 0, 12);
        flow_segment_free(segment);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, empty_flow, drop_flow)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(nothing_overtakes_whatever_the_jitter),
        CASE(a_thin_line_takes_its_time),
        CASE(a_flip_changes_one_byte_a_cut_shortens_a_splice_lengthens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
