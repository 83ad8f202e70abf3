/*
 * rereading.h - a whole attachment of theirs, read again before it counts.
 *
 *      rereading_new --step until not AGAIN--> rereading_end, rereading_free
 *
 * What is right is known by the digest; how far a wrong one is right, by the
 * leaves that were noted as each chunk came.
 */
#ifndef STORE_REREADING_H
#define STORE_REREADING_H

#include "crypto/merkle.h"
#include "node/core/event.h"
#include "node/host/file.h"

enum { REREADING_STEP = 16 }; /* chunks at a time: a MiB */

struct rereading; /* opaque: rereading_new / rereading_free */

/* For a WHOLE query (event.h).  NOT_FOUND: neither a partial nor a whole file
 * is there; BAD_FIELD: no file has this shape; IO, NO_SPACE, FULL. */
NODISCARD enum status rereading_new(const struct disk    *disk,
                                    const struct node_id *peer,
                                    const struct digest  *digest,
                                    uint64_t chunks, uint64_t stored,
                                    struct rereading **out);
void rereading_free(struct rereading *reading);

/* Reads on.  AGAIN: there is more; OK: all was read; IO. */
NODISCARD enum status rereading_step(struct rereading *reading);

/*
 * After the last step.  OK: all is right, and durable under its whole name.
 * CORRUPT: it is a partial one, cut to what is right from its first chunk on.
 * `frontier` is of what is right.  IO, NO_SPACE.
 */
NODISCARD enum status rereading_end(struct rereading       *reading,
                                    struct merkle_frontier *frontier);

#endif
