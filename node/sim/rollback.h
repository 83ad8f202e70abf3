/*
 * rollback.h - what a node had made durable when a backup of its disk was
 * made, so that the ledger can forget the rest when the backup is put back.
 *
 * Owns its copies; zeroed memory is none.
 */
#ifndef SIM_ROLLBACK_H
#define SIM_ROLLBACK_H

#include "node/sim/ledger.h"

struct rollback {
    struct book        *books;
    size_t              count;
    struct promise_list promises;
};

/* Replaces an earlier one. */
void rollback_make(struct rollback *rollback, const struct ledger *ledger,
                   size_t who);
/* `who` knows again what it knew then, and nothing more. */
void rollback_apply(const struct rollback *rollback, struct ledger *ledger,
                    size_t who);
void rollback_clear(struct rollback *rollback);

#endif
