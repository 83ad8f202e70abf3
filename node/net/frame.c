/*
 * frame.c - length, then bytes; whole frames are lent, parts are kept.
 *
 * Invariants:
 *  (I1) body_cap never exceeds body_len, and body_len never len_max: what a
 *       sender announces costs memory only as its bytes arrive;
 *  (I2) a frame that stands whole in the stream is lent from there.
 */
#include "node/net/frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
frame_reader_init(struct frame_reader *in, size_t width)
{
    assert(width == FRAME_LINK_WIDTH || width == FRAME_CONTROL_WIDTH);
    *in = (struct frame_reader){.width = width};
}

void
frame_reader_clear(struct frame_reader *in)
{
    free(in->body);
    frame_reader_init(in, in->width);
}

static struct span
take(struct span *stream, size_t len)
{
    struct span front;

    if (len > stream->len)
        len = stream->len;
    front = (struct span){stream->ptr, len};
    if (len > 0)
        stream->ptr += len;
    stream->len -= len;
    return front;
}

NODISCARD static enum status
read_header(struct frame_reader *in, size_t len_max, struct span *stream)
{
    struct span   part = take(stream, in->width - in->header_have);
    struct reader length;

    if (part.len > 0)
        memcpy(in->header + in->header_have, part.ptr, part.len);
    in->header_have += part.len;
    if (in->header_have < in->width)
        return STATUS_AGAIN;
    length = reader_of((struct span){in->header, in->width});
    in->body_len = in->width == FRAME_LINK_WIDTH ? reader_u16(&length)
                                                 : reader_u32(&length);
    if (in->body_len == 0)
        return STATUS_BAD_ENCODING;
    return in->body_len > len_max ? STATUS_TOO_LARGE : STATUS_OK;
}

/* Room for `len` more bytes of the body. */
NODISCARD static enum status
grow(struct frame_reader *in, size_t len)
{
    size_t   need = in->body_have + len;
    size_t   cap = 2 * in->body_cap;
    uint8_t *body;

    assert(need <= in->body_len);
    if (need <= in->body_cap)
        return STATUS_OK;
    if (cap < need)
        cap = need;
    if (cap > in->body_len)
        cap = in->body_len; /* (I1) */
    body = realloc(in->body, cap);
    if (body == NULL)
        return STATUS_FULL;
    in->body = body;
    in->body_cap = cap;
    return STATUS_OK;
}

NODISCARD static enum status
read_body(struct frame_reader *in, struct span *stream, struct span *frame)
{
    struct span part;
    enum status st;

    if (in->body_have == 0 && stream->len >= in->body_len) {
        *frame = take(stream, in->body_len); /* (I2) */
        in->lent = true;
        return STATUS_OK;
    }
    part = take(stream, in->body_len - in->body_have);
    if (part.len == 0)
        return STATUS_AGAIN;
    st = grow(in, part.len);
    if (st != STATUS_OK)
        return st;
    memcpy(in->body + in->body_have, part.ptr, part.len);
    in->body_have += part.len;
    if (in->body_have < in->body_len)
        return STATUS_AGAIN;
    *frame = (struct span){in->body, in->body_len};
    in->lent = true;
    return STATUS_OK;
}

enum status
frame_next(struct frame_reader *in, size_t len_max, struct span *stream,
           struct span *frame)
{
    enum status st;

    if (in->lent)
        frame_reader_clear(in);
    if (in->header_have < in->width) {
        st = read_header(in, len_max, stream);
        if (st != STATUS_OK)
            return st;
    }
    return read_body(in, stream, frame);
}

size_t
frame_missing(const struct frame_reader *in)
{
    if (in->lent)
        return in->width;
    if (in->header_have < in->width)
        return in->width - in->header_have;
    return in->body_len - in->body_have;
}

void
frame_header(size_t width, size_t len, uint8_t *out)
{
    struct writer header = writer_of(out, width);

    if (width == FRAME_LINK_WIDTH) {
        assert(len <= UINT16_MAX);
        writer_u16(&header, (uint16_t)len);
    } else {
        assert(len <= UINT32_MAX);
        writer_u32(&header, (uint32_t)len);
    }
    assert(writer_end(&header) == STATUS_OK);
}
