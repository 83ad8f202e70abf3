/*
 * fuzz_frame.c - a stream cut into frames.  The first byte chooses the width
 * of the length and in what pieces the rest arrives.
 */
#include "node/net/frame.h"
#include "tests/fuzz/fuzz.h"

const bool fuzz_is_whole = false; /* a stream may end after any frame */

enum { FRAME_MAX = 4096 };

bool
fuzz_one(struct span in)
{
    struct reader       from = reader_of(in);
    uint8_t             first = reader_u8(&from);
    size_t              width = first & 1 ? FRAME_LINK_WIDTH
                                          : FRAME_CONTROL_WIDTH;
    size_t              piece = 1 + (first >> 1);
    struct frame_reader frames;
    struct span         frame;
    enum status         st = STATUS_AGAIN;

    if (from.failed)
        return false;
    frame_reader_init(&frames, width);
    while (from.left > 0 && st == STATUS_AGAIN) {
        size_t      len = piece < from.left ? piece : from.left;
        struct span stream = reader_take(&from, len);

        do {
            st = frame_next(&frames, FRAME_MAX, &stream, &frame);
            if (st == STATUS_OK) {
                volatile uint8_t last = frame.ptr[frame.len - 1];

                (void)last;
                assert(frame.len > 0 && frame.len <= FRAME_MAX);
            }
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

    seed(arg, "link", SPAN_OF(link));
    seed(arg, "control", SPAN_OF(control));
}
