/*
 * entries.h - records of entries, heads and pending messages: QUERY_ENTRIES,
 * QUERY_HEAD and QUERY_PENDING.
 */
#ifndef STORE_ENTRIES_H
#define STORE_ENTRIES_H

#include "node/core/event.h"
#include "node/store/reply.h"

/*
 * The entries query->from .. + query->count of a channel: OUT_ENTRY or
 * IN_ENTRY with its secret, MISSING where only the leaf is known.  Ends before
 * the answer would pass query->bytes_max, but gives one at least, and at the
 * first index of which nothing is known.
 */
NODISCARD enum status entries_list(const struct reply_from *from,
                                   const struct query *query,
                                   struct reply      *out);

/* The signed head of query->origin with the largest size above query->from and
 * at most query->count above it, else the smallest above.  NOT_FOUND. */
NODISCARD enum status entries_head(const struct reply_from *from,
                                   const struct query *query,
                                   struct reply      *out);

/* The PENDING record of a queued message.  NOT_FOUND. */
NODISCARD enum status entries_pending(const struct reply_from *from,
                                      const struct query *query,
                                      struct reply      *out);

#endif
