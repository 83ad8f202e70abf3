/*
 * sizes.h - what this node holds of the logs between it and one peer, as a
 * session or a bundle begins with it (PROTOCOL 6.7).
 */
#ifndef CORE_SIZES_H
#define CORE_SIZES_H

#include "node/core/peer.h"

#include "link.pb-c.h"

/* Of each lane the log that we write and the one of theirs that we heard of
 * last; in memory of the turn, and of the peer as it is now. */
Entente__Sizes *sizes_of(const struct peer *peer, struct context *turn);

/* One log of ours, or of theirs without what is missing; `cosigned` is what it
 * points to where there is a receipt.  Spans of the log. */
void sizes_channel(Entente__ChannelSize *out, Entente__Cosigned *cosigned,
                   const struct channel *channel);
void sizes_witness(Entente__ChannelSize *out, Entente__Cosigned *cosigned,
                   const struct witness *witness);

/* The head under what is said to be held, signed by who writes that log.
 * BAD_FIELD, BAD_PROOF. */
NODISCARD enum status sizes_head(const Entente__ChannelSize *said,
                                 const uint8_t *log_key, struct head *out);

/* A receipt, which nobody has judged yet.  BAD_FIELD. */
NODISCARD enum status sizes_receipt(const Entente__Cosigned *said,
                                    struct head             *head,
                                    struct cosignature      *out);

/* A receipt of ours, as it was signed; spans of the witness. */
void sizes_cosigned(Entente__Cosigned *out, const struct witness *witness);

#endif
