/*
 * recent.h - message ids submitted lately, so that a retry is noticed without
 * asking the store for every message.
 *
 * Remembers the newest RECENT_IDS.  An id that is not found here and that the
 * caller just drew at random is new; anything else is looked up in the store.
 */
#ifndef CORE_RECENT_H
#define CORE_RECENT_H

#include "proto/origin.h"

enum { RECENT_IDS = 16384, RECENT_SLOTS = 4 * RECENT_IDS };

struct recent {
    uint64_t *slots; /* open addressing; 0: empty.  Made at the first put */
    uint64_t *order; /* ring of what stands in slots */
    size_t    next, count;
};

void recent_clear(struct recent *recent);
/* True when this id went to this peer lately; a false one is possible. */
bool recent_has(const struct recent *recent, const struct node_id *peer,
                const struct message_id *id);
void recent_put(struct recent *recent, const struct node_id *peer,
                const struct message_id *id);

#endif
