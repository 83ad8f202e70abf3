/*
 * salvage.h - what is worth keeping of groups that stand behind damage.
 *
 * Where a group is lost and no snapshot follows, the state of every log ends
 * before it: what came later is given back by the peers (DESIGN 2).  Some of
 * it only this node knows: messages that wait, pairings, its own sealing keys,
 * stamps, alarms.  These records stand for themselves and are saved again.
 */
#ifndef STORE_SALVAGE_H
#define STORE_SALVAGE_H

#include "node/store/group.h"

struct salvage; /* opaque: salvage_new / salvage_free */

/* NULL: no memory. */
struct salvage *salvage_new(void);
/* Wipes what it holds. */
void salvage_free(struct salvage *salvage);

/* All records of an opened group, which come in the journal's order; copied.
 * FULL: no memory. */
NODISCARD enum status salvage_take(struct salvage     *salvage,
                                   const struct group *group);

struct salvage_count {
    size_t messages; /* that wait to be dispatched */
    size_t closed;   /* of those, with a vault key that is gone: not kept */
    size_t peers;
    size_t others;
};

/*
 * What stands at the end: the newest of what replaces itself, no message that
 * was dispatched or struck.  Calls `put` with SAVE effects, at most
 * LIMIT_RECORD bytes or one record at a time, in the order in which they are
 * to be replayed.
 */
NODISCARD enum status salvage_give(struct salvage *salvage,
                                   enum status (*put)(
                                       void *arg, const struct effects *saves),
                                   void                 *arg,
                                   struct salvage_count *count);

#endif
