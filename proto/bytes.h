/*
 * bytes.h - spans, a bounded reader and a bounded writer.
 *
 * The only place where a length that came from outside is compared with what
 * is there.  Integers are big-endian but where the name ends in _le.  Reader
 * and writer are values in the caller's memory; they own nothing.
 *
 * Both are sticky: after the first failure every further call does nothing
 * and yields zeros, so a layout is read straight down and judged once, by
 * reader_end() or writer_end().
 */
#ifndef PROTO_BYTES_H
#define PROTO_BYTES_H

#include "proto/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A loan of bytes that ends with the call, unless a header says otherwise. */
struct span {
    const uint8_t *ptr;
    size_t         len;
};

#define SPAN_EMPTY ((struct span){NULL, 0})
/* The span of an array whose size the compiler knows. */
#define SPAN_OF(array) ((struct span){(array), sizeof(array)})

struct span span_text(const char *text);
bool        span_equal(struct span a, struct span b); /* not for secrets */

struct reader {
    const uint8_t *ptr;
    size_t         left;
    bool           failed;
};

struct reader reader_of(struct span in);
uint8_t       reader_u8(struct reader *in);
uint16_t      reader_u16(struct reader *in);
uint32_t      reader_u32(struct reader *in);
uint64_t      reader_u64(struct reader *in);
/* The lower byte first, as protobuf's fixed fields have it. */
uint32_t reader_u32_le(struct reader *in);
uint64_t reader_u64_le(struct reader *in);
/* Copies len bytes to out; zeros out on failure. */
void reader_copy(struct reader *in, uint8_t *out, size_t len);
/* Lends len bytes of the input. */
struct span reader_take(struct reader *in, size_t len);
/* A u16 length, at most len_max, then that many bytes. */
struct span reader_take16(struct reader *in, size_t len_max);
/* A u32 length, at most len_max, then that many bytes. */
struct span reader_take32(struct reader *in, size_t len_max);
/* What is left, all of it. */
struct span reader_rest(struct reader *in);
/* For a layout rule that the caller checks: marks the reader as failed. */
void reader_fail(struct reader *in);
/* OK when nothing failed and nothing is left over; else BAD_ENCODING. */
NODISCARD enum status reader_end(const struct reader *in);

struct writer {
    uint8_t *ptr; /* start of the caller's buffer */
    size_t   cap;
    size_t   len; /* written so far */
    bool     failed;
};

struct writer writer_of(uint8_t *buffer, size_t cap);
void          writer_u8(struct writer *out, uint8_t value);
void          writer_u16(struct writer *out, uint16_t value);
void          writer_u32(struct writer *out, uint32_t value);
void          writer_u64(struct writer *out, uint64_t value);
void          writer_put(struct writer *out, struct span bytes);
/* The length first, as u16 or u32. */
void writer_put16(struct writer *out, struct span bytes);
void writer_put32(struct writer *out, struct span bytes);
/* What was written.  Empty when a write did not fit. */
struct span writer_span(const struct writer *out);
/* OK when everything fitted; else TOO_LARGE. */
NODISCARD enum status writer_end(const struct writer *out);

#endif
