#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/inlet.h"
#include "proto/limits.h"

static struct inlet_table table;
static struct span        frame;

static int
clear_table(void **state)
{
    (void)state;
    inlet_clear(&table);
    return 0;
}

/* A frame of `len` times the letter. */
static struct span
frame_of(size_t len, char letter)
{
    static uint8_t bytes[2 + LIMIT_FRAME];
    struct writer  out = writer_of(bytes, sizeof(bytes));

    writer_u16(&out, (uint16_t)len);
    memset(bytes + 2, letter, len);
    return (struct span){bytes, 2 + len};
}

static void
a_frame_is_given_when_its_last_byte_is_there(void **state)
{
    struct inlet *inlet = inlet_open(&table, 2, true, 0);
    struct span   bytes = frame_of(300, 'a');

    (void)state;
    for (size_t i = 0; i < bytes.len; i++) {
        assert_int_equal(inlet_frame(inlet, &frame), STATUS_AGAIN);
        inlet_put(inlet, (struct span){bytes.ptr + i, 1});
    }
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_OK);
    assert_int_equal(frame.len, 300);
}

static void
a_frame_stays_until_it_was_taken(void **state)
{
    struct inlet *inlet = inlet_open(&table, 2, true, 0);

    (void)state;
    inlet_put(inlet, frame_of(1, 'a'));
    inlet_put(inlet, frame_of(1, 'b'));
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_OK);
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_OK);
    assert_int_equal(frame.ptr[0], 'a');
    inlet_taken(inlet);
    inlet_put(inlet, frame_of(1, 'c'));
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_OK);
    assert_int_equal(frame.ptr[0], 'b');
    inlet_taken(inlet);
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_OK);
    assert_int_equal(frame.ptr[0], 'c');
    inlet_taken(inlet);
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_AGAIN);
}

static void
a_stranger_has_one_short_frame_until_he_is_answered(void **state)
{
    struct inlet *inlet = inlet_open(&table, 1, false, 0);

    (void)state;
    inlet_put(inlet, frame_of(LIMIT_STRANGER_FRAME, 'a'));
    inlet_put(inlet, frame_of(5, 'b'));
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_OK);
    inlet_taken(inlet);
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_AGAIN);
    inlet->answered = true;
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_OK);
    assert_int_equal(frame.len, 5);
}

static void
an_absurd_length_is_refused_before_its_bytes_come(void **state)
{
    struct inlet *inlet = inlet_open(&table, 1, false, 0);

    (void)state;
    inlet_put(inlet, (struct span){
                         frame_of(LIMIT_STRANGER_FRAME + 1, 'a').ptr, 2});
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_TOO_LARGE);
    inlet = inlet_open(&table, 3, false, 0);
    inlet_put(inlet, (struct span){(const uint8_t *)"\0\0", 2});
    assert_int_equal(inlet_frame(inlet, &frame), STATUS_BAD_ENCODING);
}

static void
links_are_found_by_number_until_closed_and_a_full_table_takes_none(
    void **state)
{
    struct inlet *inlet = inlet_open(&table, 2, true, 0);

    (void)state;
    assert_ptr_equal(inlet_find(&table, 2), inlet);
    assert_null(inlet_find(&table, 0));
    inlet_close(inlet);
    assert_null(inlet_find(&table, 2));
    for (uint64_t i = 1; i <= INLET_LINKS; i++)
        assert_non_null(inlet_open(&table, i, true, 0));
    assert_null(inlet_open(&table, INLET_LINKS + 1, true, 0));
}

#define CASE(test) cmocka_unit_test_teardown(test, clear_table)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_frame_is_given_when_its_last_byte_is_there),
        CASE(a_frame_stays_until_it_was_taken),
        CASE(a_stranger_has_one_short_frame_until_he_is_answered),
        CASE(an_absurd_length_is_refused_before_its_bytes_come),
        CASE(
            links_are_found_by_number_until_closed_and_a_full_table_takes_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
