/*
 * owed.h - attachments of ours that a peer does not have yet (PROTOCOL 6.11).
 *
 * An attachment is owed from the submission of its message until the peer says
 * COMPLETE, or what means that it will not ask: REJECTED or REFUSED, or the
 * peer was removed.  When no peer is owed a file any more, it is dropped.
 *
 *     owed --COMPLETE--> complete      our copy is lost --> gone
 *       +--REJECTED, REFUSED--> given up
 *
 * Bounded: LIMIT_OWED a peer; past it a submission is refused.  What is sent of
 * them, and when, is feeding.h's.
 */
#ifndef CORE_OWED_H
#define CORE_OWED_H

#include "crypto/attachment.h"
#include "node/core/log/channel.h"

#include "message.pb-c.h"

struct peer;

struct owed_file {
    struct message_id       id; /* of its message */
    struct digest           digest;
    struct attachment_shape shape;
    enum precedence         precedence;
    uint64_t                since_ms; /* wall clock */
    const struct channel   *channel;  /* of its entry; NULL: it waits */
    uint64_t                index;    /* there */
    /* While the link is up: */
    bool     asked;
    uint64_t next;      /* chunk to be sent */
    uint64_t confirmed; /* chunks below are durable there */
    bool     rests;     /* it could not be read just now (retry.h) */
    /* Reads in a row that failed. */
    unsigned tries;
};

/* Zeroed memory is an empty list. */
struct owed {
    struct owed_file *list; /* oldest first */
    size_t            count, cap;
};

/* Frees the list. */
void owed_clear(struct owed *owed);

/* FULL: so many are owed to this peer that those of `message` have no room. */
NODISCARD enum status owed_check(const struct peer      *peer,
                                 const Entente__Message *message);
/* A message was submitted; those that are owed already stay as they are. */
void owed_take(struct peer *peer, struct context *turn,
               const Entente__Message *message);

/* Its message became this entry. */
void owed_sent(struct peer *peer, const struct message_id *id,
               const struct channel *channel, uint64_t index);

/* Whether any peer is owed it, or a submission under way names it. */
bool owed_names(const struct node *node, const struct digest *digest);

/* The oldest of this digest; NULL. */
struct owed_file *owed_find(struct peer *peer, const struct digest *digest);

/* The peer has what this entry names; nothing where it is not owed. */
void owed_complete(struct peer *peer, struct context *turn,
                   const struct digest *digest, const struct channel *channel,
                   uint64_t index);
/* The peer will not ask for those of these entries. */
void owed_refused(struct peer *peer, struct context *turn,
                  const struct channel *channel, uint64_t first,
                  uint64_t count);
/* The same for all of a peer's. */
void owed_refused_all(struct peer *peer, struct context *turn);
/* Our copy is lost. */
void owed_gone(struct peer *peer, struct context *turn,
               const struct digest *digest, enum status why);

/* All, for a snapshot; after the peer's channels. */
void owed_save(const struct peer *peer, struct context *turn);
/* An ATTACHMENT record; one of theirs is wanted.h's.  CORRUPT. */
NODISCARD enum status owed_restore(struct peer         *peer,
                                   const struct record *record);

#endif
