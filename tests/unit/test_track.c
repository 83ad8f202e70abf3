/* test_track.c - frames and wire are compared, however the bytes are cut. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/host/track.h"

static const uint8_t wire[] = {0, 3, 'o', 'n', 'e', 0, 2, 't', 'o'};

static struct track *
with_two_frames(void)
{
    struct track *track = track_new();

    assert_int_equal(track_frame_out(track, 3, span_text("one")), STATUS_OK);
    assert_int_equal(track_frame_out(track, 3, span_text("to")), STATUS_OK);
    return track;
}

static void
what_was_sent_is_found_on_the_wire_wherever_it_is_cut(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= sizeof(wire); cut++) {
        struct track      *track = with_two_frames();
        struct track_place at;
        struct span        first = {wire, cut};
        struct span        second = {wire + cut, sizeof(wire) - cut};

        assert_int_equal(track_wire_out(track, 3, first, &at), STATUS_OK);
        assert_int_equal(track_wire_out(track, 3, second, &at), STATUS_OK);
        track_free(track);
    }
}

static void
the_first_byte_that_differs_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wire); i++) {
        struct track      *track = with_two_frames();
        uint8_t            copy[sizeof(wire)];
        struct track_place at = {0};

        for (size_t k = 0; k < sizeof(wire); k++)
            copy[k] = wire[k];
        copy[i] ^= 1;
        assert_int_equal(track_wire_out(track, 3, SPAN_OF(copy), &at),
                         STATUS_DIFFERENT);
        assert_int_equal(at.frame, i < 5 ? 1 : 2);
        assert_int_equal(at.offset, i < 5 ? i : i - 5);
        track_free(track);
    }
}

static void
more_on_the_wire_than_was_sent_is_different(void **state)
{
    struct track      *track = with_two_frames();
    struct track_place at = {0};

    (void)state;
    assert_int_equal(track_wire_out(track, 3, SPAN_OF(wire), &at), STATUS_OK);
    assert_int_equal(track_wire_out(track, 3, span_text("x"), &at),
                     STATUS_DIFFERENT);
    assert_int_equal(at.frame, 3);
    assert_int_equal(at.offset, 0);
    assert_int_equal(track_wire_out(track, 5, SPAN_OF(wire), &at),
                     STATUS_DIFFERENT); /* another link */
    track_free(track);
}

static void
bytes_on_a_link_where_nothing_was_sent_are_different(void **state)
{
    struct track      *track = track_new();
    struct track_place at = {0};

    (void)state;
    assert_int_equal(track_wire_out(track, 3, SPAN_OF(wire), &at),
                     STATUS_DIFFERENT);
    assert_int_equal(at.frame, 1);
    assert_int_equal(at.offset, 0);
    track_free(track);
}

static void
frames_that_came_stand_on_the_wire_before(void **state)
{
    struct track      *track = track_new();
    struct track_place at = {0};

    (void)state;
    assert_int_equal(track_wire_in(track, 3, (struct span){wire, 4}),
                     STATUS_OK);
    assert_int_equal(track_frame_in(track, 3, span_text("one"), &at),
                     STATUS_DIFFERENT); /* its last byte is not there yet */
    assert_int_equal(at.offset, 4);
    assert_int_equal(
        track_wire_in(track, 3, (struct span){wire + 4, sizeof(wire) - 4}),
        STATUS_OK);
    assert_int_equal(track_frame_in(track, 3, span_text("one"), &at),
                     STATUS_OK);
    assert_int_equal(track_frame_in(track, 3, span_text("tp"), &at),
                     STATUS_DIFFERENT);
    assert_int_equal(at.frame, 2);
    assert_int_equal(at.offset, 3);
    assert_int_equal(track_frame_in(track, 3, span_text("to"), &at),
                     STATUS_OK);
    track_free(track);
}

static void
a_long_stream_keeps_only_what_is_not_compared_yet(void **state)
{
    struct track      *track = track_new();
    struct track_place at;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        assert_int_equal(track_frame_out(track, 1, span_text("one")),
                         STATUS_OK);
        assert_int_equal(track_wire_out(track, 1, (struct span){wire, 5}, &at),
                         STATUS_OK);
    }
    track_free(track);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sent_is_found_on_the_wire_wherever_it_is_cut),
        cmocka_unit_test(the_first_byte_that_differs_is_named),
        cmocka_unit_test(more_on_the_wire_than_was_sent_is_different),
        cmocka_unit_test(bytes_on_a_link_where_nothing_was_sent_are_different),
        cmocka_unit_test(frames_that_came_stand_on_the_wire_before),
        cmocka_unit_test(a_long_stream_keeps_only_what_is_not_compared_yet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
