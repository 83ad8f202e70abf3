/*
 * submit.h - from a client's message to an entry: judged, queued, dispatched.
 *
 *   SUBMIT --known.h--> outbox --window--> channel (entry, number)
 *                           |
 *                           +--not in this turn--> PENDING in the journal
 *
 * What is dispatched in the turn that brought it never becomes a PENDING
 * record; what is not is loaded again when its turn comes.
 */
#ifndef CORE_SUBMIT_H
#define CORE_SUBMIT_H

#include "node/core/peer.h"

#include "control.pb-c.h"
#include "message.pb-c.h"

struct load;

enum { SUBMIT_PEERS = 64 /* of one request */ };

/* All peers of a request, or none: what one of them has no room for is not
 * sent to that one, and told. */
void submit_request(struct context *turn, uint64_t client,
                    const Entente__Request *request);
/* The same request again: the files that it names are here. */
void submit_enclosed(struct context *turn, uint64_t client,
                     const Entente__Request *request);

/* A message as a program handed it in, read and judged, into memory of the
 * turn; `follow` is left as it is.  As message_parse. */
NODISCARD enum status submit_read(struct context *turn, struct span bytes,
                                  struct outbox_item *item,
                                  Entente__Message  **message);
/* Into the outbox, or the client is told why not. */
void submit_enter(struct context *turn, struct peer *peer,
                  const struct outbox_item *item,
                  const Entente__Message   *message);
void submit_refused(struct context *turn, const struct peer *peer,
                    const struct outbox_item *item, enum status st);

/* The store's answer to LOAD_PENDING. */
void submit_pending(struct context *turn, const struct load *load,
                    enum status st, struct span answer);

/* At the end of a turn: what the window allows becomes entries, the rest is
 * saved as pending. */
void submit_dispatch(struct context *turn, struct peer *peer);

/* The first that waits, whose plaintext is at hand, becomes an entry. */
void submit_leave(struct context *turn, struct peer *peer,
                  struct channel *channel, struct outbox_item *item);

#endif
