/*
 * trail.h - all states that a message has had, in their order: QUERY_TRAIL.
 */
#ifndef STORE_TRAIL_H
#define STORE_TRAIL_H

#include "node/core/event.h"
#include "node/store/reply.h"

/*
 * TRAIL records, oldest first.  Outgoing: queued, sent, received (at the time
 * that the cosignature claims), then verdicts and answers; incoming: as it
 * arrived, then what became of it.  NOT_FOUND: no such message.
 */
NODISCARD enum status trail_list(const struct reply_from *from,
                                 const struct query *query,
                                 struct reply      *out);

/* The state of a row as it stands, verdicts and receipts counted. */
NODISCARD enum status trail_state(const struct reply_from    *from,
                                  const struct tables_message *message,
                                  enum message_state          *out);

#endif
