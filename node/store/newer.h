/*
 * newer.h - the later messages of the same sender that add to, replace or take
 * back one.
 *
 * Only its own sender can do that, towards the same peer, in the same realm,
 * and with the same status: a TEST cancels nothing that is ACTUAL.
 */
#ifndef STORE_NEWER_H
#define STORE_NEWER_H

#include "node/store/reply.h"

enum { NEWER_MAX = 32 };

struct newer {
    struct message_id id;
    uint64_t          number; /* 0: it waits in the outbox */
    uint8_t           action; /* Message.Action */
};

/*
 * At most NEWER_MAX, what does most first (RECALL, CANCEL, CORRECT, UPDATE),
 * of those the newest first.  As db_open.
 */
NODISCARD enum status newer_list(const struct reply_from     *from,
                                 const struct tables_message *message,
                                 struct newer list[static NEWER_MAX],
                                 size_t      *count);

/* Behind the trail of a message: a REFERS record for each.  As newer_list. */
NODISCARD enum status newer_tell(const struct reply_from     *from,
                                 const struct query          *query,
                                 const struct tables_message *message,
                                 struct reply                *out);

#endif
