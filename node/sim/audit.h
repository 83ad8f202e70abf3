/*
 * audit.h - a node's logs as it shows them, against what it made durable:
 * leaves, heads and receipts are its own, and their signatures verify.
 *
 * A node goes on while it is asked.  What it shows must have been so at some
 * moment between the question and the answer: not older than what was durable
 * when audit_asked was called, not newer than what is now.
 *
 * Breaks the ledger's verdict.
 */
#ifndef SIM_AUDIT_H
#define SIM_AUDIT_H

#include "crypto/checkpoint.h"
#include "node/sim/ledger.h"

/* A channel as one of its ends shows it. */
struct audit_log {
    size_t             who;
    struct span        origin;
    struct head        head; /* size 0: none yet */
    uint8_t            signature[LIMIT_SIGNATURE];
    struct head        cosigned; /* size 0: none yet */
    struct cosignature cosignature;
    uint8_t            log_key[LIMIT_KEY];
    uint8_t            witness_key[LIMIT_KEY];
};

/* `who` is about to be asked for its logs. */
void audit_asked(struct ledger *ledger, size_t who);
void audit_log(struct ledger *ledger, const struct audit_log *log);
/* One entry's leaf, as that end shows it. */
void audit_leaf(struct ledger *ledger, size_t who, struct span origin,
                uint64_t index, struct span leaf);

#endif
