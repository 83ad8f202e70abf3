/*
 * bytes.c - the bounded reader and writer.
 *
 * Invariants:
 *  (I1) no byte beyond ptr[left) is read and none beyond ptr[cap) is written;
 *  (I2) once failed, nothing moves any more.
 */
#include "proto/bytes.h"

#include <assert.h>
#include <string.h>

struct span
span_text(const char *text)
{
    return (struct span){(const uint8_t *)text, strlen(text)};
}

bool
span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

struct reader
reader_of(struct span in)
{
    return (struct reader){.ptr = in.ptr, .left = in.len};
}

/* Lends the next len bytes, or NULL after which all else is refused (I1). */
static const uint8_t *
advance(struct reader *in, size_t len)
{
    const uint8_t *at = in->ptr;

    if (in->failed || len > in->left) {
        in->failed = true; /* (I2) */
        return NULL;
    }
    if (len > 0)
        in->ptr += len;
    in->left -= len;
    return at;
}

static uint64_t
read_be(struct reader *in, size_t len)
{
    const uint8_t *at = advance(in, len);
    uint64_t       value = 0;

    for (size_t i = 0; at != NULL && i < len; i++)
        value = value << 8 | at[i];
    return value;
}

uint8_t
reader_u8(struct reader *in)
{
    return (uint8_t)read_be(in, 1);
}

uint16_t
reader_u16(struct reader *in)
{
    return (uint16_t)read_be(in, 2);
}

uint32_t
reader_u32(struct reader *in)
{
    return (uint32_t)read_be(in, 4);
}

uint64_t
reader_u64(struct reader *in)
{
    return read_be(in, 8);
}

static uint64_t
read_le(struct reader *in, size_t len)
{
    const uint8_t *at = advance(in, len);
    uint64_t       value = 0;

    for (size_t i = len; at != NULL && i-- > 0;)
        value = value << 8 | at[i];
    return value;
}

uint32_t
reader_u32_le(struct reader *in)
{
    return (uint32_t)read_le(in, 4);
}

uint64_t
reader_u64_le(struct reader *in)
{
    return read_le(in, 8);
}

void
reader_copy(struct reader *in, uint8_t *out, size_t len)
{
    const uint8_t *at = advance(in, len);

    if (at != NULL && len > 0)
        memcpy(out, at, len);
    else
        memset(out, 0, len);
}

struct span
reader_take(struct reader *in, size_t len)
{
    const uint8_t *at = advance(in, len);

    return in->failed ? SPAN_EMPTY : (struct span){at, len};
}

static struct span
take_at_most(struct reader *in, size_t len, size_t len_max)
{
    if (len > len_max)
        in->failed = true;
    return reader_take(in, len);
}

struct span
reader_take16(struct reader *in, size_t len_max)
{
    size_t len = reader_u16(in);

    return take_at_most(in, len, len_max);
}

struct span
reader_take32(struct reader *in, size_t len_max)
{
    size_t len = reader_u32(in);

    return take_at_most(in, len, len_max);
}

struct span
reader_rest(struct reader *in)
{
    return reader_take(in, in->left);
}

void
reader_fail(struct reader *in)
{
    in->failed = true;
}

enum status
reader_end(const struct reader *in)
{
    return in->failed || in->left > 0 ? STATUS_BAD_ENCODING : STATUS_OK;
}

struct writer
writer_of(uint8_t *buffer, size_t cap)
{
    return (struct writer){.ptr = buffer, .cap = cap};
}

static void
write_bytes(struct writer *out, const uint8_t *from, size_t len)
{
    if (out->failed || len > out->cap - out->len) {
        out->failed = true; /* (I1) (I2) */
        return;
    }
    if (len > 0)
        memcpy(out->ptr + out->len, from, len);
    out->len += len;
}

static void
write_be(struct writer *out, uint64_t value, size_t len)
{
    uint8_t bytes[8];

    assert(len <= sizeof(bytes));
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(value >> (8 * (len - 1 - i)));
    write_bytes(out, bytes, len);
}

void
writer_u8(struct writer *out, uint8_t value)
{
    write_be(out, value, 1);
}

void
writer_u16(struct writer *out, uint16_t value)
{
    write_be(out, value, 2);
}

void
writer_u32(struct writer *out, uint32_t value)
{
    write_be(out, value, 4);
}

void
writer_u64(struct writer *out, uint64_t value)
{
    write_be(out, value, 8);
}

void
writer_put(struct writer *out, struct span bytes)
{
    write_bytes(out, bytes.ptr, bytes.len);
}

void
writer_put16(struct writer *out, struct span bytes)
{
    if (bytes.len > UINT16_MAX)
        out->failed = true;
    writer_u16(out, (uint16_t)bytes.len);
    writer_put(out, bytes);
}

void
writer_put32(struct writer *out, struct span bytes)
{
    if (bytes.len > UINT32_MAX)
        out->failed = true;
    writer_u32(out, (uint32_t)bytes.len);
    writer_put(out, bytes);
}

struct span
writer_span(const struct writer *out)
{
    return out->failed ? SPAN_EMPTY : (struct span){out->ptr, out->len};
}

enum status
writer_end(const struct writer *out)
{
    return out->failed ? STATUS_TOO_LARGE : STATUS_OK;
}
