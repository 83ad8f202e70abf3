/*
 * bundle_frames.c - one table says where each kind of frame stands.
 *
 * Invariant: writer and reader ask the same function, so that what one writes
 * the other takes.
 */
#include "crypto/bundle_frames.h"

#include "link.pb-c.h"

#include <assert.h>

enum { WIRE_LENGTH = 2, WIRE_BITS = 3, WIRE_MASK = 7 };

enum count { ONE, AT_MOST_ONE, ANY };

static const struct row {
    unsigned   field; /* of Frame.kind */
    unsigned   rank;
    enum count count;
} table[] = {
#define FRAME_ROW(name, words, rank, count)                                    \
    {ENTENTE__FRAME__KIND_##name, rank, count},
    BUNDLE_FRAME_LIST(FRAME_ROW)
#undef FRAME_ROW
};
enum { ROW_COUNT = sizeof(table) / sizeof(table[0]) };

/* A Frame is one field, so its first byte is that field's number and type. */
static const struct row *
row_of(struct span frame)
{
    struct reader in = reader_of(frame);
    unsigned      tag = reader_u8(&in);

    for (size_t i = 0; i < ROW_COUNT; i++)
        if (tag == (table[i].field << WIRE_BITS | WIRE_LENGTH))
            return &table[i];
    return NULL;
}

struct bundle_frames
bundle_frames_begin(bool first)
{
    return (struct bundle_frames){first ? 0 : BUNDLE_FRAMES_CARGO};
}

enum status
bundle_frames_admit(struct bundle_frames *order, struct span frame)
{
    const struct row *row = row_of(frame);

    if (row == NULL || row->rank < order->least)
        return STATUS_BAD_STATE;
    if (order->least < BUNDLE_FRAMES_MUST && row->rank != order->least)
        return STATUS_BAD_STATE;
    order->least = row->count == ANY ? row->rank : row->rank + 1;
    return STATUS_OK;
}

enum status
bundle_frames_end(const struct bundle_frames *order)
{
    return order->least < BUNDLE_FRAMES_MUST ? STATUS_BAD_STATE : STATUS_OK;
}

struct span
bundle_frames_next(struct reader *frames)
{
    if (frames->left < sizeof(uint16_t))
        return SPAN_EMPTY;
    return reader_take16(frames, LIMIT_FRAME_PLAIN);
}

static bool
all_zero(struct span in)
{
    for (size_t i = 0; i < in.len; i++)
        if (in.ptr[i] != 0)
            return false;
    return true;
}

enum status
bundle_frames_check(bool first, struct span frames)
{
    struct bundle_frames order = bundle_frames_begin(first);
    struct reader        in = reader_of(frames);
    struct span          frame;

    while ((frame = bundle_frames_next(&in)).len > 0) {
        enum status st = bundle_frames_admit(&order, frame);

        if (st != STATUS_OK)
            return st;
    }
    if (in.failed || !all_zero(reader_rest(&in)))
        return STATUS_BAD_ENCODING;
    return bundle_frames_end(&order);
}
