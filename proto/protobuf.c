/* protobuf.c - varints, lengths and field tags (protobuf encoding guide). */
#include "proto/protobuf.h"

#include <protobuf-c/protobuf-c.h>

uint64_t
protobuf_varint(struct reader *in)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 7 * PROTOBUF_VARINT_MAX; shift += 7) {
        uint8_t byte = reader_u8(in);

        if (shift == 63 && byte > 1)
            break; /* beyond 64 bits */
        value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            if (byte == 0 && shift > 0)
                break; /* over-long */
            return in->failed ? 0 : value;
        }
    }
    reader_fail(in);
    return 0;
}

struct span
protobuf_lent(struct reader *in)
{
    uint64_t len = protobuf_varint(in);

    if (len > in->left)
        reader_fail(in);
    return in->failed ? SPAN_EMPTY : reader_take(in, (size_t)len);
}

void
protobuf_skip(struct reader *in, unsigned type)
{
    switch (type) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        (void)protobuf_varint(in);
        return;
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        (void)reader_take(in, 8);
        return;
    case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
        (void)protobuf_lent(in);
        return;
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        (void)reader_take(in, 4);
        return;
    default:
        reader_fail(in); /* groups, and what was never assigned */
    }
}

uint64_t
protobuf_peek(struct span in, uint32_t field)
{
    struct reader from = reader_of(in);

    while (from.left > 0 && !from.failed) {
        uint64_t tag = protobuf_varint(&from);

        if (tag == ((uint64_t)field << 3 | PROTOBUF_C_WIRE_TYPE_VARINT))
            return protobuf_varint(&from);
        protobuf_skip(&from, tag & 7);
    }
    return 0;
}

static void
put_varint(struct writer *out, uint64_t value)
{
    while (value >= 0x80) {
        writer_u8(out, (uint8_t)(value | 0x80));
        value >>= 7;
    }
    writer_u8(out, (uint8_t)value);
}

void
protobuf_put_varint(struct writer *out, uint32_t field, uint64_t value)
{
    put_varint(out, (uint64_t)field << 3 | PROTOBUF_C_WIRE_TYPE_VARINT);
    put_varint(out, value);
}
