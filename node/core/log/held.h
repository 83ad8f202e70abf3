/*
 * held.h - what this node holds of all logs between it and a peer, told to one
 * that lost state; and the list that such a peer tells us (PROTOCOL 6.9).
 *
 *     AskHeld   -->  from who lost: tell me
 *          <--  Held, Held, ... Held(last)
 *     AskHeld(whole) -->  nothing is lacking any more
 *
 * Who sees that the other lost state offers its list unasked, and at each new
 * link again, until it was asked.
 */
#ifndef CORE_HELD_H
#define CORE_HELD_H

#include "node/core/link/session.h"

/* The peer lost state: it is to hear what is here.  Durable. */
void held_offer(struct peer *peer, struct context *turn);

/* A link is open: goes on with an offer that was not taken up. */
void held_opened(struct session *session);

/* Sends the next frame of a list; false: there is none. */
bool held_fill(struct session *session, struct context *turn);

/* Tells that a Fetch of this log was answered, with what is held of it. */
void held_given(struct session *session, struct context *turn,
                struct span origin);

/* Saves enum record_recovery as it stands. */
void held_save(const struct peer *peer, struct context *turn);

/* A step of session.c's table: AskHeld. */
NODISCARD enum status held_asked(struct session *session, struct context *turn,
                                 const Entente__Frame *frame, struct span raw);

#endif
