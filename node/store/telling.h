/*
 * telling.h - records of the journal told as events, one after the other, into
 * an answer that may end anywhere between two of them.
 *
 * A record may be no event, one, or one for each of many messages (a receipt,
 * a verdict).  Some are told differently than they stand: what a snapshot
 * repeats is none; of several entries with one message id the first has
 * arrived, and each that brings another message is quarantined (picked.h).
 */
#ifndef STORE_TELLING_H
#define STORE_TELLING_H

#include "node/core/event.h"
#include "node/store/bookmark.h"
#include "node/store/picked.h"

struct telling {
    const struct reply_from *rows;
    const struct query      *query; /* count, bytes_max, from as QUERY_EVENTS */
    struct reply            *out;
    struct bookmark          at; /* what was told ends here */
    uint64_t                 told;
    struct picked_queue      queue;
};

/*
 * The record with this ordinal of the group at `place`, in which telling->at
 * is; what stands before that is passed over.  *repeats goes from record to
 * record, false before the first: a snapshot has begun and not ended.
 * AGAIN: the answer is full, and `at` before what is left.  Else as db_open.
 */
NODISCARD enum status telling_take(struct telling            *telling,
                                   const struct group_record *from,
                                   const struct group_place  *place,
                                   uint32_t ordinal, bool *repeats);

/* Ends the answer with the place.  `more`: the journal goes on behind it. */
NODISCARD enum status telling_end(struct telling *telling, bool more);

#endif
