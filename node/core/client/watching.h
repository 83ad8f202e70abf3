/*
 * watching.h - who waits for what happens next: EventsRequest.
 *
 * A request with a place is answered when the journal has an event behind it
 * that passes; until then it is parked.  The answer is read from the store, so
 * what is told is durable.  Back-pressure needs no other means: a client that
 * reads slowly asks slowly, and the journal waits for it.
 *
 * Bounded: WATCHING_MAX requests of a client at a time.  While nobody watches,
 * nothing is done for it, whatever happens.
 */
#ifndef CORE_WATCHING_H
#define CORE_WATCHING_H

#include "node/core/client/desk.h"
#include "node/core/roster.h"

enum {
    WATCHING_MAX = 4,
    WATCHING_ROWS = 500,
    WATCHING_BYTES = LIMIT_CONTROL_FRAME / 2 /* of an answer, about */
};

/* BAD_FIELD, BAD_ENCODING: the request; FULL: more than WATCHING_MAX. */
void watching_request(struct context *turn, uint64_t client,
                      const Entente__Request *request);

/* The store's answer to a LOAD_EVENTS. */
void watching_loaded(struct context *turn, const struct load *load,
                     enum status st, struct span answer);

/* The end of a turn: what it saves may be what somebody waits for. */
void watching_saved(struct context *turn);

/* All get their last answer: ask again.  Those whose LOAD is under way are
 * the caller's to answer. */
void watching_end(struct context *turn);
/* The client is gone. */
void watching_forget(struct node *node, uint64_t client);

#endif
