/*
 * enclosure.h - files that simulated officers send beside their letters,
 * sealed as `entente send --attach` seals them.
 */
#ifndef TESTS_SIM_ENCLOSURE_H
#define TESTS_SIM_ENCLOSURE_H

#include "crypto/attachment.h"
#include "node/sim/dice.h"

struct enclosure {
    struct digest           digest;
    uint8_t                 key[LIMIT_KEY];
    uint64_t                size; /* plain */
    struct attachment_shape shape;
    uint8_t                *sealed; /* all chunks; owned */
};

/* Mostly one short chunk, at most five; also the lengths on both sides of the
 * end of a chunk. */
void enclosure_make(struct enclosure *enclosure, struct dice *dice);
void enclosure_clear(struct enclosure *enclosure);

/* All its sealed chunks. */
struct span enclosure_span(const struct enclosure *enclosure);
/* Bytes of its first `chunks` sealed chunks. */
uint64_t enclosure_len(const struct enclosure *enclosure, uint64_t chunks);

#endif
