/*
 * rows.h - messages as lists show them: QUERY_ROWS and QUERY_FIND.
 */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "node/core/event.h"
#include "node/store/reply.h"

/*
 * Rows of query->outgoing and query->peer (zero: all) that pass the filters of
 * the encoded ListRequest in `text` (kind, state, unread, since_ms), oldest
 * first.  query->from is a cursor: the first query->count rows above it; 0:
 * the newest query->count.  Cursors begin with 2, so `from` 1 begins with the
 * oldest.  BAD_ENCODING, BAD_FIELD: the request.
 */
NODISCARD enum status rows_list(const struct reply_from *from,
                                const struct query *query, struct span text,
                                struct reply *out);

/* See QUERY_LIST: by number, queue position or prefix of an id; a peer that is
 * not zero narrows the last to that peer and direction. */
NODISCARD enum status rows_find(const struct reply_from *from,
                                const struct query *query, struct span text,
                                struct reply *out);

#endif
