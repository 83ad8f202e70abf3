/*
 * wanted.h - attachments of a peer's messages that are not here yet
 * (PROTOCOL 6.11).
 *
 *   a message --> looked up in the store --not all there--> asked for
 *                        ^    |                                |
 *                        |    +--all, and right--> whole       | its last chunk
 *                        +-------------------------------------+
 *   whole --our ANSWER says COMPLETE--> out of the list
 *   asked for --"gone", or wrong LIMIT_CHUNK_TRIES times--> out of the list
 *
 * How many chunks are durable is what the journal says; the last word has the
 * store, which reads the whole file again before it counts as whole.  Two
 * messages of one peer may name one file: it comes once, for the older one, and
 * counts for both.
 *
 * Bounded: LIMIT_OWED a peer, which is all that an honest one has under way.
 * What is beyond is given up, and said so.
 */
#ifndef CORE_WANTED_H
#define CORE_WANTED_H

#include "crypto/attachment.h"
#include "node/core/log/witness.h"

#include "message.pb-c.h"

struct load;
struct peer;

struct wanted_file {
    struct message_id       id; /* of its message */
    struct digest           digest;
    struct attachment_shape shape;
    enum precedence         precedence;
    uint64_t                since_ms; /* wall clock */
    const struct witness   *witness;  /* of its entry */
    uint64_t                index;    /* there */
    struct merkle_frontier *frontier; /* of what is durable; NULL: nothing */
    unsigned                tries;    /* so often something was wrong */
    bool                    whole;    /* and COMPLETE is not said yet */
    bool                    grown;    /* in this turn: to be saved */
    uint64_t                token;    /* of the LOAD under way; 0: none */
    /* While the link is up, of the oldest of its digest: */
    bool asked;    /* the peer was told where to begin */
    bool due;      /* a Partial is */
    bool again;    /* which says "again" */
    bool ignoring; /* what comes, until it begins there */
};

/* Zeroed memory is an empty list. */
struct wanted {
    struct wanted_file *list; /* oldest first */
    size_t              count, cap;
};

/* Frees the list. */
void wanted_clear(struct wanted *wanted);

/* A message that was accepted, entry `index` of this log. */
void wanted_take(struct peer *peer, struct context *turn,
                 const struct witness *witness, uint64_t index,
                 const Entente__Message *message);

/* The oldest of this digest; NULL. */
struct wanted_file *wanted_find(struct peer *peer, const struct digest *digest);
/* Chunks that are durable, or will be with this turn. */
uint64_t wanted_here(const struct wanted_file *file);

/* Its next chunk is right, with this leaf; it is written in this turn. */
void wanted_chunk(struct peer *peer, struct context *turn,
                  struct wanted_file *file, const struct digest *leaf,
                  struct span sealed);
/* A chunk was wrong: asked for again, or given up (the file is gone then). */
void wanted_wrong(struct peer *peer, struct context *turn,
                  struct wanted_file *file);
/* The peer does not have it any more. */
void wanted_gone(struct peer *peer, struct context *turn,
                 const struct digest *digest);

/* A WHOLE that was asked of the store. */
void wanted_loaded(struct context *turn, const struct load *load,
                   enum status st, struct span answer);

/* The link is open: what is wanted is asked for, or looked up first. */
void wanted_link(struct peer *peer, struct context *turn);
/* It is gone; what was asked of the store is, too. */
void wanted_unlink(struct peer *peer);
/* Forgets what a start forgets. */
void wanted_quiesce(struct peer *peer);

/* The next one from *at on, which moves on, that is whole; NULL. */
const struct wanted_file *wanted_next_whole(const struct peer *peer,
                                            size_t            *at);
/* An ANSWER of ours said all that were whole. */
void wanted_said(struct peer *peer);

/* What grew in this turn. */
void wanted_save_grown(struct peer *peer, struct context *turn);
/* All, for a snapshot; after the peer's logs. */
void wanted_save(const struct peer *peer, struct context *turn);
/* An ATTACHMENT record of the peer's; a CHUNKS record.  CORRUPT. */
NODISCARD enum status wanted_restore(struct peer         *peer,
                                     const struct record *record);
NODISCARD enum status wanted_restore_chunks(struct peer         *peer,
                                            const struct record *record);

#endif
