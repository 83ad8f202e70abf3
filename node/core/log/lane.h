/*
 * lane.h - the two lanes of a pair (PROTOCOL 2): `wire`, dispatched when a link
 * has room, and `courier`, dispatched when a bundle is made.  In each, S has at
 * most one log that it writes now.
 *
 * A lane says when an entry was dispatched and how far its reader follows, not
 * by which way it travels: bundles and links both carry the logs of both.
 */
#ifndef CORE_LANE_H
#define CORE_LANE_H

#include "node/core/peer.h"

/* The log that we write now in this lane; NULL: none was opened. */
struct channel *lane_channel(const struct peer *peer, enum lane lane);
/* The peer's that we heard of last; NULL: none. */
struct witness *lane_witness(const struct peer *peer, enum lane lane);
/* Whether the peer may still write this one of its logs, as far as we heard. */
bool lane_goes_on(const struct peer *peer, const struct witness *witness);

/* The lane whose next head leaves first, for a control entry: wire while the
 * link is open, courier while a bundle is being made.  False: neither, or it
 * may not be said yet (peer_may_say). */
bool lane_to_say(const struct peer *peer, enum lane *out);
/* Courier, opened if it has to be: for what cannot wait in a DUE. */
void lane_for_stick(struct peer *peer, struct context *turn, enum lane *out);

/* Where a log of that name stands among the others: before the first that took
 * its place. */
size_t lane_channel_place(const struct peer *peer, const struct origin *origin);
size_t lane_witness_place(const struct peer *peer, const struct origin *origin);

/* Leaves above its cosigned size that a reader takes. */
uint64_t lane_ahead(enum lane lane);
/* So many leaves of this log in all.  Of what is given back they count from
 * those that are here: its receipt comes when all is that was cosigned. */
uint64_t lane_reach(const struct witness *witness);

/* Above every epoch of ours that we know or were told of, in either lane. */
uint64_t lane_next_epoch(const struct peer *peer);

/* The newest log of theirs in one of the lanes was stopped for a wrong head. */
bool lane_is_stopped(const struct peer *peer);

/* The newest log of theirs was stopped for a wrong head, or ours cannot be read
 * and is not sent; NULL: neither. */
const char *lane_stopped(const struct peer *peer);

/* A new epoch in each lane that has one, at the price of one (peer_renew). */
void lane_renew(struct peer *peer, struct context *turn,
                Entente__EntryOpen__Reason reason);

#endif
