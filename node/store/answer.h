/*
 * answer.h - what the questions of QUERY_LIST are answered from, and into.
 */
#ifndef STORE_ANSWER_H
#define STORE_ANSWER_H

#include "node/store/shelf.h"
#include "node/store/tables.h"
#include "proto/record.h"

/* Bytes that grow; wiped when they are freed or begun again. */
struct answer {
    uint8_t *ptr;
    size_t   len;
    size_t   cap;
};

void answer_begin(struct answer *answer);
void answer_free(struct answer *answer);
/* A writer over `room` more bytes.  FULL: no memory. */
NODISCARD enum status answer_room(struct answer *answer, size_t room,
                                  struct writer *out);
/* What the writer wrote belongs to the answer. */
void answer_take(struct answer *answer, const struct writer *written);

/* One record, as record_list_put. */
NODISCARD enum status answer_record(struct answer *answer,
                                    struct span public_part,
                                    struct span secret_part);

struct answer_from {
    struct tables *tables;
    struct shelf  *shelf;
};

#endif
