/*
 * past.h - the session chain as DESIGN 4 promises it: two nodes that begin a
 * session and hold no earlier one in common both raise an alarm, in the turn in
 * which they journal the session.
 *
 * Knows of each pair what either has made durable, and judges when the caller
 * journals: he is the second, and both sides are known by then.
 */
#ifndef SIM_PAST_H
#define SIM_PAST_H

#include "node/sim/ledger.h"

enum { PAST_SESSIONS = 8 };

struct past_hashes {
    uint8_t confirmed[LIMIT_DIGEST];
    uint8_t pending[LIMIT_DIGEST];
};

/* A session as one side journals it. */
struct past_session {
    uint8_t            hash[LIMIT_DIGEST];
    struct past_hashes held; /* before */
    bool               alarmed;
};

/* What one node knows of its sessions with one peer. */
struct past_of {
    struct past_hashes  now;
    struct past_session list[PAST_SESSIONS]; /* a ring */
    size_t              count;
};

struct past {
    struct ledger *ledger; /* borrowed; its verdict is broken */
    struct past_of of[LEDGER_NODES][LEDGER_NODES];
};

void past_init(struct past *past, struct ledger *ledger);
/* A turn was computed and nothing of it is done; it is durable. */
void past_stepped(struct past *past, size_t who,
                  const struct effects *effects);
void past_committed(struct past *past, size_t who,
                    const struct effects *effects);
/* One record of a replay, whatever was known before. */
void past_recalled(struct past *past, size_t who,
                   const struct record *record);

#endif
