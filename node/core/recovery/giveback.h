/*
 * giveback.h - messages of a closed epoch that the peer did not cosign go back
 * to the outbox, to be dispatched again in the epoch that followed; what our
 * answers in it said is due again.
 *
 * Their entries are loaded in portions and opened with their content keys;
 * what was given back is noted (CLOSED) in the group that holds it again as
 * PENDING or OUT_ENTRY.  A message keeps its id, its number and who follows it.
 */
#ifndef CORE_GIVEBACK_H
#define CORE_GIVEBACK_H

#include "node/core/peer.h"

struct load;

/* Asks for the next portion of a closed channel; nothing where none is left.
 * Also after a start, for what was not given back before it. */
void giveback_begin(struct context *turn, struct peer *peer,
                    struct channel *channel);

/* The store's answer. */
void giveback_loaded(struct context *turn, const struct load *load,
                     enum status st, struct span answer);

#endif
