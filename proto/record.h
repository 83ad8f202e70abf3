/*
 * record.h - what the journal holds: every durable fact, one layout a kind.
 *
 * A record has a public part, encoded here, and may have a secret part, which
 * the journal seals under a vault key (PROTOCOL, appendix Journal).  Public:
 * ids, indexes, sizes, states, times, ciphertexts.  Secret: content keys,
 * pending plaintext, people's words.
 *
 * The same layouts, public part then secret part, each with a u32 length, are
 * what the store answers to a LOAD.
 *
 * One struct serves all kinds: a kind fills and encodes only the fields that
 * its row in RECORD_LIST names.  Spans are loans from the decoded bytes.
 */
#ifndef PROTO_RECORD_H
#define PROTO_RECORD_H

#include "proto/leaf.h"
#include "proto/origin.h"

/*
 * X(name, value, public fields, has secret).  Field letters, in the order in
 * which they are encoded:
 *   o origin (u16 length)       p peer id 16        i message id 16
 *   x index u64                 f first index u64   n number u64
 *   z size u64                  r root 32           s signature 64
 *   e ephemeral 32, salt 16     l leaf 80           b bytes (u32 length)
 *   t time u64                  a state u8          d direction u8 (1 = out)
 *   c count u64                 k key 32            w words (u16 length)
 *   q precedence u8             v vault/key number u32
 */
#define RECORD_LIST(X)                                                         \
    /* pairing: words name; bytes card text, address, ceiling; state flags;    \
       number: of the pair secret, the low half its epoch */                   \
    X(PEER, 1, "pwtanb", false)                                                \
    /* number: stamp last used; count: stamp last seen */                      \
    X(STAMP, 2, "pnc", false)                                                  \
    /* session chain; key: confirmed, root: pending */                         \
    X(CHAIN, 3, "pkr", false)                                                  \
    /* a head that we signed */                                                \
    X(OUT_HEAD, 4, "ozrst", false)                                             \
    /* dispatched; bytes: body as it travels; secret: content key and row */   \
    X(OUT_ENTRY, 5, "oxfeltinqb", true)                                        \
    /* their receipt; time: seconds, claimed; count: our wall ms */            \
    X(OUT_COSIGNED, 6, "ozrtsc", false)                                        \
    /* committed leaves of one batch from index on; bytes: the leaves */       \
    X(IN_LEAVES, 7, "ofexb", false)                                            \
    /* a head of theirs, checked */                                            \
    X(IN_HEAD, 8, "ozrst", false)                                              \
    /* its body as it came; secret: content key and row; state of a message */ \
    X(IN_ENTRY, 9, "oxfeltinqab", true)                                        \
    /* our receipt; fields as OUT_COSIGNED */                                  \
    X(IN_COSIGNED, 10, "ozrtsc", false)                                        \
    /* submitted; count: plaintext bytes; words: realm */                      \
    X(PENDING, 11, "pitqcw", true)                                             \
    /* left the outbox without dispatch */                                     \
    X(STRUCK, 12, "pit", false)                                                \
    /* a state of one message; words: who or why */                            \
    X(TRAIL, 13, "pditaw", true)                                               \
    /* a state of a range of entries of channel o; words: why */               \
    X(VERDICT, 14, "odxctaw", true)                                            \
    /* outgoing 1: own key, words realm; 0: theirs, words origin, size index   \
       of its announcement, state 1 in use, 2 announced; count: its epoch */   \
    X(SEALKEY, 15, "pdwvkazc", false)                                          \
    /* state: status; words, none: cleared; bytes: evidence */                 \
    X(ALARM, 16, "ptawb", false)                                               \
    /* begins a snapshot: all state before is void */                          \
    X(SNAPSHOT, 17, "nc", false)                                               \
    X(SNAPSHOT_END, 18, "c", false)                                            \
    /* snapshot: size, messages given back below, closed 1; bytes: frontier */ \
    X(OUT_CHANNEL, 19, "oncab", false)                                         \
    /* snapshot: count: whole; state: stopped 1; bytes: frontier */            \
    X(IN_CHANNEL, 20, "ocab", false)                                           \
    /* a leaf whose body is not here (also the answer of a LOAD) */            \
    X(MISSING, 21, "oxfel", false)                                             \
    /* snapshot: its PENDING is further back */                                \
    X(PENDING_REF, 22, "pitqcw", false)                                        \
    /* the vault key in use, and the newest made */                            \
    X(VAULTS, 23, "vn", false)                                                 \
    /* our entries of channel o from index z on are sealed to key v */         \
    X(KEY_SIZE, 24, "ozv", false)                                              \
    /* snapshot: last message number given; received (z) and read (c) */       \
    X(NUMBER, 25, "pnzc", false)                                               \
    /* of a closed epoch: messages below z not cosigned wait again */          \
    X(CLOSED, 26, "oz", false)                                                 \
    /* a signed head of theirs that is wrong: o is cosigned no more */         \
    X(STOPPED, 27, "ozrst", false)                                             \
    /* verdict a (number: why) on entries of theirs, not said yet; our next    \
       ANSWER to that peer says it; secret: subject by whom, message text */   \
    X(DUE, 28, "oxcntaq", true)                                                \
    /* by time (ms) a person has to answer this message, awaited since count;  \
       state: enum record_await; words: origin of ours once dispatched */      \
    X(AWAIT, 29, "pdiwxntqac", false)                                          \
    /* message i (number: of the peer's) does `state` (Message.Action) to      \
       those whose ids are in bytes, 16 each (also the answer of a LOAD) */    \
    X(REFERS, 30, "pdinab", false)                                             \
    /* what a person had the node do, which who watches is told of; state:     \
       enum happened (happening.h); words: who, what, where */                 \
    X(DEED, 31, "taw", false)                                                  \
    /* bundles; number: of our newest; count: highest of theirs taken */       \
    X(BUNDLES, 32, "pnc", false)                                               \
    /* of message i, which stands at x in log w once dispatched: the file of   \
       digest r, z bytes as stored; state: enum record_attachment */           \
    X(ATTACHMENT, 33, "pdixrztawq", false)                                     \
    /* of the one of digest r that comes from peer p: so many chunks are       \
       durable; bytes: their frontier */                                       \
    X(CHUNKS, 34, "prcb", false)                                               \
    /* what one of the two lost is given back; state: enum record_recovery */  \
    X(RECOVERY, 35, "pa", false)                                               \
    /* of a log of ours that the peer gives back: looked through below index,  \
       here without it below size */                                           \
    X(REGAINED, 36, "oxz", false)

enum record_kind {
#define RECORD_ENUM(name, value, fields, secret) RECORD_##name = value,
    RECORD_LIST(RECORD_ENUM)
#undef RECORD_ENUM
    RECORD_LAST = RECORD_REGAINED
};

/* States of ATTACHMENT.  X(name, value, word) */
#define ATTACHMENT_STATE_LIST(X)                                               \
    X(PARTIAL, 1, "partial")                                                   \
    X(COMPLETE, 2, "complete")                                                 \
    X(GONE, 3, "gone")         /* its sender does not have it any more */      \
    X(GIVEN_UP, 4, "given up") /* theirs: never right; ours: not asked for */

enum record_attachment {
#define ATTACHMENT_STATE_ENUM(name, value, word) ATTACHMENT_##name = value,
    ATTACHMENT_STATE_LIST(ATTACHMENT_STATE_ENUM)
#undef ATTACHMENT_STATE_ENUM
    ATTACHMENT_LAST = ATTACHMENT_GIVEN_UP
};
/* "partial"; "?" for a value that is none. */
const char *record_attachment_word(unsigned value);
/* Of two states the one that is told of both: partial, then what did not come,
 * then complete. */
uint8_t record_attachment_first(uint8_t one, uint8_t other);

/* States of AWAIT. */
enum record_await {
    AWAIT_SETTLED = 0, /* nobody waits for an answer any more */
    AWAIT_WAITING = 1,
    AWAIT_OVERDUE = 2, /* its time has passed, and that was said */
    AWAIT_BEYOND = 3   /* not watched for want of room: one of `number` */
};

/* States of RECOVERY, which may be both. */
enum record_recovery {
    RECOVERY_OFFERS = 1, /* the peer lost state, and is to hear what is here */
    RECOVERY_LACKS = 2   /* this node did, and the peer may have it */
};

/* States of a message, rule 10: one list everywhere.  X(name, value, word) */
#define STATE_LIST(X)                                                          \
    X(QUEUED, 1, "queued")                                                     \
    X(HELD, 2, "held")                                                         \
    X(SENT, 3, "sent")                                                         \
    X(RECEIVED, 4, "received")                                                 \
    X(ACCEPTED, 5, "accepted")                                                 \
    X(REJECTED, 6, "rejected")                                                 \
    X(READ, 7, "read")                                                         \
    X(ACKNOWLEDGED, 8, "acknowledged")                                         \
    X(DECLINED, 9, "declined")                                                 \
    X(EXPIRED, 10, "expired")                                                  \
    X(RECALLED, 11, "recalled")                                                \
    X(NEW, 12, "new")                                                          \
    X(QUARANTINED, 13, "quarantined")                                          \
    X(FORGOTTEN, 14, "forgotten")                                              \
    X(REFUSED, 15, "refused")                                                  \
    X(UNOPENED, 16, "unopened")                                                \
    X(LOST, 17, "lost")

enum message_state {
    STATE_NONE = 0,
#define STATE_ENUM(name, value, word) STATE_##name = value,
    STATE_LIST(STATE_ENUM)
#undef STATE_ENUM
    STATE_LAST = STATE_LOST
};

/* "queued"; "?" for a value that is none. */
const char *state_word(unsigned value);
/* NOT_FOUND for a word that is none. */
NODISCARD enum status state_parse(struct span word, enum message_state *out);

struct record {
    enum record_kind  kind;
    struct origin     origin;
    struct node_id    peer;
    struct message_id id;
    uint64_t          index, first, number, size, time, count;
    uint8_t           root[LIMIT_DIGEST];
    uint8_t           signature[LIMIT_SIGNATURE];
    uint8_t           key[LIMIT_KEY];
    uint8_t           ephemeral[LIMIT_KEY];
    uint8_t           salt[LIMIT_SALT];
    struct span       leaf; /* LEAF_LEN bytes */
    struct span       bytes;
    struct span       words;
    uint8_t           state, outgoing, precedence;
    uint32_t          vault;
    struct span       secret; /* not in the public encoding */
};

/*
 * The secret part of OUT_ENTRY, IN_ENTRY and PENDING: a content key (zeros in
 * PENDING), the row that lists show, and in PENDING the message's plaintext.
 */
struct record_secret {
    uint8_t     content_key[LIMIT_KEY];
    struct span kind;    /* of message: "note" */
    struct span status;  /* ACTUAL, EXERCISE, TEST */
    struct span subject;
    struct span message; /* PENDING; IN_ENTRY: why it was rejected */
};

const char *record_name(unsigned kind);
bool        record_has_secret(enum record_kind kind);

/* Bytes of the public encoding, and the encoding: u8 kind, then its fields. */
size_t record_len(const struct record *record);
void   record_encode(const struct record *record, struct writer *out);

/* BAD_ENCODING on anything that record_encode would not write. */
NODISCARD enum status record_decode(struct span in, struct record *out);

size_t record_secret_len(const struct record_secret *secret);
void   record_secret_encode(const struct record_secret *secret,
                            struct writer *out);
NODISCARD enum status record_secret_decode(struct span in,
                                           struct record_secret *out);

/* The answer to a LOAD: u32 public length, public, u32 secret length, secret.
 * AGAIN at the end of the list. */
void record_list_put(struct writer *out, struct span public_part,
                     struct span secret_part);
NODISCARD enum status record_list_next(struct reader *in, struct record *out);

/*
 * A row of a list as the index answers it.  `words` is a record_secret.
 */
struct record_row {
    struct node_id    peer;
    bool              outgoing;
    struct message_id id;
    uint64_t          number; /* 0 before dispatch */
    uint64_t          queue;  /* position in our outbox list, q/N; 0 after */
    uint8_t           precedence;
    enum message_state state;
    uint64_t          time;   /* received, or submitted; ms */
    uint64_t          cursor;
    struct span       origin; /* text; empty before dispatch */
    uint64_t          index;
    /* Message.Action of a later message of the same sender that did most to
     * this one, and that message's number (0: it waits); 0: there is none. */
    uint8_t           newer;
    uint64_t          newer_number;
    /* Attachments, how many of them are complete, and of all the state that
     * matters most (record_attachment_first); 0: it has none. */
    uint8_t           files, files_whole, files_state;
    struct span       words;
};

void record_row_put(struct writer *out, const struct record_row *row);
/* AGAIN at the end of the list. */
NODISCARD enum status record_row_next(struct reader *in,
                                      struct record_row *out);

#endif
