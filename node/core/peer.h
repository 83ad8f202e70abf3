/*
 * peer.h - one paired node: who it is, what we say to it, what it says to us,
 * what waits for it.
 *
 * The pin is the organisation's key in its certificate (DESIGN 3).  A removed
 * peer stays as a tombstone: its channels still verify, nothing is dialled.
 */
#ifndef CORE_PEER_H
#define CORE_PEER_H

#include "crypto/card.h"
#include "crypto/keyring.h"
#include "node/core/message/awaiting.h"
#include "node/core/log/channel.h"
#include "node/core/attachment/feeding.h"
#include "node/core/attachment/gather.h"
#include "node/core/message/outbox.h"
#include "node/core/attachment/owed.h"
#include "node/core/link/pace.h"
#include "node/core/attachment/wanted.h"
#include "node/core/message/said.h"
#include "node/core/log/witness.h"

#include "entry.pb-c.h"

enum { PEER_SEALING_KEYS = 8 };

/* State byte of a PEER record. */
enum peer_flag { PEER_NO_DIAL = 1, PEER_REMOVED = 2, PEER_SECRET = 4 };

/* A sealing key of ours, for what this peer seals to us. */
struct peer_sealing_key {
    uint32_t      number;
    struct dh_key key;
};

/* An X25519 key that this peer announced, for what we seal to it. */
struct peer_announced {
    uint32_t number; /* 0: the first-contact key of its card */
    uint8_t  key[LIMIT_KEY];
    uint32_t secret_epoch;
};

/* A run of entries of theirs with one verdict, to be answered. */
struct peer_answer {
    const struct witness     *witness;
    Entente__Answer__Verdict  verdict;
    enum status               why;
    uint64_t                  first, count;
    enum precedence           precedence;
    uint64_t                  time_ms; /* wall clock of the verdict */
    bool                      saved;   /* as DUE: of an earlier turn */
    char                     *by, *text; /* a person's; NULL: automatic */
    struct digest             digest;    /* COMPLETE: of the attachment */
};

struct packing;
struct giving;
struct granting;
struct regain;
struct retrace;
struct session;

struct peer {
    struct node_id id;
    char           name[LIMIT_NAME + 1];
    struct card    card;
    char          *card_text;
    char           address[LIMIT_ADDRESS + 1]; /* empty: cannot be dialled */
    char           ceiling[LIMIT_NAME + 1];
    uint8_t        flags;
    uint64_t       paired_ms;
    char           alarm[128]; /* newest; empty: none */

    struct secret32 pair_secret;   /* zeros without PEER_SECRET */
    uint64_t        secret_number; /* in the keyring; low half: its epoch */
    uint32_t        secret_epoch;  /* 0: without */

    uint64_t stamp_used; /* by us, towards it */
    uint64_t stamp_seen; /* from it */
    uint8_t  confirmed[LIMIT_DIGEST];
    uint8_t  pending[LIMIT_DIGEST];

    struct peer_sealing_key own[PEER_SEALING_KEYS];
    size_t                  own_count;
    struct peer_announced   seal_to;   /* in use */
    struct peer_announced   announced; /* newest; in use once cosigned */
    struct origin           announced_in;
    uint64_t                announced_at; /* index of its entry */
    uint64_t                changed_at;   /* our size at the last change */

    struct channel **channels; /* what we say; the last open one is current */
    size_t           channel_count, channel_cap;
    uint64_t         epoch_told; /* highest that it showed under our key */
    uint64_t         bundle_used;  /* number of our newest bundle to it */
    uint64_t         bundle_taken; /* highest of its bundles that we took */
    struct packing  *packing;      /* its bundle that is being made; NULL */
    struct witness **witnesses; /* what it says */
    size_t           witness_count, witness_cap;

    struct outbox        outbox;
    uint64_t             number; /* last given to a message */
    struct channel_batch batch;  /* of this turn */
    struct channel      *batch_channel;

    struct peer_answer *answers; /* not said yet */
    size_t              answer_count, answer_cap;
    struct awaiting     awaiting[2]; /* by people: theirs here, ours there */

    struct owed    owed;    /* attachments of ours */
    struct feeding feeding; /* chunks of those, while the link is up */
    struct wanted  wanted;  /* attachments of theirs */
    struct gather  gather;  /* chunks of those */
    uint8_t          recovery; /* enum record_recovery */
    bool             giving_back; /* it asked what is here, on this link */
    struct giving   *giving;   /* what is given back to it; NULL: nothing */
    struct granting *granting;
    struct regain   *regain;   /* what we lost is asked of it; NULL: not now */
    struct witness  *regrow;   /* a piece of a log of ours, given back */
    struct retrace  *retrace;
    struct said      said;     /* of its messages, as we had answered */
    uint64_t         regain_came, regain_lost;
    uint64_t         live_epoch[LANE_COUNT]; /* that it goes on in; 0: none */

    struct session *link;       /* the current one; NULL: down */
    uint64_t        dialling;   /* link number of a dial under way; 0: none */
    uint64_t        dial_at_ms; /* monotonic */
    uint64_t        backoff_ms;
    uint64_t        renew_due_ms; /* monotonic; see peer_may_renew */
    uint64_t        begin_due_ms; /* see peer_may_begin */
    uint64_t        heard_ms;   /* wall clock */
    int64_t         skew_s;     /* of its clock, since we started (skew.h) */
    uint64_t        skew_receipt_s, skew_since_ms; /* monotonic: it says so */
    uint64_t        received, read; /* messages; read or quarantined */
    size_t          loads;      /* PENDING loads under way */
    struct pace     pace;       /* how long what we send takes */
    bool            waits_for_turn; /* the window allows another batch */
};

struct peer *peer_new(const struct card *card, struct span card_text,
                      struct span name);
void         peer_free(struct peer *peer);

/* What its card says now, and what it is called here. */
void peer_take_card(struct peer *peer, const struct card *card,
                    struct span card_text, struct span name);

bool peer_removed(const struct peer *peer);

/* The open channel that carries messages of a realm on the wire; NULL. */
struct channel *peer_channel(const struct peer *peer, const char *realm);
/*
 * Whether a control entry may be appended to it now: the link is up and both
 * sides have shown what they hold.  Else a disk that was set back would make
 * two entries of one index (DESIGN 2).
 */
bool peer_may_say(const struct peer *peer);
/* Any channel of ours, or log of theirs, by origin; NULL. */
struct channel *peer_channel_of(const struct peer *peer, struct span origin);
struct witness *peer_witness_of(const struct peer *peer, struct span origin);

/*
 * Opens the next epoch of this lane in realm actual with its OPEN entry, above
 * all that we know of either lane or were told of (epoch_told), so that a
 * number is not given twice where an older state was restored that knew of one
 * lane only; and closes the one before;
 * messages of that one which were not cosigned go back to the outbox by way of
 * the store.  `bad_head` may be NULL.
 */
void peer_open_epoch(struct peer *peer, struct context *turn, enum lane lane,
                     Entente__EntryOpen__Reason  reason,
                     const Entente__BadHead     *bad_head);

/*
 * The same because the peer says so: LIMIT_EPOCHS at once, then one in
 * LIMIT_EPOCH_MS, so that its word cannot make us open epochs for ever.
 * False: not now.
 */
bool peer_may_renew(const struct peer *peer, const struct context *turn);
void peer_renew(struct peer *peer, struct context *turn, enum lane lane,
                Entente__EntryOpen__Reason reason,
                const Entente__BadHead    *bad_head);

/* Whether the peer may begin another log of its own, with its first head:
 * LIMIT_EPOCHS_READ at once, then as above.  And that it has. */
bool peer_may_begin(const struct peer *peer, const struct context *turn);
void peer_begun(struct peer *peer, const struct context *turn);

/* Appends one entry to the open channel of its lane, at once; as
 * channel_append. */
NODISCARD enum status peer_say(struct peer *peer, struct context *turn,
                               const struct channel_say *say);

/* A log of theirs that was not known; one that has no head yet is forgotten
 * for it.  BAD_ENCODING, BAD_FIELD: not one from it to us; FORK: its epoch
 * number is not above the highest known. */
NODISCARD enum status peer_witness_open(struct peer *peer,
                                        struct context *turn, struct span text,
                                        struct witness **out);

/* As the journal tells: no questions asked. */
struct witness *peer_witness_add(struct peer         *peer,
                                 const struct origin *origin);
struct channel *peer_channel_add(struct peer         *peer,
                                 const struct origin *origin);

/* The sealing key of ours with that number; NULL: not here. */
const struct dh_key *peer_own_key(const struct peer *peer, uint32_t number);

/* Signs what the turn appended. */
void peer_sign(struct peer *peer, struct context *turn);

/* Cosigns what can be, and changes to the newest sealing key whose
 * announcement is cosigned.  After peer_sign. */
void peer_cosign(struct peer *peer, struct context *turn);

/* Keeps evidence, shows the words in status, says them in the log. */
void peer_alarm(struct peer *peer, struct context *turn, enum status st,
                struct span evidence, const char *words);

/* The alarm stands no longer; the log says so, and keeps it. */
void peer_clear_alarm(struct peer *peer, struct context *turn);

/* The link is gone; who waits for a receipt goes on waiting. */
void peer_unlink(struct peer *peer, struct context *turn);

/* After peer_unlink: what is in no record is forgotten, as by a start. */
void peer_quiesce(struct peer *peer);

/* The PEER record as it stands. */
void peer_save(const struct peer *peer, struct context *turn);

#endif
