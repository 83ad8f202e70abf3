/*
 * numbered.h - the number that the sender's node puts behind the bytes that
 * the author wrote, once, at dispatch (Message.number).
 */
#ifndef PROTO_NUMBERED_H
#define PROTO_NUMBERED_H

#include "proto/protobuf.h"

enum { NUMBERED_FIELD = 15, NUMBERED_ROOM = 1 + PROTOBUF_VARINT_MAX };

/* 0: it has none. */
uint64_t numbered_peek(struct span message);

/* Behind a message that has none; at most NUMBERED_ROOM bytes. */
void numbered_put(struct writer *out, uint64_t number);

/* What the author wrote: without this number, where it ends the message. */
struct span numbered_author(struct span message, uint64_t number);

#endif
