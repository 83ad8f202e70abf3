/*
 * outbound.h - what an open link is given when it has room, most urgent first:
 * Stop, receipts and requests, leaves and heads, then bodies by precedence.
 *
 * Frames are formed as late as possible: nothing stands in a queue that a
 * FLASH could not overtake (DESIGN 2, Dispatch).
 */
#ifndef CORE_OUTBOUND_H
#define CORE_OUTBOUND_H

#include "node/core/link/session.h"

/* Fills the link's room. */
void outbound_fill(struct session *session, struct context *turn);

#endif
