/*
 * refetch.h - frames of who lost state, and what is done without what nobody
 * has any more (regain.h).
 */
#ifndef CORE_REFETCH_H
#define CORE_REFETCH_H

#include "node/core/recovery/lacking.h"
#include "node/core/link/session.h"

/* AskHeld: which logs the peer holds; `whole`: that nothing is lacking. */
void refetch_ask(struct session *session, struct context *turn, bool whole);

/* Fetch of that log: bodies that are missing first, then leaves. */
void refetch_send(struct session *session, struct context *turn,
                  const struct lacking_log *log);

/* Bodies that the peer has not any more: its log goes on without. */
void refetch_give_up(struct peer *peer, struct context *turn,
                     struct witness *witness);

#endif
