/*
 * ping.h - an echo over a peer's link, for a client that asks how it is.
 *
 * A Keepalive with an echo (PROTOCOL 6.8) through the node's own turns: what
 * comes back has passed the same rooms as a message, but for the disk.  One
 * echo is under way on a link at a time, since a peer answers the newest only;
 * who asks meanwhile waits for the next.
 */
#ifndef CORE_PING_H
#define CORE_PING_H

#include "node/core/client/desk.h"
#include "node/core/link/session.h"

enum { PING_WAITS = 64 }; /* clients' requests at a time, all links */

/* NOT_FOUND: no such peer; FULL; answered at once when there is no link. */
void ping_request(struct context *turn, uint64_t client,
                  const Entente__Request *request);

/* A Keepalive came: its echo is answered with the next one of ours; what it
 * answers is told to who waits for it, or means nothing. */
NODISCARD enum status ping_keepalive(struct session       *session,
                                     struct context       *turn,
                                     const Entente__Frame *frame,
                                     struct span           raw);

/* The link has ended: nothing comes back any more. */
void ping_ended(struct context *turn, const struct session *session);

/* The client is gone. */
void ping_forget(struct node *node, uint64_t client);

#endif
