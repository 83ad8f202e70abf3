/*
 * reply.h - what the questions of QUERY_LIST are answered from, and into.
 */
#ifndef STORE_REPLY_H
#define STORE_REPLY_H

#include "node/store/shelf.h"
#include "node/store/tables.h"
#include "proto/record.h"

/* Bytes that grow; wiped when they are freed or begun again. */
struct reply {
    uint8_t *ptr;
    size_t   len;
    size_t   cap;
};

void reply_begin(struct reply *reply);
void reply_free(struct reply *reply);
/* A writer over `room` more bytes.  FULL: no memory. */
NODISCARD enum status reply_room(struct reply *reply, size_t room,
                                  struct writer *out);
/* What the writer wrote belongs to the answer. */
void reply_take(struct reply *reply, const struct writer *written);

/* One record, as record_list_put. */
NODISCARD enum status reply_record(struct reply *reply,
                                    struct span public_part,
                                    struct span secret_part);

struct reply_from {
    struct tables *tables;
    struct shelf  *shelf;
};

#endif
