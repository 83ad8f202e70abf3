/*
 * gather.h - pieces of chunks that come, put together and proven; and the
 * frames that ask for them (PROTOCOL 6.11).
 *
 * One unfinished chunk for each precedence: LIMIT_CHUNK_SEALED bytes each, from
 * the first piece to the end of the link.
 */
#ifndef CORE_GATHER_H
#define CORE_GATHER_H

#include "node/core/attachment/wanted.h"

#include "link.pb-c.h"

struct session;

/* Zeroed memory is nothing. */
struct gather {
    struct gather_chunk {
        struct digest digest;
        uint64_t      index;
        uint32_t      have;  /* 0: none is under way */
        uint8_t      *bytes; /* once used */
        uint8_t       proof[LIMIT_CHUNK_PROOF];
        size_t        proof_len;
    } under_way[PRECEDENCE_COUNT];
};

/* Forgets what is unfinished. */
void gather_clear(struct gather *gather);

/* A Chunks frame of the peer's. */
NODISCARD enum status gather_chunks(struct session       *session,
                                    struct context       *turn,
                                    const Entente__Frame *frame,
                                    struct span           raw);

/* Says what is due, as far as there is room. */
void gather_ask(struct session *session, struct context *turn);

#endif
