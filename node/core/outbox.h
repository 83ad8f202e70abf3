/*
 * outbox.h - messages accepted for one peer and not yet dispatched, by
 * precedence, then age.
 *
 * Owns its items.  Bounded: a full outbox refuses, it never drops.  A message
 * leaves it when it is dispatched, since from then on it is an entry of the
 * channel; the promise that it is freed only by the recipient's cosignature
 * (DESIGN 7, rule 3) is kept by flight.h and the journal.
 *
 * The plaintext is not here: it is in the event of the turn that brought it,
 * or in the journal, from where it is loaded again when its time comes.
 */
#ifndef CORE_OUTBOX_H
#define CORE_OUTBOX_H

#include "proto/leaf.h"
#include "proto/origin.h"

/* Only so many of the oldest are ever loaded at a time. */
enum { OUTBOX_LOADED = 256 };

/* Somebody at the control socket who wants to hear of a message. */
struct follow {
    uint64_t client; /* 0: nobody */
    uint64_t request;
    uint8_t  until; /* enum message_state */
};

struct outbox_item {
    struct message_id id;
    enum precedence   precedence;
    uint64_t          time_ms; /* wall clock of submission */
    uint32_t          len;     /* of the plaintext */
    bool              saved;   /* its PENDING record is in the journal */
    bool              loading; /* a LOAD for its plaintext is under way */
    bool              struck;  /* taken back; skipped and freed when first */
    struct span       plain;   /* good in this turn only; empty: load it */
    struct follow     follow;
    /* What lists show, lent like `plain`. */
    struct span kind, status, subject;
};

struct outbox_queue {
    struct outbox_item *list;
    size_t              head, count, cap; /* ring */
};

/* Zeroed memory is an empty outbox. */
struct outbox {
    struct outbox_queue queue[PRECEDENCE_COUNT];
    size_t              count;
    uint64_t            bytes;
};

void outbox_clear(struct outbox *box);

/* FULL: LIMIT_PENDING_COUNT or LIMIT_PENDING_BYTES.  The item is copied; its
 * spans stay loans.  *out (good until the next change) may be NULL. */
NODISCARD enum status outbox_put(struct outbox            *box,
                                 const struct outbox_item *item,
                                 struct outbox_item      **out);

/* The oldest of the highest precedence, or NULL. */
struct outbox_item *outbox_first(struct outbox *box);
/* Removes what outbox_first gives. */
void outbox_pop(struct outbox *box);

/* In order of departure: start with *cursor = 0; NULL at the end. */
struct outbox_item *outbox_next(const struct outbox *box, size_t *cursor);

/*
 * One precedence's items in order of age: `at` from 0; NULL past the last.
 * outbox_unsettled is the place of the first that is not saved, since those
 * are always the youngest.  outbox_forget_loans empties the spans of all that
 * lend some: the youngest, and the oldest, which were loaded.
 */
struct outbox_item *outbox_at(const struct outbox *box, size_t precedence,
                              size_t at);
size_t outbox_unsettled(const struct outbox *box, size_t precedence);
void   outbox_forget_loans(struct outbox *box, size_t precedence);

/* No LOAD is under way any more. */
void outbox_forget_loads(struct outbox *box);

struct outbox_item *outbox_find(const struct outbox     *box,
                                const struct message_id *id);
/* NOT_FOUND: it is not (or no longer) here. */
NODISCARD enum status outbox_strike(struct outbox           *box,
                                    const struct message_id *id);

/* Wall clock of the oldest submission that waits; 0: none. */
uint64_t outbox_oldest_ms(const struct outbox *box);

#endif
