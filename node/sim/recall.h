/*
 * recall.h - after a restart a node must know all that was durable before.
 *
 * Compares one replay with the ledger.  A commit during which the process died
 * may be durable or not: the replay tells, and the ledger takes over what is
 * new; less than the ledger has breaks the verdict.
 */
#ifndef SIM_RECALL_H
#define SIM_RECALL_H

#include "node/sim/ledger.h"

enum { RECALL_BOOKS = 512 };

struct recall {
    struct ledger *ledger; /* borrowed */
    size_t         who;
    struct {
        const struct book *book;
        uint64_t           size, head, receipt;
    } seen[RECALL_BOOKS];
    size_t seen_count;
};

void recall_begin(struct recall *recall, struct ledger *ledger, size_t who);
/* One record, as store_replay gives it. */
void recall_record(struct recall *recall, const struct record *record);
/* The replay is complete. */
void recall_end(struct recall *recall);

#endif
