/*
 * feeding.h - chunks of what is owed, sent as the peer asks for them
 * (PROTOCOL 6.11).
 *
 * A Partial of the peer's asks and confirms.  Of what is asked for, the highest
 * precedence goes first, then the oldest; its next chunks are read from the
 * store ahead, proven before they leave, and cut into frames.  What is sent and
 * not confirmed counts in the channel's dispatch window, beside bodies.
 *
 * Bounded: FEEDING_AHEAD chunks a peer, and of these all but one a peer
 * together LIMIT_CHUNKS_AHEAD a node.
 */
#ifndef CORE_FEEDING_H
#define CORE_FEEDING_H

#include "crypto/kdf.h"
#include "node/core/log/channel.h"

#include "link.pb-c.h"

enum { FEEDING_AHEAD = 8, FEEDING_GONE = 64 };

struct load;
struct peer;
struct session;

/* A chunk that was read ahead, or is being read. */
struct feeding_chunk {
    bool            used;
    struct digest   digest;
    uint64_t        index;
    enum precedence precedence;
    uint64_t        token; /* of the LOAD under way; 0: it is here */
    uint8_t        *bytes; /* sealed, and behind it the proof */
    size_t          len, proof_len;
    uint32_t        sent;
};

/* A chunk that was sent and is not confirmed. */
struct feeding_flying {
    struct digest         digest;
    uint64_t              index;
    size_t                len;
    uint64_t              sent_ms; /* monotonic */
    enum precedence       precedence;
    const struct channel *channel; /* whose window it counts in */
};

/* Of one peer, while its link is up.  Zeroed memory is nothing. */
struct feeding {
    struct feeding_chunk   ahead[FEEDING_AHEAD];
    struct feeding_flying *flying; /* oldest first */
    size_t                 flying_count, flying_cap;
    struct digest          gone[FEEDING_GONE]; /* to be said */
    size_t                 gone_count;
    uint64_t               retry_ms; /* monotonic; 0: nothing rests (retry.h) */
};

/* Frees what it holds. */
void feeding_clear(struct feeding *feeding);

/* A Partial frame of the peer's. */
NODISCARD enum status feeding_partial(struct session       *session,
                                      struct context       *turn,
                                      const Entente__Frame *frame,
                                      struct span           raw);

/* A CHUNK that was asked of the store. */
void feeding_loaded(struct context *turn, const struct load *load,
                    enum status st, struct span answer);

/* The precedence of what could leave now; 0: nothing. */
unsigned feeding_urgency(struct peer *peer, const struct context *turn);
/* One frame of it; false: there was nothing.  session_room() > 0. */
bool feeding_send(struct session *session, struct context *turn);

/* The highest precedence that is asked for, of the class of the window that
 * `precedence` belongs to; 0: none.  No message below it is dispatched. */
unsigned feeding_asked(const struct peer *peer, enum precedence precedence);

/* Asks the store for what goes next. */
void feeding_read_ahead(struct peer *peer, struct context *turn);

/* Nothing of it is owed any more. */
void feeding_end(struct peer *peer, struct context *turn,
                 const struct digest *digest);
/* The link is gone. */
void feeding_unlink(struct peer *peer, struct context *turn);

#endif
