/*
 * protobuf.h - its encoding, where bytes are handled without unpacking.
 *
 * Reading is sticky as all of bytes.h: after a failure everything is zero.
 */
#ifndef PROTO_PROTOBUF_H
#define PROTO_PROTOBUF_H

#include "proto/bytes.h"

enum { PROTOBUF_VARINT_MAX = 10, PROTOBUF_FIELD_MAX = (1 << 29) - 1 };

/* A varint in its shortest form and of at most 64 bits, else a failure. */
uint64_t protobuf_varint(struct reader *in);
/* What a length stands before. */
struct span protobuf_lent(struct reader *in);
/* Passes the value of a field of wire type `type`; groups are a failure. */
void protobuf_skip(struct reader *in, unsigned type);

/*
 * The varint of a top-level field, without judging anything else; 0 when it
 * is not there.  For a version that decides how to read.
 */
uint64_t protobuf_peek(struct span in, uint32_t field);

/*
 * Writes a varint field.  Appended to an encoded message it sets a field
 * that was not there before (Message.number at dispatch).
 */
void protobuf_put_varint(struct writer *out, uint32_t field, uint64_t value);

#endif
