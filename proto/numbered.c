/* numbered.c - one field at the end: nothing before it is read. */
#include "proto/numbered.h"

uint64_t
numbered_peek(struct span message)
{
    return protobuf_peek(message, NUMBERED_FIELD);
}

void
numbered_put(struct writer *out, uint64_t number)
{
    protobuf_put_varint(out, NUMBERED_FIELD, number);
}

struct span
numbered_author(struct span message, uint64_t number)
{
    uint8_t       field[NUMBERED_ROOM];
    struct writer out = writer_of(field, sizeof(field));
    size_t        len;

    if (number == 0)
        return message;
    numbered_put(&out, number);
    if (message.len < out.len)
        return message;
    len = message.len - out.len;
    return span_equal((struct span){message.ptr + len, out.len},
                      writer_span(&out))
               ? (struct span){message.ptr, len}
               : message;
}
