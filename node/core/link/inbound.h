/*
 * inbound.h - frames about logs, from an open link: leaves, heads, bodies,
 * receipts, and what the peer asks for again.
 *
 * Each is a step of session.c's table.  A failure closes the link; what the
 * peer signed and what we committed stays.
 */
#ifndef CORE_INBOUND_H
#define CORE_INBOUND_H

#include "node/core/link/session.h"
#include "node/core/log/witness.h"

#define INBOUND_STEP(name)                                                     \
    NODISCARD enum status name(struct session *session, struct context *turn,  \
                               const Entente__Frame *frame, struct span raw)

INBOUND_STEP(inbound_leaves);
INBOUND_STEP(inbound_head);
INBOUND_STEP(inbound_bodies);
INBOUND_STEP(inbound_cosigned);
INBOUND_STEP(inbound_fetch);

/* A piece of a body.  BAD_STATE: it does not follow, or its leaf is not
 * here. */
NODISCARD enum status inbound_piece(struct peer *peer, struct context *turn,
                                    struct witness          *witness,
                                    const Entente__Fragment *part);

/* In growing order and apart, so that nothing is asked for twice. */
bool inbound_are_apart(Entente__Range *const *ranges, size_t count);

/* A receipt, wherever it stood: frees what it covers and tells who waits. */
NODISCARD enum status inbound_receipt(struct session          *session,
                                      struct context          *turn,
                                      const Entente__Cosigned *cosigned);

#endif
