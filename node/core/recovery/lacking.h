/*
 * lacking.h - of which logs a peer holds more than this node, by its own list
 * (Held): ours that were lost, and those of its own that it writes no longer.
 *
 * Nothing is believed that its writer did not sign.
 */
#ifndef CORE_LACKING_H
#define CORE_LACKING_H

#include "node/core/peer.h"

#include "link.pb-c.h"

enum { LACKING_LOGS = 64 }; /* of more, in the next round */

struct lacking_log {
    struct origin      origin;
    struct origin_text text;
    bool               ours;
    uint64_t           size; /* as the peer holds it */
};

/* Zeroed memory is an empty list. */
struct lacking {
    struct lacking_log list[LACKING_LOGS];
    size_t             count;
    bool               lost; /* this node had had some of it */
    bool               news; /* receipts came with it */
};

/* One of the two lists of a Held.  BAD_FIELD, BAD_PROOF: it is none. */
NODISCARD enum status lacking_take(struct lacking *lacking, struct peer *peer,
                                   struct context *turn,
                                   Entente__ChannelSize *const *list,
                                   size_t count);

/* The peer's receipt of a closed log of ours; false: it is no news. */
bool lacking_receipt(struct peer *peer, struct context *turn,
                     struct channel             *channel,
                     const Entente__ChannelSize *said);

#endif
