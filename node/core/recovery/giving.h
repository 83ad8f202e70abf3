/*
 * giving.h - gives a peer back what it lost: a piece of a log that it asks for
 * by Fetch, its own or a closed one of ours, as it is held here.
 *
 *   Fetch(leaves) --> head found --> leaves, head --> bodies --> Held(given)
 *   Fetch(bodies) ---------------------------------> bodies --> Held(given)
 *
 * One Fetch at a time; a piece is at most GIVING_ENTRIES, or a batch where
 * that is more, of which one portion of the store is in memory.  What is not
 * here is left out, and what was asked is answered all the same.
 */
#ifndef CORE_GIVING_H
#define CORE_GIVING_H

#include "node/core/link/resume.h"

enum { GIVING_ENTRIES = LIMIT_BATCH, GIVING_PORTION = 1 << 20 };

struct giving; /* what is under way with one peer */
struct load;

/* BAD_FIELD: no log between the two of us.  BAD_STATE: another one is under
 * way. */
NODISCARD enum status giving_fetch(struct session *session,
                                   struct context *turn,
                                   const Entente__Fetch *fetch);

/* The store's answer. */
void giving_loaded(struct context *turn, const struct load *load,
                   enum status st, struct span answer);

/* Sends the next frame; false: there is none now. */
bool giving_fill(struct session *session, struct context *turn);

/* The link is gone, or the peer is. */
void giving_free(struct peer *peer);

#endif
