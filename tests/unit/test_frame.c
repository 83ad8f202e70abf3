/* test_frame.c - streams cut into frames, wherever the pieces end. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/frame.h"
#include "proto/limits.h"

#include <stdlib.h>
#include <string.h>

/* Three frames of 1, 5 and 300 bytes with lengths of `width` bytes. */
static size_t
three_frames(size_t width, uint8_t *out)
{
    static const size_t lens[] = {1, 5, 300};
    size_t              at = 0;

    for (size_t i = 0; i < 3; i++) {
        frame_header(width, lens[i], out + at);
        memset(out + at + width, (int)('a' + i), lens[i]);
        at += width + lens[i];
    }
    return at;
}

static void
expect_frame(struct span frame, size_t number)
{
    static const size_t lens[] = {1, 5, 300};

    assert_true(number < 3);
    assert_int_equal(frame.len, lens[number]);
    for (size_t i = 0; i < frame.len; i++)
        assert_int_equal(frame.ptr[i], 'a' + number);
}

/* Feeds stream[0, len) in one piece; counts on from `number`. */
static size_t
feed(struct frame_reader *in, const uint8_t *bytes, size_t len, size_t number)
{
    /* A copy of its own, so that a sanitizer sees a loan kept too long. */
    uint8_t    *piece = malloc(len > 0 ? len : 1);
    struct span stream = {piece, len};
    struct span frame;

    assert_non_null(piece);
    memcpy(piece, bytes, len);
    while (frame_next(in, 4096, &stream, &frame) == STATUS_OK)
        expect_frame(frame, number++);
    assert_int_equal(stream.len, 0);
    free(piece);
    return number;
}

static void
frames_are_the_same_for_every_place_where_a_piece_ends(void **state)
{
    static const size_t widths[] = {FRAME_LINK_WIDTH, FRAME_CONTROL_WIDTH};
    uint8_t             bytes[400];

    (void)state;
    for (size_t w = 0; w < 2; w++) {
        size_t len = three_frames(widths[w], bytes);

        for (size_t cut = 0; cut <= len; cut++) {
            struct frame_reader in;
            size_t              number;

            frame_reader_init(&in, widths[w]);
            number = feed(&in, bytes, cut, 0);
            number = feed(&in, bytes + cut, len - cut, number);
            assert_int_equal(number, 3);
            assert_null(in.body); /* idle: no memory is held */
            frame_reader_clear(&in);
        }
    }
}

static void
a_stream_may_come_byte_by_byte(void **state)
{
    uint8_t             bytes[400];
    size_t              len = three_frames(FRAME_LINK_WIDTH, bytes);
    struct frame_reader in;
    size_t              number = 0;

    (void)state;
    frame_reader_init(&in, FRAME_LINK_WIDTH);
    for (size_t i = 0; i < len; i++)
        number = feed(&in, bytes + i, 1, number);
    assert_int_equal(number, 3);
    frame_reader_clear(&in);
}

static void
reading_what_is_missing_never_reads_beyond_the_frame(void **state)
{
    uint8_t             bytes[400];
    size_t              len = three_frames(FRAME_LINK_WIDTH, bytes);
    struct frame_reader in;
    size_t              at = 0;
    size_t              number = 0;

    (void)state;
    frame_reader_init(&in, FRAME_LINK_WIDTH);
    while (at < len) {
        struct span stream = {bytes + at, frame_missing(&in)};
        struct span frame;
        enum status st;

        assert_true(stream.len > 0 && stream.len <= len - at);
        at += stream.len;
        st = frame_next(&in, 4096, &stream, &frame);
        assert_int_equal(stream.len, 0);
        if (st == STATUS_OK)
            expect_frame(frame, number++);
        else
            assert_int_equal(st, STATUS_AGAIN);
    }
    assert_int_equal(number, 3);
    frame_reader_clear(&in);
}

static void
a_length_above_the_maximum_is_refused_before_its_bytes(void **state)
{
    uint8_t             header[2];
    struct frame_reader in;
    struct span         stream = SPAN_OF(header);
    struct span         frame;

    (void)state;
    frame_header(FRAME_LINK_WIDTH, 101, header);
    frame_reader_init(&in, FRAME_LINK_WIDTH);
    assert_int_equal(frame_next(&in, 100, &stream, &frame), STATUS_TOO_LARGE);
    assert_null(in.body);
    frame_reader_clear(&in);
}

static void
an_empty_frame_is_none(void **state)
{
    uint8_t             header[2] = {0, 0};
    struct frame_reader in;
    struct span         stream = SPAN_OF(header);
    struct span         frame;

    (void)state;
    frame_reader_init(&in, FRAME_LINK_WIDTH);
    assert_int_equal(frame_next(&in, 100, &stream, &frame),
                     STATUS_BAD_ENCODING);
    frame_reader_clear(&in);
}

static void
memory_grows_with_what_came_not_with_what_was_announced(void **state)
{
    uint8_t             bytes[4 + 10];
    struct frame_reader in;
    struct span         stream = SPAN_OF(bytes);
    struct span         frame;

    (void)state;
    memset(bytes, 0, sizeof(bytes));
    frame_header(FRAME_CONTROL_WIDTH, LIMIT_CONTROL_FRAME, bytes);
    frame_reader_init(&in, FRAME_CONTROL_WIDTH);
    assert_int_equal(frame_next(&in, LIMIT_CONTROL_FRAME, &stream, &frame),
                     STATUS_AGAIN);
    assert_in_range(in.body_cap, 10, 20);
    frame_reader_clear(&in);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        CLAIM(frames_are_the_same_for_every_place_where_a_piece_ends),
        CLAIM(a_stream_may_come_byte_by_byte),
        CLAIM(reading_what_is_missing_never_reads_beyond_the_frame),
        CLAIM(a_length_above_the_maximum_is_refused_before_its_bytes),
        CLAIM(an_empty_frame_is_none),
        CLAIM(memory_grows_with_what_came_not_with_what_was_announced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
