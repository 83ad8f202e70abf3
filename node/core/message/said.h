/*
 * said.h - what people here did with messages of a peer's before this node
 * lost state, as its own ANSWER entries tell: read, acknowledged, declined.
 *
 * A message that comes again keeps that state, and is not shown as new.  Until
 * it has come, or is found to be here, each stands in the journal as a VERDICT
 * of ours (direction 0); a VERDICT without a state ends it.
 */
#ifndef CORE_SAID_H
#define CORE_SAID_H

#include "node/core/context.h"

#include "entry.pb-c.h"

struct peer;
struct witness;

struct said_one {
    struct origin      origin; /* of their log */
    uint64_t           index;
    uint64_t           time_ms;
    enum message_state state;
    bool               done; /* its message has it */
    char              *by, *text; /* a person's answer; else NULL */
};

/* Zeroed memory is an empty list. */
struct said {
    struct said_one *list;
    size_t           count, cap;
    size_t           next; /* all before it are done, once sorted */
    bool             sorted;
};

void said_clear(struct said *said);

/* An ANSWER of ours, as it was written; saves what it says. */
void said_take(struct peer *peer, struct context *turn, struct span body);

/* As the journal tells. */
void said_restore(struct said *said, const struct record *record);
/* All that is not done, for a snapshot. */
void said_save(const struct said *said, struct context *turn);

/* Whether somebody had read this entry of theirs. */
bool said_has(struct said *said, const struct origin *origin, uint64_t index,
              enum message_state state);

/* The message of this entry is here (again): it gets its states. */
void said_apply(struct peer *peer, struct context *turn,
                const struct origin *origin, uint64_t index,
                const struct message_id *id);
/* The same, as the journal told it. */
void said_settle(struct said *said, const struct origin *origin,
                 uint64_t index);

/* The next whose message did not come; NULL: none. */
const struct said_one *said_next(struct said *said);
/* Nothing is to be done for it (any more). */
void said_drop(struct said *said, struct context *turn,
               const struct origin *origin, uint64_t index);

#endif
