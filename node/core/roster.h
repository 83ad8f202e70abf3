/*
 * roster.h - the inside of struct node, for the modules of the core that
 * act on the whole of it.  Nobody outside node/core includes this.
 */
#ifndef CORE_ROSTER_H
#define CORE_ROSTER_H

#include "node/core/message/heard.h"
#include "node/core/node.h"
#include "node/core/peer.h"
#include "node/core/message/recent.h"
#include "node/core/link/session.h"
#include "proto/happening.h"

/* Room for a frame or request, and for what is parsed within it. */
enum { NODE_SOURCES = 256, NODE_PARSE_BYTES = 2 * LIMIT_PARSE_BYTES };

/* What a LOAD under way is for; load.h has the steps. */
enum load_step {
    LOAD_FLIGHT,    /* entries to send again: resume */
    LOAD_GIVE_BACK, /* messages of a closed epoch, back to the outbox */
    LOAD_PACKING,   /* a piece of our log, for a bundle */
    LOAD_GIVING,    /* what a peer lost, for it */
    LOAD_GRANT,     /* keys that it lost */
    LOAD_REGAIN,    /* what was said of, before we lost state */
    LOAD_RETRACE,   /* entries of ours that came back */
    LOAD_PENDING,   /* plaintext of a message whose turn has come */
    LOAD_KNOWN,      /* whether a submitted id is known already */
    LOAD_KNOWN_TEXT, /* and whether for the same message */
    LOAD_LIST,
    LOAD_SHOW_ROW,
    LOAD_SHOW_ENTRY,
    LOAD_SHOW_TRAIL,
    LOAD_LOG,
    LOAD_STATE,
    LOAD_ACKNOWLEDGE,
    LOAD_EVENTS,
    LOAD_EVIDENCE_ROW,
    LOAD_EVIDENCE_ENTRY,
    LOAD_EVIDENCE_ANSWERS,
    LOAD_CHUNK,   /* of what is owed: feeding */
    LOAD_WHOLE,   /* how much is here of what is wanted */
    LOAD_ENCLOSED /* whether what a message names is here */
};

struct load {
    uint64_t          token; /* 0: free */
    enum load_step    step;
    struct peer      *peer;
    struct channel   *channel;
    struct message_id id;
    uint64_t          from; /* STATE: where it is followed; else how often */
    uint64_t          client; /* 0: nobody waits, or it has gone */
    uint64_t          request;
    uint8_t           until;
    /* SHOW: peek; LOG: bodies; KNOWN: asked again; STATE: is followed */
    bool              flag;
    void             *held;  /* bytes kept between steps */
    size_t            held_len;
};

/* A client that follows a message which is not in a flight. */
struct follower {
    struct follow         follow;
    const struct channel *channel; /* NULL: it waits in the outbox */
    uint64_t              index;
    struct peer          *peer;
    struct message_id     id;
    uint64_t              number;
    uint8_t               told; /* newest state that it heard of */
};

/* A request with several parts, of which so many have no last answer yet. */
struct parts {
    uint64_t client, request;
    size_t   left;
};

/* A sealing key or pair secret as the keyring has it. */
struct node_key {
    uint8_t         kind;
    uint64_t        number;
    uint8_t         owner[LIMIT_KEY];
    struct secret32 secret;
};

/* A client that waits for an echo (ping.h). */
struct ping_wait {
    uint64_t client;
    uint64_t request;
    uint64_t link;
    uint64_t echo; /* 0: after the one that is under way on this link */
};

/* A client that waits for an event (watching.h). */
struct watch {
    uint64_t client, request;
    uint64_t token; /* of the LOAD under way; 0: parked */
    uint64_t count;
    uint64_t floor;      /* lowest precedence */
    bool     only_place; /* nothing but where the journal ends */
    bool     at_once;    /* answered though there is none */
    bool     stale;      /* something was saved since its LOAD */
    char     cursor[HAPPENING_CURSOR_MAX];
};

struct node {
    struct cert_encoded certificate;
    struct cert         cert;
    char                listen[LIMIT_ADDRESS + 1];
    char                addresses[LIMIT_ADDRESSES][LIMIT_ADDRESS + 1];
    size_t              address_count;
    uint64_t            first_contact_expires_ms;
    struct sign_key     log_key, witness_key;
    struct dh_key       link_key, first_contact;

    struct node_key *keys; /* of the keyring, for peers as they are restored */
    size_t           key_count, key_cap;

    struct peer **peers;
    size_t        peer_count, peer_cap;

    struct session **sessions;
    size_t           session_count, session_cap;
    uint64_t         next_dial; /* even numbers */

    struct load *loads;
    size_t       load_cap;
    uint64_t     next_token;

    struct follower *followers;
    size_t           follower_count, follower_cap;
    struct parts    *parts;
    size_t           parts_count, parts_cap;

    struct ping_wait *pings;
    size_t            ping_count, ping_cap;
    uint64_t          last_echo;
    struct watch     *watches;
    size_t            watch_count, watch_cap;

    struct packing   *packings[LIMIT_BUNDLES];
    struct unpacking *unpackings[LIMIT_BUNDLES];

    struct recent recent;
    struct heard  heard;
    struct vaults vaults;
    bool          starting; /* before the first turn */
    size_t        chunks_ahead; /* in memory, of all peers: feeding */
    uint8_t       disk_floor; /* see hold.h */
    bool          loss_answered; /* epochs were opened for it, this start */
    uint64_t      started_ms; /* monotonic, of the first turn */
    uint64_t      wake_at_ms; /* last told to the edge; 0: never */

    /* handshakes: a bucket for all and one a source */
    struct {
        uint64_t source;
        uint64_t ms;
        uint32_t tokens;
    } sources[NODE_SOURCES];
    uint64_t handshake_ms;
    uint32_t handshake_tokens;

    uint64_t rows_taken[SESSION_ROWS];
    uint8_t *parse; /* NODE_PARSE_BYTES of arena for parsing */
    uint8_t *plain; /* LIMIT_SEALED, for opened bodies; wiped after use */
};

struct peer *roster_peer_by_id(const struct node    *node,
                               const struct node_id *id);
struct peer *roster_peer_by_name(const struct node *node, struct span name);
struct peer *roster_peer_by_link_key(const struct node *node,
                                   const uint8_t     *key);
void         roster_peer_add(struct node *node, struct peer *peer);

/* As node_key. */
NODISCARD enum status roster_key(struct node *node, uint8_t kind,
                                  uint8_t state, uint64_t number,
                                  const uint8_t         *owner,
                                  const struct secret32 *secret);
/* Sealing keys and pair secret of the keyring that are this peer's. */
NODISCARD enum status roster_attach_keys(struct node *node, struct peer *peer);

void            roster_session_add(struct node *node, struct session *session);
struct session *roster_session(const struct node *node, uint64_t link);

/* A zeroed load with a fresh token. */
struct load *roster_load_new(struct node *node, enum load_step step);
/* The next step of its chain: for the same client, request and peer. */
struct load *roster_load_next(struct node *node, const struct load *before,
                              enum load_step step);
/* A load of something of that peer's: asks the store, and gives back what the
 * caller may add to. */
struct load *roster_ask(struct context *turn, enum load_step step,
                        struct peer *peer, const struct query *query);
void         roster_load_free(struct load *load);
/* Bytes for a later step of the chain, copied; and those again, lent. */
void roster_load_hold(struct load *load, struct span first, struct span second);
void roster_load_held(const struct load *load, struct span *first,
                      struct span *second);

#endif
