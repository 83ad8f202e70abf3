/*
 * fuzz_frame.c - a stream cut into frames.  The first byte chooses the width
 * of the length and in what pieces the rest arrives.
 */
#include "node/net/frame.h"
#include "tests/fuzz/captured.h"

#include <string.h>

const bool fuzz_is_whole = false; /* a stream may end after any frame */

enum { FRAME_MAX = 4096 };

/* The frames put together again are the stream that was cut. */
static void
assert_is_next(struct span frame, size_t width, struct span *stream)
{
    uint8_t header[FRAME_CONTROL_WIDTH];

    assert(frame.len > 0 && frame.len <= FRAME_MAX);
    assert(stream->len >= width + frame.len);
    frame_header(width, frame.len, header);
    assert(memcmp(stream->ptr, header, width) == 0);
    assert(memcmp(stream->ptr + width, frame.ptr, frame.len) == 0);
    stream->ptr += width + frame.len;
    stream->len -= width + frame.len;
}

bool
fuzz_one(struct span in)
{
    struct reader       from = reader_of(in);
    uint8_t             first = reader_u8(&from);
    size_t              width = first & 1 ? FRAME_LINK_WIDTH
                                          : FRAME_CONTROL_WIDTH;
    size_t              piece = 1 + (first >> 1);
    struct frame_reader frames;
    struct span         frame, left;
    enum status         st = STATUS_AGAIN;

    if (from.failed)
        return false;
    left = (struct span){in.ptr + 1, in.len - 1};
    frame_reader_init(&frames, width);
    while (from.left > 0 && st == STATUS_AGAIN) {
        size_t      len = piece < from.left ? piece : from.left;
        struct span stream = reader_take(&from, len);

        do {
            st = frame_next(&frames, FRAME_MAX, &stream, &frame);
            if (st == STATUS_OK)
                assert_is_next(frame, width, &left);
        } while (st == STATUS_OK);
        assert(st != STATUS_AGAIN || stream.len == 0);
        assert(st != STATUS_AGAIN || frame_missing(&frames) > 0);
    }
    frame_reader_clear(&frames);
    return st == STATUS_AGAIN;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static const uint8_t link[] = {7, 0, 3, 'a', 'b', 'c', 0, 1, 'd'};
    static const uint8_t control[] = {2, 0, 0, 0, 2, 'h', 'i', 0, 0, 0, 1, '!'};
    static uint8_t       bytes[1 << 16];
    struct writer        out = writer_of(bytes, sizeof(bytes));

    seed(arg, "link", SPAN_OF(link));
    seed(arg, "control", SPAN_OF(control));
    writer_u8(&out, 0xff);
    captured_stream(&out);
    seed(arg, "captured", writer_span(&out));
}
