/*
 * session.h - one link from connect to close (DESIGN 4, PROTOCOL 6).
 *
 *   we dial:    DIALLING --connected--> CALLING --message 2--> PROVING
 *                  --Hello--> SYNCING --Sizes--> OPEN
 *   they dial:  STRANGER --message 1--> ANSWERED --Hello--> SETTLING
 *                  --Sizes--> OPEN
 *
 * What the table in session.c does not list is refused: the link is closed.
 * A stranger, until message 1 has proven a paired key, hears no byte.  Both
 * sides have journaled the session before either dispatches.
 */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include "crypto/noise.h"
#include "node/core/context.h"

#include "link.pb-c.h"

/* X(name): in order of life */
#define SESSION_STATE_LIST(X)                                                  \
    X(DIALLING) /* TCP under way */                                            \
    X(CALLING)  /* message 1 sent */                                           \
    X(STRANGER) /* accepted, nothing heard */                                  \
    X(ANSWERED) /* message 2 sent */                                           \
    X(PROVING)  /* our Hello sent, we dialled */                               \
    X(SETTLING) /* our Hello sent, they dialled */                             \
    X(SYNCING)  /* our Sizes sent, we dialled */                               \
    X(OPEN)

enum session_state {
#define SESSION_STATE_ENUM(name) SESSION_##name,
    SESSION_STATE_LIST(SESSION_STATE_ENUM)
#undef SESSION_STATE_ENUM
    SESSION_STATE_COUNT,
    SESSION_CLOSED = SESSION_STATE_COUNT /* the end of a row, never stored */
};

/* Inputs: the link's, then the kinds of link.proto's Frame. */
enum session_input {
    SESSION_CONNECTED = 100,
    SESSION_HANDSHAKE = 101 /* a frame before the transport stands */
};

enum { SESSION_ROWS = 22 };

struct peer;

struct session {
    uint64_t           link;
    enum session_state state;
    bool               dialled; /* by us */
    struct peer       *peer;    /* NULL: not known yet */
    uint64_t           source;
    struct noise      *noise; /* until the transport stands */
    struct noise_transport send, receive;
    struct digest      hash;
    uint64_t           stamp;     /* of message 1, until it may be stored */
    uint64_t           room;      /* bytes that may be given to the link */
    uint32_t           frame_max; /* on the wire, without its length */
    uint64_t           opened_ms, heard_ms, said_ms; /* monotonic */
    uint64_t           messages;
    uint64_t           answer; /* echo to answer; 0: none */
    uint8_t            stop_said, stop_heard; /* see hold.h */
    uint64_t           stop_log_due_ms;
    bool               mismatched; /* its Hello named nothing of ours */
    bool               heard_more; /* a frame behind the Sizes has come */
    bool               held_due;   /* our logs are being listed (held.h), */
    size_t             held_at;    /* from this one on */
    bool               worked; /* carried more than keepalives */
    bool               closed; /* to be freed at the end of the turn */
};

/* We dial `peer` on `link`; or a caller was accepted (peer NULL). */
struct session *session_new(struct context *turn, uint64_t link,
                            struct peer *peer, uint64_t source);
void            session_free(struct session *session);

/* TCP is connected (dialled links only). */
void session_connected(struct session *session, struct context *turn);

/* One frame as it came. */
void session_frame(struct session *session, struct context *turn,
                   struct span frame);

/* Deadlines and keepalive.  Returns when to look again (monotonic ms). */
uint64_t session_tick(struct session *session, struct context *turn);

/* Ends it from our side: CLOSE effect, peer unlinked.  st is for the log. */
void session_close(struct session *session, struct context *turn,
                   enum status st);
/* The edge says that it is gone. */
void session_lost(struct session *session, struct context *turn);

/* Packs, encrypts, sends.  The frame must fit (asserted). */
void session_send(struct session *session, struct context *turn,
                  const Entente__Frame *frame);
/* Bytes of plaintext that the next frame may have; 0: no room now. */
size_t session_room(const struct session *session);

/* Says why, then closes. */
void session_bye(struct session *session, struct context *turn,
                 enum status st);

/* Two links of a pair at once (PROTOCOL 6.6), each dialled by the node with
 * the lower id or not: whether the current one stays. */
bool session_stays(bool current_by_lower, bool other_by_lower);

/* Of a row of the table: "OPEN Leaves", and the state after it, "OPEN". */
const char *session_row_name(size_t row);
const char *session_row_next(size_t row);

#endif
