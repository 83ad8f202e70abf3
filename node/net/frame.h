/*
 * frame.h - a stream of bytes cut into frames: a big-endian length of two
 * bytes (links) or four (control socket), then that many bytes.
 *
 * Takes a stream in pieces of any size.  Holds memory only while a frame is
 * in part here, and never more than was received of it, doubled.
 */
#ifndef NET_FRAME_H
#define NET_FRAME_H

#include "proto/bytes.h"

enum { FRAME_LINK_WIDTH = 2, FRAME_CONTROL_WIDTH = 4 };

struct frame_reader {
    size_t   width;     /* bytes of the length */
    uint8_t  header[4]; /* the length as far as it is here */
    size_t   header_have;
    size_t   body_len; /* known when the length is whole */
    size_t   body_have;
    uint8_t *body; /* of a frame in part */
    size_t   body_cap;
    bool     lent; /* `body` was given out; freed at the next call */
};

void frame_reader_init(struct frame_reader *in, size_t width);
/* Frees; the reader is at the beginning of a frame again. */
void frame_reader_clear(struct frame_reader *in);

/*
 * Takes bytes from the front of *stream.  OK: *frame is one whole frame, lent
 * until the next call or as long as the stream's bytes, whichever is less.
 * AGAIN: all was taken and the frame is not whole.  TOO_LARGE: the length is
 * above len_max.  BAD_ENCODING: the length is 0.  FULL: no memory.  After
 * the last three the stream cannot go on.
 */
NODISCARD enum status frame_next(struct frame_reader *in, size_t len_max,
                                 struct span *stream, struct span *frame);

/* Bytes still missing of what is being read, the length or the body: reading
 * no more than this never reads beyond the frame. */
size_t frame_missing(const struct frame_reader *in);

/* Writes the length before a frame of `len` bytes into out[width]. */
void frame_header(size_t width, size_t len, uint8_t *out);

#endif
