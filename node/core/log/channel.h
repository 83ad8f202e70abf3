/*
 * channel.h - what we say to one peer: an append-only log of entries, its
 * signed heads, and the peer's cosignatures on them.
 *
 * An entry gets its index when it is dispatched, that is, appended here.  All
 * that one turn appends is one batch: one ephemeral key, one salt, one
 * signature on the new head.  Before a head leaves, its root is computed from
 * the encoded leaves and our own signature is verified (DESIGN 2).
 *
 *     open --append*--> seal_batch --> (SAVE) --> leaves, head, bodies
 *     cosigned(size) frees what it covers
 */
#ifndef CORE_CHANNEL_H
#define CORE_CHANNEL_H

#include "crypto/checkpoint.h"
#include "crypto/merkle.h"
#include "crypto/seal.h"
#include "node/core/context.h"
#include "node/core/log/flight.h"
#include "node/core/link/window.h"

enum { CHANNEL_WANTED = 64 };

struct channel_wanted {
    uint64_t first, count;
};

/* A head that we signed and the peer has not cosigned. */
struct channel_head {
    struct head head;
    uint64_t    time_ms; /* monotonic, when signed */
};

struct channel {
    struct origin          origin;
    struct origin_text     text;
    struct merkle_frontier frontier;
    struct head            head; /* newest signed */
    uint8_t                signature[LIMIT_SIGNATURE];
    struct head            cosigned; /* size 0: none yet */
    struct cosignature     cosignature;
    bool                   closed;     /* a later epoch took its place */
    uint64_t               given_back; /* closed: messages below wait again */

    bool                 asked;      /* by the reader, for its next bundle: */
    uint64_t             asked_from; /* all from here on, again */
    bool                   regained; /* closed: the peer gives it back; */
    uint64_t               retraced; /* looked through below that (retrace.h) */
    uint64_t               had;      /* never lost below that */

    struct channel_head *heads; /* signed, not cosigned, oldest first */
    size_t               head_count, head_cap;

    /* Only while the link is up. */
    struct flight flight;
    bool          live;        /* flight holds all that is not cosigned */
    uint64_t      loaded_to;   /* while it does not: loaded so far */
    uint64_t      load;        /* token of the LOAD under way; 0: none */
    bool          unreadable;  /* the last one failed: no other is asked */
    uint64_t      reader_size; /* as the reader's Sizes said */
    struct channel_wanted wanted[CHANNEL_WANTED]; /* fetched while loading */
    size_t        wanted_count;
    uint64_t      leaves_sent; /* leaves below were given to the link */
    uint64_t      head_sent;   /* size of the newest head given to the link */
    struct window window[2];   /* below IMMEDIATE; from IMMEDIATE */
};

/* To whom a batch is sealed. */
struct channel_to {
    uint32_t               sealing_key;
    const uint8_t         *public_key;
    uint32_t               secret_epoch;
    const struct secret32 *pair_secret; /* NULL: none */
};

/* What is appended: the body, plain, and what lists show of it. */
struct channel_say {
    enum lane            lane; /* of the peer's logs, the one it goes into */
    enum entry_class     class;
    enum precedence      precedence;
    struct span          body;
    struct message_id    id;     /* MESSAGE only */
    uint64_t             number; /* MESSAGE only */
    struct record_secret row;    /* MESSAGE only */
    struct follow        follow;
};

/* A turn's batch under way; zeroed memory is none. */
struct channel_batch {
    bool              begun;
    struct seal_batch fields;
    struct seal_key   key;
    struct secret32   secret;
};

struct channel *channel_new(const struct origin *origin);
void            channel_free(struct channel *channel);

/* The window for this precedence. */
struct window *channel_window(struct channel  *channel,
                              enum precedence  precedence);

/*
 * Append one entry to the turn's batch and save it.  TOO_LARGE: the body does
 * not fit an entry; nothing changed.  BAD_FIELD: the peer's key is none.
 */
NODISCARD enum status channel_append(struct channel *channel,
                                     struct context *turn,
                                     struct channel_batch    *batch,
                                     const struct channel_to *to,
                                     const struct channel_say *say);

/* Sign the head over all appended, and save it; wipes the batch. */
void channel_sign(struct channel *channel, struct context *turn,
                  struct channel_batch *batch, const struct sign_key *log);

/*
 * The newest head of ours that its reader may take: at most lane_ahead()
 * above what it cosigned, or else the oldest that waits for a receipt.  In lane
 * courier, if it can be, one whose entries are all in the flight.
 */
const struct head *channel_head_to_send(const struct channel *channel);

/*
 * The peer's receipt.  BAD_PROOF: not its signature; NOT_FOUND: no head of
 * ours of that size and root; DUPLICATE: not beyond the newest one (harmless).
 * On OK it is saved, and *freed tells how many entries of the flight it
 * covers: the caller tells their followers, then pops them.
 */
NODISCARD enum status channel_cosigned(struct channel *channel,
                                       struct context *turn,
                                       const struct head        *head,
                                       const struct cosignature *cosignature,
                                       const uint8_t *witness_key);

/* As the journal tells, without questions: a signed head, a receipt. */
void channel_note_head(struct channel *channel, const struct head *head,
                       uint64_t now_ms);
void channel_note_cosigned(struct channel           *channel,
                           const struct head        *head,
                           const struct cosignature *cosignature);

/* The link is gone, or resume begins anew. */
void channel_unlink(struct channel *channel);

#endif
