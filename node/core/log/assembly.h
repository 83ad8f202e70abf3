/*
 * assembly.h - a body that arrives in pieces, in order.
 *
 * Pieces of one body come without gaps; offset 0 begins anew, whatever was
 * unfinished.  At most one body is unfinished at a time.
 */
#ifndef CORE_ASSEMBLY_H
#define CORE_ASSEMBLY_H

#include "proto/bytes.h"

/* A value; zeroed memory is empty. */
struct assembly {
    uint64_t index; /* of the entry */
    uint32_t have;
    uint8_t *bytes; /* LIMIT_SEALED once used */
};

void assembly_clear(struct assembly *assembly);

/*
 * A piece of the body of `index`, which has `len` <= LIMIT_SEALED bytes.
 * OK: *body is whole, a loan until the next call.  AGAIN: more is needed.
 * BAD_STATE: empty, longer than the body, or not the next one.
 */
NODISCARD enum status assembly_put(struct assembly *assembly, uint64_t index,
                                   size_t len, uint32_t offset,
                                   struct span piece, struct span *body);

#endif
