/*
 * regrow.h - a log of ours that was lost grows again by what the peer gives
 * back: never appended to, and proven by our own signature under each piece.
 *
 *   open --leaves, head--> proven --bodies, in order--> saved --Held--> closed
 *
 * The leaves of one piece are in memory, as their reader has them.
 */
#ifndef CORE_REGROW_H
#define CORE_REGROW_H

#include "node/core/peer.h"

#include "link.pb-c.h"

/* The piece behind what is here; peer->regrow is it. */
void regrow_open(struct peer *peer, const struct origin *origin);
void regrow_free(struct peer *peer);

/* The one under way, if it is of this log; NULL. */
struct witness *regrow_of(const struct peer *peer, struct span origin);

/* A head of it, beyond what is here. */
void regrow_head(struct peer *peer, struct context *turn,
                 const struct head *head, const uint8_t *signature);
/* What was given is wrong: an alarm, and nothing more of it is taken. */
void regrow_spoil(struct peer *peer, struct context *turn, enum status st,
                  struct span evidence);
/* A whole body of it. */
void regrow_body(struct peer *peer, struct context *turn, uint64_t index,
                 struct span body);

/* All was given, with the peer's receipt in `held`; false: it was nothing, or
 * wrong. */
bool regrow_close(struct peer *peer, struct context *turn,
                  const Entente__Held *held);

#endif
