/*
 * pairing.h - from two cards to a pair: own card, pair, remove (DESIGN 3), and
 * the end of an alarm.
 *
 * The organisation's key in the card is what is pinned, and only after the
 * safety number was given: all 60 digits, or the 30 that the other side read.
 * A changed organisation key for a known node is a loud stop.
 */
#ifndef CORE_PAIRING_H
#define CORE_PAIRING_H

#include "node/core/client/desk.h"

void pairing_card(struct context *turn, uint64_t client,
                  const Entente__Request *request);
void pairing_pair(struct context *turn, uint64_t client,
                  const Entente__Request *request);
void pairing_remove(struct context *turn, uint64_t client,
                    const Entente__Request *request);

/* A person has seen to what a peer's alarm says: it stands no longer, its
 * record and evidence stay.  NOT_FOUND: no such peer, or no alarm; AGAIN:
 * another alarm stands there; BAD_STATE: a log is stopped, and words do not
 * make it go on. */
void pairing_clear_alarm(struct context *turn, uint64_t client,
                         const Entente__Request *request);

#endif
