/*
 * chunks.h - memory of one turn: taken piece by piece, wiped and given back as
 * a whole.
 *
 * A piece stays where it is until chunks_clear(), which keeps one chunk of
 * ordinary size for the next turn.  Memory that cannot be had ends the process,
 * since a turn must not be half done.
 */
#ifndef CORE_CHUNKS_H
#define CORE_CHUNKS_H

#include "proto/bytes.h"

struct chunk;

/* Zeroed memory has none. */
struct chunks {
    struct chunk *first;
};

/* Aligned as malloc aligns. */
uint8_t    *chunks_alloc(struct chunks *chunks, size_t len);
struct span chunks_copy(struct chunks *chunks, struct span bytes);

void chunks_clear(struct chunks *chunks);
void chunks_free(struct chunks *chunks);

#endif
