/*
 * handshake.h - the two messages of Noise IKpsk1 and what they carry.
 *
 * On the wire message 1 is preceded by mac1 (16 bytes), checked before any
 * curve operation.  Its payload: u16 length, the initiator's certificate, u64
 * stamp.  Message 2 has an empty payload.
 */
#ifndef CORE_HANDSHAKE_H
#define CORE_HANDSHAKE_H

#include "node/core/link/session.h"

/* Writes and sends message 1; its stamp is saved before it can be sent. */
void handshake_call(struct session *session, struct context *turn);

/*
 * Message 1 from a stranger.  OK: message 2 was sent, session->peer is known.
 * Anything else: silence; the caller closes the link.  Nothing but the
 * budgets of handshakes changes.
 */
NODISCARD enum status handshake_answer(struct session *session,
                                       struct context *turn,
                                       struct span     frame);

/* Message 2. */
NODISCARD enum status handshake_finish(struct session *session,
                                       struct context *turn,
                                       struct span     frame);

#endif
