/*
 * pace.h - how long messages to one peer take, by precedence: from submission
 * to its receipt, and to a person there having read them.
 *
 * A message is followed from dispatch on, PACE_FOLLOWED of a precedence at a
 * time: a new one takes the place of the oldest that has its receipt, or is
 * not followed.  Times are of this node's wall clock, that of submission being
 * in the journal; a link that ends and comes again changes nothing, the node's
 * start begins anew.  Memory is fixed, and a precedence that was never sent
 * takes none.
 */
#ifndef CORE_PACE_H
#define CORE_PACE_H

#include "node/core/log/channel.h"

#include "control.pb-c.h"
#include "entry.pb-c.h"

enum {
    PACE_FOLLOWED = 128, /* messages of one precedence at a time */
    PACE_KEPT = 64       /* newest times, of which the median is told */
};

struct pace_class;

/* Of one peer.  Zeroed memory is one that nothing was sent to. */
struct pace {
    struct pace_class *of[PRECEDENCE_COUNT];
};

void pace_clear(struct pace *pace);

/* What was submitted at submitted_ms became this entry. */
void pace_sent(struct pace *pace, const struct channel *channel,
               uint64_t index, enum precedence precedence,
               uint64_t submitted_ms);

/* All entries of the channel below `size` have their receipt now. */
void pace_received(struct pace *pace, const struct channel *channel,
                   uint64_t size, uint64_t now_ms);

/* These entries were read, as we know now. */
void pace_read(struct pace *pace, const struct channel *channel,
               const Entente__AnswerRange *range, uint64_t now_ms);

/* Into a status, in memory of the turn: the precedences that were sent. */
void pace_fill(const struct pace *pace, struct context *turn,
               Entente__PeerStatus *out);

#endif
