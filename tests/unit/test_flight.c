#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "node/core/log/flight.h"

static const uint8_t key[LIMIT_KEY] = {7};
static const uint8_t salt[LIMIT_SALT] = {8};

static int
empty(void **state)
{
    *state = calloc(1, sizeof(struct flight));
    return *state == NULL;
}

static int
drop(void **state)
{
    flight_clear(*state);
    free(*state);
    return 0;
}

/* An entry of `len` bytes, each of them the low byte of its index. */
static struct flight_entry *
put(struct flight *flight, uint64_t index, enum precedence precedence,
    size_t len)
{
    static uint8_t body[4096];
    uint8_t        leaf[LEAF_LEN] = {0, 1, CLASS_MESSAGE, (uint8_t)precedence};

    assert_true(len <= sizeof(body));
    memset(body, (int)(index & 0xff), len);
    return flight_put(flight, index, leaf, (struct span){body, len}, 5);
}

static void
batch(struct flight *flight, uint64_t first)
{
    flight_batch(flight, first, key, salt);
}

static void
has_its_body(const struct flight *flight, uint64_t index, size_t len)
{
    const struct flight_entry *entry = flight_at(flight, index);
    struct span                body;

    assert_non_null(entry);
    assert_int_equal(entry->index, index);
    body = flight_body(flight, entry);
    assert_int_equal(body.len, len);
    for (size_t i = 0; i < len; i++)
        assert_int_equal(body.ptr[i], index & 0xff);
}

static void
an_empty_flight_may_begin_anywhere(void **state)
{
    struct flight *flight = *state;

    assert_null(flight_at(flight, 0));
    batch(flight, 40);
    put(flight, 41, PRECEDENCE_ROUTINE, 10);
    put(flight, 42, PRECEDENCE_ROUTINE, 20);
    assert_int_equal(flight_from(flight), 41);
    assert_int_equal(flight_to(flight), 43);
    assert_null(flight_at(flight, 40));
    assert_null(flight_at(flight, 43));
    has_its_body(flight, 41, 10);
    has_its_body(flight, 42, 20);
}

static void
an_entry_knows_the_batch_that_it_was_sealed_in(void **state)
{
    struct flight *flight = *state;

    batch(flight, 3);
    put(flight, 3, PRECEDENCE_ROUTINE, 1);
    batch(flight, 3); /* the same again */
    put(flight, 4, PRECEDENCE_ROUTINE, 1);
    batch(flight, 5);
    put(flight, 5, PRECEDENCE_ROUTINE, 1);
    assert_int_equal(flight->batch_count, 2);
    assert_int_equal(flight_batch_of(flight, flight_at(flight, 4))->first, 3);
    assert_int_equal(flight_batch_of(flight, flight_at(flight, 5))->first, 5);
    assert_memory_equal(flight_batch_of(flight, flight_at(flight, 5))->salt,
                        salt, LIMIT_SALT);
}

static void
a_batch_is_freed_with_its_last_entry_and_not_before(void **state)
{
    struct flight *flight = *state;

    batch(flight, 0);
    put(flight, 0, PRECEDENCE_ROUTINE, 100);
    put(flight, 1, PRECEDENCE_ROUTINE, 100);
    batch(flight, 2);
    put(flight, 2, PRECEDENCE_ROUTINE, 100);
    flight_pop(flight);
    assert_int_equal(flight->batch_count, 2);
    has_its_body(flight, 1, 100);
    flight_pop(flight);
    assert_int_equal(flight->batch_count, 1);
    has_its_body(flight, 2, 100);
    flight_pop(flight);
    assert_int_equal(flight->batch_count, 0);
}

static void
the_most_urgent_body_is_sent_first_then_the_oldest(void **state)
{
    struct flight  *flight = *state;
    const uint64_t  order[] = {2, 4, 0, 1, 3};

    batch(flight, 0);
    put(flight, 0, PRECEDENCE_PRIORITY, 10);
    put(flight, 1, PRECEDENCE_ROUTINE, 10);
    put(flight, 2, PRECEDENCE_FLASH, 10);
    put(flight, 3, PRECEDENCE_ROUTINE, 10);
    put(flight, 4, PRECEDENCE_FLASH, 10);
    for (size_t i = 0; i < 5; i++) {
        struct flight_entry *entry = flight_unsent(flight, 5);

        assert_non_null(entry);
        assert_int_equal(entry->index, order[i]);
        entry->sent = entry->body_len;
    }
    assert_null(flight_unsent(flight, 5));
}

static void
a_body_waits_for_a_head_over_its_leaf(void **state)
{
    struct flight *flight = *state;

    batch(flight, 0);
    put(flight, 0, PRECEDENCE_ROUTINE, 10);
    put(flight, 1, PRECEDENCE_FLASH, 10);
    assert_int_equal(flight_unsent(flight, 1)->index, 0);
    assert_null(flight_unsent(flight, 0));
    assert_int_equal(flight_unsent(flight, 2)->index, 1);
}

static void
a_body_half_sent_is_still_unsent(void **state)
{
    struct flight *flight = *state;

    batch(flight, 0);
    put(flight, 0, PRECEDENCE_ROUTINE, 10)->sent = 5;
    assert_int_equal(flight_unsent(flight, 1)->index, 0);
}

static void
what_was_asked_for_again_is_sent_again(void **state)
{
    struct flight *flight = *state;

    batch(flight, 0);
    put(flight, 0, PRECEDENCE_ROUTINE, 10);
    put(flight, 1, PRECEDENCE_ROUTINE, 10);
    flight_unsent(flight, 2)->sent = 10;
    flight_unsent(flight, 2)->sent = 10;
    assert_null(flight_unsent(flight, 2));
    flight_resend(flight, 0);
    assert_int_equal(flight_unsent(flight, 2)->index, 0);
    assert_int_equal(flight_unsent(flight, 2)->sent, 0);
}

static void
what_is_not_in_flight_cannot_be_sent_again(void **state)
{
    struct flight *flight = *state;

    flight_resend(flight, 0);
    flight_skip(flight, 0);
    batch(flight, 7);
    put(flight, 7, PRECEDENCE_ROUTINE, 10)->sent = 10;
    flight_resend(flight, 6);
    flight_resend(flight, 8);
    flight_resend(flight, UINT64_MAX);
    assert_null(flight_unsent(flight, 8));
}

static void
what_the_reader_has_is_not_sent(void **state)
{
    struct flight *flight = *state;

    batch(flight, 0);
    put(flight, 0, PRECEDENCE_ROUTINE, 10);
    put(flight, 1, PRECEDENCE_ROUTINE, 10);
    flight_skip(flight, 0);
    assert_int_equal(flight_unsent(flight, 2)->index, 1);
}

static void
a_restart_begins_half_sent_bodies_anew_and_no_others(void **state)
{
    struct flight *flight = *state;

    batch(flight, 0);
    put(flight, 0, PRECEDENCE_ROUTINE, 10)->sent = 10;
    put(flight, 1, PRECEDENCE_ROUTINE, 10)->sent = 4;
    put(flight, 2, PRECEDENCE_FLASH, 10)->sent = 10;
    flight_restart(flight);
    assert_int_equal(flight_at(flight, 0)->sent, 10);
    assert_int_equal(flight_at(flight, 1)->sent, 0);
    assert_int_equal(flight_at(flight, 2)->sent, 10);
    assert_int_equal(flight_unsent(flight, 3)->index, 1);
}

static void
a_flight_that_ran_empty_goes_on_at_the_next_index(void **state)
{
    struct flight *flight = *state;

    batch(flight, 0);
    put(flight, 0, PRECEDENCE_ROUTINE, 10);
    flight_pop(flight);
    assert_null(flight_unsent(flight, 1));
    batch(flight, 1);
    put(flight, 1, PRECEDENCE_ROUTINE, 10);
    has_its_body(flight, 1, 10);
    assert_int_equal(flight_unsent(flight, 2)->index, 1);
}

/* Rings wrap and grow; every body stays what it was. */
static void
a_long_flight_keeps_every_body_as_it_was(void **state)
{
    struct flight *flight = *state;
    uint64_t       from = 100, to = 100;
    uint32_t       dice = 1;

    for (unsigned step = 0; step < 20000; step++) {
        dice = dice * 1664525 + 1013904223;
        if (dice >> 31 && to - from < 300) {
            if (to == from || dice & (1 << 20))
                batch(flight, to);
            put(flight, to, 1 + (dice >> 8) % 6, to % 50 + 1);
            to++;
        } else if (from < to) {
            has_its_body(flight, from, from % 50 + 1);
            flight_pop(flight);
            from++;
        }
        if (from < to) {
            assert_int_equal(flight_from(flight), from);
            assert_int_equal(flight_to(flight), to);
            has_its_body(flight, (from + to) / 2, (from + to) / 2 % 50 + 1);
        }
    }
}

#define FLIGHT_TEST(name) cmocka_unit_test_setup_teardown(name, empty, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        FLIGHT_TEST(an_empty_flight_may_begin_anywhere),
        FLIGHT_TEST(an_entry_knows_the_batch_that_it_was_sealed_in),
        FLIGHT_TEST(a_batch_is_freed_with_its_last_entry_and_not_before),
        FLIGHT_TEST(the_most_urgent_body_is_sent_first_then_the_oldest),
        FLIGHT_TEST(a_body_waits_for_a_head_over_its_leaf),
        FLIGHT_TEST(a_body_half_sent_is_still_unsent),
        FLIGHT_TEST(what_was_asked_for_again_is_sent_again),
        FLIGHT_TEST(what_is_not_in_flight_cannot_be_sent_again),
        FLIGHT_TEST(what_the_reader_has_is_not_sent),
        FLIGHT_TEST(a_restart_begins_half_sent_bodies_anew_and_no_others),
        FLIGHT_TEST(a_flight_that_ran_empty_goes_on_at_the_next_index),
        FLIGHT_TEST(a_long_flight_keeps_every_body_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
