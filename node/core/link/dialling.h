/*
 * dialling.h - when to dial whom: back-off, renewal, one dial a peer at a time.
 *
 * The back-off doubles from LIMIT_BACKOFF_MIN_MS to LIMIT_BACKOFF_MAX_MS, with
 * a random part; a link that came up, whoever dialled, sets it back.  After
 * LIMIT_LINK_AGE_MS of traffic or LIMIT_LINK_MESSAGES the dialler of a link
 * makes a new one, with a new handshake.
 */
#ifndef CORE_DIALLING_H
#define CORE_DIALLING_H

#include "node/core/peer.h"

/* Dials the peer if that is due.  Returns when to look again: monotonic ms,
 * UINT64_MAX for never by itself. */
uint64_t dialling_tick(struct peer *peer, struct context *turn);

#endif
