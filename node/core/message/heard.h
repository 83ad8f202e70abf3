/*
 * heard.h - ids of messages that peers sent lately, and what was said under
 * them, so that one id for two messages is noticed.
 *
 * They may come twice: a sender that lost state sends again, in another epoch
 * and with another number.  Remembers at most HEARD_SLOTS since the node
 * started, a later one in the place of an earlier; what it has forgotten the
 * store still finds when it makes a list (node/store/twin.h).
 */
#ifndef CORE_HEARD_H
#define CORE_HEARD_H

#include "proto/origin.h"

enum { HEARD_SLOTS = 16384 };

struct heard_slot;

struct heard {
    struct heard_slot *slots; /* made at the first heard_take */
};

void heard_clear(struct heard *heard);

/* Whether that id is remembered. */
bool heard_has(const struct heard *heard, const struct node_id *peer,
               const struct message_id *id);

/*
 * `plain` is a message of this peer's with this id and the number that its
 * sender's node appended (0: none).  OK: new, or the same as before.
 * DUPLICATE: its author wrote something else under this id before; that is
 * what stays remembered.
 */
NODISCARD enum status heard_take(struct heard            *heard,
                                 const struct node_id    *peer,
                                 const struct message_id *id, uint64_t number,
                                 struct span plain);

#endif
