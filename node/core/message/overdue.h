/*
 * overdue.h - what is awaited of people, as clients are told it.
 */
#ifndef CORE_OVERDUE_H
#define CORE_OVERDUE_H

#include "node/core/context.h"
#include "node/core/peer.h"

#include "control.pb-c.h"

enum { OVERDUE_TOLD = 64 };

/* The gravest OVERDUE_TOLD of all peers, those first that have the highest
 * precedence, then the earliest deadline; and how many there are beyond.  In
 * memory of the turn. */
void overdue_fill(struct context *turn, Entente__StatusResponse *out);

/* How much a peer, and we towards it, have not answered. */
void overdue_fill_peer(const struct peer *peer, Entente__PeerStatus *out);

/* Of one message. */
void overdue_fill_show(const struct peer *peer, const struct message_id *id,
                       Entente__ShowResponse *out);

#endif
