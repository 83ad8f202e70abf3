/*
 * outbox.h - messages accepted for one peer and not yet dispatched, by
 * precedence, then age.
 *
 * Owns its items.  Bounded: a full outbox refuses, it never drops.  A message
 * leaves it when it is dispatched, since from then on it is an entry of the
 * channel; the promise that it is freed only by the recipient's cosignature
 * (DESIGN 7, rule 3) is kept by flight.h and the journal.
 *
 * The plaintext is in the journal, from where it is loaded when its time
 * comes; a copy is kept here while there is room for it, so that a short queue
 * is not read back.
 */
#ifndef CORE_OUTBOX_H
#define CORE_OUTBOX_H

#include "proto/leaf.h"
#include "proto/origin.h"
#include "proto/record.h"

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
    struct span       plain;   /* kept, or lent for this turn; empty: load it */
    struct follow     follow;
    /* What lists show, kept or lent like `plain`. */
    struct span kind, status, subject;
    uint8_t    *kept; /* the memory of these four spans; NULL: lent or empty */
    size_t      kept_len;
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
    uint64_t            kept;  /* bytes of copies */
    bool                lends; /* some item may lend spans of this turn */
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
 * are always the youngest.
 */
struct outbox_item *outbox_at(const struct outbox *box, size_t precedence,
                              size_t at);
size_t outbox_unsettled(const struct outbox *box, size_t precedence);

/*
 * A found item is lent its plaintext, and what lists show, for this turn.
 * outbox_keep ends all loans: a copy is kept while copies are below `room`
 * bytes, the others are empty.
 */
void outbox_lend(struct outbox *box, struct outbox_item *item,
                 const struct record_secret *loaded);
void outbox_keep(struct outbox *box, uint64_t room);

/* As after a start: no LOAD is under way, no copy is kept. */
void outbox_forget(struct outbox *box);

struct outbox_item *outbox_find(const struct outbox     *box,
                                const struct message_id *id);
/* NOT_FOUND: it is not (or no longer) here. */
NODISCARD enum status outbox_strike(struct outbox           *box,
                                    const struct message_id *id);

/* Wall clock of the oldest submission that waits; 0: none. */
uint64_t outbox_oldest_ms(const struct outbox *box);

#endif
