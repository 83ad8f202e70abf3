/*
 * awaiting.h - messages that a person has to answer by a time, and alarms for
 * those that nobody answered.
 *
 * A recipient can read and withhold (fair exchange is impossible without a
 * third party), so a missing answer is made visible: each side keeps, per peer
 * and direction, what is not acknowledged or declined yet.  When its time
 * passes that is said once, in the log and in an AWAIT record, and the message
 * stays in the list, overdue, until somebody answers.
 *
 *     taken --> waiting --time passes--> overdue
 *                  |                        |
 *                  +------> settled <-------+
 *
 * Settled: acknowledged, declined, rejected or refused; struck; cancelled or
 * recalled by its sender; the peer was removed.  A reader who could not open
 * it, or lost it, has not answered.
 *
 * At most LIMIT_AWAITED are kept; of more, those of the lowest precedence and
 * the latest deadline are only counted, until the list is empty again.
 */
#ifndef CORE_AWAITING_H
#define CORE_AWAITING_H

#include "node/core/log/channel.h"

#include "message.pb-c.h"

struct peer;

struct awaited {
    struct message_id     id;
    uint64_t              ack_by_ms; /* wall clock */
    uint64_t              begun_ms;  /* wall clock: submitted, or arrived */
    const struct channel *channel;   /* ours: of its entry; NULL: it waits */
    uint64_t              index;     /* there */
    uint64_t              number;    /* of the message; 0: it waits */
    enum precedence       precedence;
    bool                  overdue;
};

/* Of one direction.  Zeroed memory is an empty list. */
struct awaiting {
    struct awaited *list; /* oldest first */
    size_t          count, cap;
    uint64_t        unwatched; /* so many had no room since it was empty */
    uint64_t        next_ms;   /* nearest that is not overdue; 0: none */
};

/* Frees the list. */
void awaiting_clear(struct awaiting *list);

/* A message that was submitted to this peer, or that it sent and that was
 * accepted.  `number` as in struct awaited. */
void awaiting_take(struct peer *peer, struct context *turn, bool outgoing,
                   const Entente__Message *message, uint64_t number);

/* A message of ours became this entry, with this number. */
void awaiting_sent(struct peer *peer, const struct message_id *id,
                   const struct channel *channel, uint64_t index,
                   uint64_t number);

/* Nobody waits for an answer to it any more. */
void awaiting_settle(struct peer *peer, struct context *turn, bool outgoing,
                     const struct message_id *id);
/* The same for entries of ours. */
void awaiting_settle_entries(struct peer *peer, struct context *turn,
                             const struct channel *channel, uint64_t first,
                             uint64_t count);
/* And for all of a peer's, either way. */
void awaiting_settle_all(struct peer *peer, struct context *turn);

/* Says what is overdue now. */
void awaiting_tick(struct peer *peer, struct context *turn);
/* After that: when to look again, monotonic; UINT64_MAX: nothing is awaited. */
uint64_t awaiting_wake_ms(const struct peer *peer, const struct context *turn);

/* NULL: it is not awaited. */
const struct awaited *awaiting_find(const struct peer *peer, bool outgoing,
                                    const struct message_id *id);
size_t awaiting_overdue(const struct awaiting *list);

/* All of it, for a snapshot; after the peer's channels. */
void awaiting_save(const struct peer *peer, struct context *turn);
/* An AWAIT record.  CORRUPT. */
NODISCARD enum status awaiting_restore(struct peer         *peer,
                                       const struct record *record);

#endif
