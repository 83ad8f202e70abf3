/*
 * reanswer.h - what our answers said in an epoch that ended before the peer
 * cosigned them is due again: a person's answer is not lost with a log.
 */
#ifndef CORE_REANSWER_H
#define CORE_REANSWER_H

#include "node/core/peer.h"

/* The plaintext of an ANSWER entry of ours.  The peer may hear it twice. */
void reanswer_entry(struct peer *peer, struct context *turn, struct span body);

#endif
