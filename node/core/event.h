/*
 * event.h - what goes into the core and what comes out, and who owns it.
 *
 * OWNERSHIP, settled here for the whole program:
 *
 *  - A turn takes a list of events and gives a list of effects.  Nothing else
 *    passes between the core and the world.
 *  - The bytes of an event belong to the host.  They stay valid and unchanged
 *    until the turn's effects are cleared, that is, until everything the turn
 *    asked for was done.  The core copies what it keeps longer.
 *  - The bytes of an effect belong to the struct effects they stand in: either
 *    copied into its arena, or lent from an event of the same turn.  They stay
 *    valid until effects_clear().  An edge that needs them longer copies them.
 *  - Nobody frees a single event or effect.
 *
 * Numbers of links: the edge numbers accepted links with odd, the core those
 * it dials with even numbers, each from 1 and 2 up, never used again.
 */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "crypto/secret.h"
#include "node/core/chunks.h"
#include "proto/bytes.h"
#include "proto/leaf.h"
#include "proto/limits.h"
#include "proto/origin.h"
#include "proto/record.h"

/* What the core may know of the world in one turn. */
struct turn_input {
    uint64_t mono_ms; /* never falls */
    uint64_t wall_ms; /* Unix time; may jump */
    uint8_t  seed[LIMIT_KEY];
};

/* X(name): every event */
#define EVENT_LIST(X)                                                          \
    X(LINK_OPENED) /* link; dialled: connected; accepted: a stranger */        \
    X(LINK_FRAME)  /* link, bytes: one frame without its length */             \
    X(LINK_ROOM)   /* link, room, frame_max: so many more bytes may be sent */ \
    X(LINK_CLOSED) /* link, status: also the answer to a DIAL that failed */   \
    X(REQUEST)     /* client, bytes: one control Request */                    \
    X(CLIENT_GONE) /* client */                                                \
    X(LOADED)      /* token, status, bytes: the answer to one LOAD */          \
    X(TIMER)       /* the time of the last WAKE_AT has come */                 \
    X(SNAPSHOT)    /* the journal begins a segment: save the whole state */    \
    X(DISK)        /* room: bytes free above the reserve; floor */             \
    X(QUIESCE)     /* close all links; then state is what the journal says */ \
    X(STATE_LOST)  /* the keyring knows of groups that the journal has not */  \
    X(ADDRESSES)   /* bytes: those of this node's card (addresses.h) */        \
    X(DEED)        /* bytes: what a person had the edge do (deed.h) */

enum event_kind {
#define EVENT_ENUM(name) EVENT_##name,
    EVENT_LIST(EVENT_ENUM)
#undef EVENT_ENUM
    EVENT_KIND_COUNT
};

struct event {
    enum event_kind kind;
    enum status     status;
    uint64_t        link;
    uint64_t        client;
    uint64_t        token;
    uint64_t        source; /* LINK_OPENED: hash of the caller's address */
    uint64_t        room;
    union {
        uint32_t frame_max; /* LINK_ROOM: longest frame, its length aside */
        uint32_t floor;     /* DISK: lowest precedence still taken; 0: all, or
                             * with room 0: none */
    };
    struct span     bytes;
};

/* X(name): every effect, in the order in which a turn's effects are done; but
 * CHUNK is, with KEY and SAVE, part of the commit */
#define EFFECT_LIST(X)                                                         \
    X(KEY)     /* keyring: put before the commit, destroyed after it */        \
    X(SAVE)    /* one record of the turn's one group */                        \
    X(SEND)    /* link, bytes: one frame without its length */                 \
    X(TELL)    /* client, bytes: one control Response */                       \
    X(LOAD)    /* token, query */                                              \
    X(DIAL)    /* link, bytes: HOST:PORT */                                    \
    X(CLOSE)   /* link, or client */                                           \
    X(WAKE_AT) /* mono_ms; replaces the one before */                          \
    X(LOG)     /* bytes: a line for the log, without content of messages */    \
    X(CHUNK)   /* file, bytes: a sealed chunk, durable before the group */     \
    X(DROP)    /* file: nobody needs it any more */

enum effect_kind {
#define EFFECT_ENUM(name) EFFECT_##name,
    EFFECT_LIST(EFFECT_ENUM)
#undef EFFECT_ENUM
    EFFECT_KIND_COUNT
};

/* What a LOAD asks of the store; answers are laid out as record.h says.
 * X(name) */
#define QUERY_LIST(X)                                                          \
    X(ENTRIES) /* origin, from, count, bytes_max -> records of entries */      \
    X(PENDING) /* peer, id -> the PENDING record with its plaintext */         \
    X(FIND)    /* text: a reference, see below -> rows: 0, 1 or more */        \
    X(ROWS)    /* text: an encoded ListRequest; peer if not zero -> rows */    \
    X(TRAIL)   /* peer, outgoing, id -> TRAIL records, oldest first; then      \
                  REFERS: id of each later one, state, number, bytes: id;      \
                  then ATTACHMENT: of each file its root and state */          \
    X(EVENTS)  /* text: a place; count, bytes_max; from: lowest precedence     \
                  -> happenings; no text: from the oldest, count 0: the end */ \
    X(CHUNK)   /* text: a digest; from: index, count: chunks of the whole      \
                  -> our sealed chunk, then its inclusion proof */             \
    X(WHOLE)   /* peer, text: a digest; count: chunks, bytes_max: stored size; \
                  all that is there of their file is read again, see below */  \
    X(STORED)  /* text: digests, 32 bytes each -> of each of our files its     \
                  stored size, u64; 0: it is not here */                       \
    X(HEAD)    /* origin, from, count -> OUT_HEAD or IN_HEAD, the largest      \
                  size in (from, from + count], else the next one above */

/*
 * FIND's text is what a person may type, with the peer already resolved by
 * the core: `outgoing`, `peer` and `from` = number for jmsdf/17 and
 * jmsdf/s17; `from` = queue position for q/1 (peer zero, outgoing); else a
 * prefix of an id, 6 to 32 hex digits, in the text.
 *
 * WHOLE's answer is the frontier (merkle_encode) of the chunks, from the first
 * on, that are there and right; so many the file has from then on.  OK: all of
 * them, the root is the digest, and the file is durable as a whole one, which
 * no CHUNK or DROP of a partial one touches.  CORRUPT: not all.  NOT_FOUND,
 * without bytes: nothing is there.
 */
enum query_kind {
#define QUERY_ENUM(name) QUERY_##name,
    QUERY_LIST(QUERY_ENUM)
#undef QUERY_ENUM
    QUERY_KIND_COUNT
};

struct query {
    enum query_kind   kind;
    struct origin     origin;
    struct node_id    peer;
    bool              outgoing;
    struct message_id id;
    uint64_t          from;
    uint64_t          count;
    uint64_t          bytes_max;
};

/*
 * A change of the keyring.  A put is durable before the group that relies on
 * the key; a destroyed key's slot is overwritten after it.
 */
struct key_change {
    bool            destroy;
    uint8_t         kind;  /* enum keyring_kind */
    uint8_t         state; /* enum keyring_state */
    uint64_t        number;
    uint8_t         owner[LIMIT_KEY];
    struct secret32 secret;
    uint8_t         nonce[2][24]; /* one a copy; the store draws none */
};

/*
 * An attachment's file, named by its digest: one of ours, for all its readers
 * (outgoing, peer zeros), or one that this peer sends us.  `index` and `count`:
 * of a CHUNK, which of how many.  Chunks come in order; one that is there
 * already is written over.  A DROP of an incoming one is of a partial one.
 */
struct effect_file {
    bool           outgoing;
    struct node_id peer;
    uint8_t        digest[LIMIT_DIGEST];
    uint64_t       index;
    uint64_t       count;
};

struct effect {
    enum effect_kind  kind;
    uint64_t          link;
    uint64_t          client;
    uint64_t          token;
    uint64_t          mono_ms;
    struct span       bytes;  /* SEND TELL DIAL LOG CHUNK; SAVE: public; LOAD:
                                 text */
    struct span       secret; /* SAVE: what the vault seals; empty: nothing */
    uint32_t          vault;  /* SAVE: vault key number of the secret */
    struct query      query;
    struct key_change key;
    struct effect_file file; /* CHUNK DROP */
};

/*
 * A Frame of link.proto, as it was decrypted or before it was encrypted, for
 * an edge that captures.  Beside the effects and none of them: nothing is done
 * with it, so that a turn is the same whether anybody looks or not.
 */
struct effects_frame {
    struct effects_frame *next;
    uint64_t              link;
    const char           *peer; /* its name; the core's, good for this turn */
    bool                  out;
    struct span           bytes;
};

/* A growing list of effects over one arena; reused from turn to turn. */
struct effects {
    struct effect *list;
    size_t         count;
    size_t         cap;
    struct chunks  chunks;
    uint8_t        nonce[24]; /* of the group's sealed secrets */

    bool                  wants_frames; /* the edge's; it stays */
    struct effects_frame *frames;       /* in the order of the turn */
    struct effects_frame *last_frame;
};

void effects_init(struct effects *out);
/* Drops the turn's effects, wipes the arena, keeps (most of) the memory. */
void effects_clear(struct effects *out);
void effects_free(struct effects *out);

/* Memory that lives until effects_clear().  Never NULL: without memory the
 * process ends, since a turn must not be half done. */
uint8_t    *effects_alloc(struct effects *out, size_t len);
struct span effects_copy(struct effects *out, struct span bytes);

/* Notes a frame, copied, where frames are wanted. */
void effects_frame(struct effects *out, uint64_t link, const char *peer,
                   bool sent, struct span bytes);

/* Puts the list into the order of EFFECT_LIST; within a kind nothing moves. */
void effects_order(struct effects *out);

/* Appends a zeroed effect of this kind; the pointer is good until the next. */
struct effect *effects_add(struct effects *out, enum effect_kind kind);

#endif
