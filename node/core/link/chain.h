/*
 * chain.h - the session chain, which finds a clone of the disk.
 *
 * Each side names the handshake hashes of earlier sessions that it holds,
 * confirmed and pending; one of them must be one of the other's.  A pending
 * one that was named is confirmed.
 */
#ifndef CORE_CHAIN_H
#define CORE_CHAIN_H

#include "node/core/link/session.h"

/* BAD_FIELD: no Hello of ours has such values.  HELD: it would have us open
 * another epoch too soon. */
NODISCARD enum status chain_check(const struct session *session,
                                  const struct context *turn,
                                  const Entente__Hello *hello);

/*
 * Journals this session as pending and makes it the peer's current link; where
 * the Hello matched nothing, with an alarm and a new epoch.
 */
void chain_journal(struct session *session, struct context *turn,
                   const Entente__Hello *hello);

#endif
