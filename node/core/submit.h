/*
 * submit.h - from a client's message to an entry: judged, queued, dispatched.
 *
 *   SUBMIT --known id?--> outbox --window--> channel (entry, number)
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

struct load;

void submit_request(struct context *turn, uint64_t client,
                    const Entente__Request *request);

/* Answers of the store to LOAD_KNOWN, LOAD_PENDING. */
void submit_known(struct context *turn, const struct load *load,
                  enum status st, struct span answer);
void submit_pending(struct context *turn, const struct load *load,
                    enum status st, struct span answer);

/* At the end of a turn: what the window allows becomes entries, the rest is
 * saved as pending. */
void submit_dispatch(struct context *turn, struct peer *peer);

/* SubmitResponse to one client about one message. */
void submit_tell(struct context *turn, const struct follow *follow, bool last,
                 const struct peer *peer, const struct message_id *id,
                 uint64_t number, enum message_state state, const char *why);

#endif
