/*
 * oracle.h - the promises of PROMISES.md, checked against what nodes do.
 *
 *   (a) nothing acknowledged is missing     oracle_end
 *   (b) nothing reaches the reader twice    oracle_reads
 *   (c) nothing altered or out of order     oracle_reads
 *   (d) both ends' logs verify, and cover every receipt
 *                                           ledger.h, recall.h, audit.h
 *   (e) no plaintext leaves a process       oracle_leaves
 *   two of one node are found               past.h
 *   what nobody answered by its time is overdue, on both sides, and nothing
 *   else is                                 oracle_awaits
 *
 * (f) and (g) are the program's: it ends with a name, and leaves no memory.
 *
 * Owns copies of what it was told.  Messages that a test wants caught carry
 * ORACLE_MARKER in each of their texts.
 */
#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include "node/sim/past.h"
#include "node/sim/recall.h"
#include "node/sim/rollback.h"

#define ORACLE_MARKER "wind-from-the-north-east-7b1f93"

struct oracle_message {
    struct message_id id;
    size_t            from, to;
    uint8_t          *bytes; /* as submitted, without `number` */
    size_t            len;
    bool              acknowledged;
    bool              forgiven; /* it may be missing: a disk was set back */
    bool              resealed; /* it may have left twice: the sender's was */
    bool              read;
    uint64_t          ack_by_ms; /* wall clock; 0: nobody has to answer */
    size_t            asked;     /* answers of which nothing was heard */
    bool              answered;
    uint64_t          number;
    uint64_t          index;
    struct origin_text origin;
};

struct oracle {
    struct verdict         verdict;
    struct ledger          ledger;
    struct past            past;
    struct recall          recall[LEDGER_NODES];
    struct rollback        backup[LEDGER_NODES];
    struct oracle_message *list;
    size_t                 count, cap;
};

void oracle_init(struct oracle *oracle);
void oracle_clear(struct oracle *oracle);

/* NULL: nothing was broken so far. */
const char *oracle_words(const struct oracle *oracle);

/* --- while it runs ------------------------------------------------------- */

/* `bytes` are about to be submitted under a new id. */
void oracle_submits(struct oracle *oracle, size_t from, size_t to,
                    const struct message_id *id, struct span bytes);
/* The node said that it is queued: it must be durable by now. */
void oracle_acknowledged(struct oracle *oracle, const struct message_id *id);
/* It was sealed, and forged or not: what was forged when it was dispatched is
 * not missing, and no reader may see it. */
void oracle_sealed(struct oracle *oracle, const struct message_id *id,
                   bool forged);
bool oracle_spoilt(const struct oracle *oracle, const struct message_id *id);
/* Whether less is asked of what became of it: a disk was set back, or it is
 * spoilt. */
bool oracle_excuses(const struct oracle *oracle, const struct message_id *id);
/* A backup of a node's disk was made; it was put back: what the node was told
 * since, and nobody else has, may be missing.  So may what others sent to it
 * before: a closed epoch is not completed from the peer yet. */
void oracle_backed_up(struct oracle *oracle, size_t who);
void oracle_restored(struct oracle *oracle, size_t who);
/* By when a person has to answer it. */
void oracle_asks(struct oracle *oracle, const struct message_id *id,
                 uint64_t ack_by_ms);
/* An officer of its reader's answers it; and the node said that this is done,
 * or that it is not. */
void oracle_answers(struct oracle *oracle, const struct message_id *id);
void oracle_answered(struct oracle *oracle, const struct message_id *id,
                     bool done);
/* A turn was computed and nothing of it is done; it is durable. */
void oracle_stepped(struct oracle *oracle, size_t who,
                    const struct effects *effects);
void oracle_committed(struct oracle *oracle, size_t who,
                      const struct effects *effects);
/* Bytes leave a process for the wire, its disk or its log. */
void oracle_leaves(struct oracle *oracle, size_t who, struct span bytes);

/* --- at the end ---------------------------------------------------------- */

/* A message as its reader is shown it, with its place. */
void oracle_reads(struct oracle *oracle, size_t who,
                  const struct message_id *id, uint64_t number,
                  struct span origin, uint64_t index, struct span bytes);

/* A message as one of its ends shows it, whose clock has shown `wall_ms` last
 * before it was asked, and never more than `wall_max_ms`. */
void oracle_awaits(struct oracle *oracle, size_t who,
                   const struct message_id *id, bool awaited, bool overdue,
                   uint64_t wall_ms, uint64_t wall_max_ms);

/* All was read out; `who` reads everything that was sent to it. */
void oracle_end(struct oracle *oracle);
/* Whether all that was acknowledged has been dispatched and receipted, and each
 * answer that a person gave was heard. */
bool oracle_settled(const struct oracle *oracle);

#endif
