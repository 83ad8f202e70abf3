/*
 * fuzz_bundle_frames.c - what of a bundle is parsed, without its sealing: the
 * header before a key is chosen by it, and the frames of an opened record.
 * The first byte says which.  fuzz_bundle reads whole bundles, a hundred times
 * slower.
 */
#include "crypto/bundle.h"
#include "crypto/bundle_frames.h"
#include "tests/fuzz/fuzz.h"

const bool fuzz_is_whole = false; /* zeros may end a record anywhere */

enum what { HEADER, FIRST, LATER };

static bool
header(struct span in)
{
    struct bundle bundle;
    uint8_t       again[BUNDLE_HEADER_LEN];
    struct span   is = {in.ptr, BUNDLE_SIGNED_LEN};

    if (bundle_decode(in, &bundle) != STATUS_OK)
        return false;
    assert(in.len == BUNDLE_HEADER_LEN);
    bundle_encode(&bundle, again);
    assert(span_equal(is, (struct span){again, BUNDLE_SIGNED_LEN}));
    return true;
}

static bool
frames(bool first, struct span in)
{
    struct bundle_frames order = bundle_frames_begin(first);
    struct reader        from = reader_of(in);
    struct span          frame;
    enum status          st;

    if (bundle_frames_check(first, in) != STATUS_OK)
        return false;
    while ((frame = bundle_frames_next(&from)).len > 0) {
        volatile uint8_t last = frame.ptr[frame.len - 1];

        (void)last;
        assert(frame.len <= LIMIT_FRAME_PLAIN);
        st = bundle_frames_admit(&order, frame);
        assert(st == STATUS_OK);
    }
    assert(!from.failed);
    st = bundle_frames_end(&order);
    assert(st == STATUS_OK);
    return true;
}

bool
fuzz_one(struct span in)
{
    struct reader from = reader_of(in);
    uint8_t       what = reader_u8(&from);

    if (from.failed || what > LATER)
        return false;
    if (what == HEADER)
        return header(reader_rest(&from));
    return frames(what == FIRST, reader_rest(&from));
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static const uint8_t first[] = {
        FIRST, 0, 2, 0x0a, 0,          /* Hello */
        0,     2, 0x12, 0,             /* Sizes */
        0,     1, 0x32, 0, 1, 0x32,    /* Cosigned */
        0,     1, 0x3a, 0, 1, 0x4a,    /* Fetch, AskGrant */
        0,     2, 0x42, 0, 0, 1, 0x1a, /* Stop, Leaves */
        0,     0, 0,
    };
    static const uint8_t later[] = {
        LATER, 0, 1, 0x1a, 0, 1, 0x22, 0, 3, 0x2a, 7, 7, 0,
    };
    const struct bundle bundle = {.sender = {{1}},
                                  .recipient = {{2}},
                                  .serial = 1,
                                  .number = 1,
                                  .ephemeral = {9}};
    uint8_t             whole[1 + BUNDLE_HEADER_LEN] = {HEADER};

    bundle_encode(&bundle, whole + 1);
    seed(arg, "header", SPAN_OF(whole));
    seed(arg, "first", SPAN_OF(first));
    seed(arg, "later", SPAN_OF(later));
}
