/*
 * ledger.h - what every node has made durable of every channel, kept outside
 * the nodes and compared with what each does next.
 *
 * It sees each turn before anything of it is done, and each commit that was
 * said to be durable.  It finds:
 *
 *   - the law broken: a node that holds a leaf, a head or a receipt which the
 *     other end had not made durable before;
 *   - two entries of one index, a head that is not its leaves', a body taken
 *     twice, a receipt out of order or on what its signer does not hold whole.
 *
 * Owns copies of all it was told.  Reads the public part of records only.
 */
#ifndef SIM_LEDGER_H
#define SIM_LEDGER_H

#include "node/core/event.h"
#include "node/sim/book.h"
#include "node/sim/promise.h"
#include "node/sim/verdict.h"

enum { LEDGER_NODES = 9 };

struct ledger {
    struct verdict     *verdict;
    struct node_id      nodes[LEDGER_NODES];
    bool                known[LEDGER_NODES];
    struct book       **books;
    size_t              book_count, book_cap;
    struct promise_list promises;
};

/* Borrows the verdict. */
void ledger_init(struct ledger *ledger, struct verdict *verdict);
void ledger_clear(struct ledger *ledger);

/* Which of them it is; LEDGER_NODES: none. */
size_t ledger_who(const struct ledger *ledger, const struct node_id *id);
/* Which node is `who`; before anything of it is told. */
void ledger_node(struct ledger *ledger, size_t who, const struct node_id *id);

/* A turn was computed and nothing of it is done. */
void ledger_stepped(struct ledger *ledger, size_t who,
                    const struct effects *effects);
/* The store said that it is durable. */
void ledger_committed(struct ledger *ledger, size_t who,
                      const struct effects *effects);

/* The book of `who` for that channel; NULL: nothing is durable there. */
struct book *ledger_book(const struct ledger *ledger, size_t who,
                         struct span origin);
/* The same, made where it is not there. */
struct book *ledger_book_of(struct ledger *ledger, size_t who,
                            const struct origin *origin);
/* The channel of `book` is closed: what has no receipt waits again. */
void ledger_give_back(struct ledger *ledger, const struct book *book);
/* Whether another book of `who` is of a later epoch of the same channel. */
bool ledger_superseded(const struct ledger *ledger, const struct book *book);
/* Breaks the verdict, naming node, kind, channel and place. */
void ledger_break(struct ledger *ledger, size_t who,
                  const struct record *record, uint64_t at,
                  const char *words);

#endif
