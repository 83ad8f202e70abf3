/*
 * arrival.h - a whole body of the peer's, with the right digest: opened,
 * understood, saved, and answered where it is a message.
 *
 * One bad entry never ends a process or blocks a channel (DESIGN 7, rule 8):
 * what cannot be opened or understood is kept as it came, and answered.
 */
#ifndef CORE_ARRIVAL_H
#define CORE_ARRIVAL_H

#include "node/core/peer.h"

/* Saves the entry and settles it, but for an answer that is held (answer.h);
 * `index` must be wanted by the witness. */
void arrival_take(struct peer *peer, struct context *turn,
                  struct witness *witness, uint64_t index, struct span body);

#endif
