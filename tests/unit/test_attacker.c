#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/attacker.h"

static struct attacker attacker;

static int
fresh_attacker(void **state)
{
    (void)state;
    attacker_init(&attacker, 4);
    return 0;
}

static void
what_was_heard_comes_back_to_whom_it_was_sent_or_who_sent_it(void **state)
{
    (void)state;
    assert_int_equal(attacker_session(&attacker, 1, true).len, 0);
    attacker_begin(&attacker, 3, 0, 1);
    attacker_hears(&attacker, 3, 0, span_text("hello "));
    attacker_hears(&attacker, 3, 0, span_text("one"));
    attacker_hears(&attacker, 3, 1, span_text("hello zero"));
    assert_true(span_equal(attacker_session(&attacker, 1, true),
                           span_text("hello one")));
    assert_true(span_equal(attacker_session(&attacker, 1, false),
                           span_text("hello zero")));
    assert_true(span_equal(attacker_session(&attacker, 0, true),
                           span_text("hello zero")));
    assert_int_equal(attacker_session(&attacker, 2, true).len, 0);
}

static void
a_tape_keeps_the_beginning_and_a_new_connection_erases_it(void **state)
{
    static uint8_t many[ATTACKER_TAPE];

    (void)state;
    attacker_begin(&attacker, 1, 0, 1);
    attacker_hears(&attacker, 1, 0, span_text("begin"));
    attacker_hears(&attacker, 1, 0, SPAN_OF(many));
    attacker_hears(&attacker, 1, 0, SPAN_OF(many));
    assert_int_equal(attacker_session(&attacker, 1, true).len, ATTACKER_TAPE);
    assert_memory_equal(attacker_session(&attacker, 1, true).ptr, "begin", 5);
    attacker_begin(&attacker, 1 + ATTACKER_CONNS, 0, 1);
    assert_int_equal(attacker_session(&attacker, 1, true).len, 0);
}

static void
damage_is_done_as_often_as_it_is_due(void **state)
{
    struct flow          flow = {0};
    struct dice          dice = {0};
    struct flow_segment *segment;
    enum attacker_damage done;
    size_t               count = 0;

    (void)state;
    attacker_begin(&attacker, 1, 0, 1);
    attacker_hears(&attacker, 1, 0, span_text("something to splice in"));
    for (int i = 0; i < ATTACKER_DAMAGES; i++)
        attacker.due[i] = 2;
    for (int i = 0; i < 1000; i++) {
        (void)flow_put(&flow, &dice, 0, FLOW_DATA, span_text("wind"));
        segment = flow_take(&flow);
        if (attacker_damage(&attacker, segment, &done))
            count++;
        else
            assert_memory_equal(segment->bytes, "wind", 4);
        flow_segment_free(segment);
    }
    assert_int_equal(count, 2 * ATTACKER_DAMAGES);
}

static void
garbage_has_bytes_and_fits(void **state)
{
    uint8_t noise[ATTACKER_GARBAGE];

    (void)state;
    for (int i = 0; i < 100; i++)
        assert_in_range(attacker_garbage(&attacker, noise).len, 1,
                        sizeof(noise));
}

#define CASE(test) cmocka_unit_test_setup(test, fresh_attacker)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_was_heard_comes_back_to_whom_it_was_sent_or_who_sent_it),
        CASE(a_tape_keeps_the_beginning_and_a_new_connection_erases_it),
        CASE(damage_is_done_as_often_as_it_is_due),
        CASE(garbage_has_bytes_and_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
