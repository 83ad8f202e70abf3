/*
 * rogue.h - a paired peer that keeps no rule: node b's peer a, whose keys a
 * test holds, so that it can say anything under them.
 *
 * The victim is a whole node, party b of a duo.  Of party a only keys and
 * certificate are used; what the victim sends it lies in its queue until the
 * test hears it.
 */
#ifndef TESTS_ROGUE_H
#define TESTS_ROGUE_H

#include "tests/unit/duo.h"

#include "crypto/checkpoint.h"
#include "crypto/noise.h"
#include "link.pb-c.h"

enum { ROGUE_ENTRIES = 256, ROGUE_FRAMES = 64 };

/* An entry of the rogue's own log. */
struct rogue_entry {
    uint64_t first;
    uint8_t  ephemeral[LIMIT_KEY];
    uint8_t  salt[LIMIT_SALT];
    uint8_t  leaf[LEAF_LEN];
    uint8_t *body;
    size_t   body_len;
};

struct rogue {
    struct duo            *duo;
    struct duo_party      *victim;
    uint64_t               link; /* newest dialled; even */
    uint64_t               stamp;
    struct noise           noise;
    struct digest          hash; /* of the last handshake */
    struct noise_transport send, receive;
    uint8_t               *raw; /* bytes of the last raw frame */
    Entente__Frame        *heard[ROGUE_FRAMES]; /* to be freed */
    size_t                 heard_count;

    struct origin      origin; /* of the log below */
    struct origin_text text;
    struct rogue_entry entries[ROGUE_ENTRIES];
    size_t             count;
};

/* Paired with the victim, no link. */
struct rogue *rogue_new(void);
void          rogue_free(struct rogue *rogue);
/* The same as cmocka's set-up and tear-down. */
int rogue_make(void **state);
int rogue_drop(void **state);

/* The peer that the victim takes the rogue for. */
struct peer *rogue_peer(const struct rogue *rogue);
/* The victim's clocks go on, and it takes its turns. */
void rogue_pass(struct rogue *rogue, uint64_t ms);

/* --- the link ------------------------------------------------------------ */

/* Connects. */
void rogue_dial(struct rogue *rogue);
/* Bytes as they are; then the victim takes its turns. */
void rogue_send_raw(struct rogue *rogue, struct span frame);
/* mac1 and message 1 with this stamp, for tests that change them. */
size_t rogue_message1(struct rogue *rogue, uint64_t stamp, uint8_t *out);
/* The next frame as it came, lent until the next; false: none waits. */
bool rogue_next_raw(struct rogue *rogue, struct event *out);
/* Message 1 and 2 with the next stamp; fails the test when refused. */
void rogue_handshake(struct rogue *rogue);
/* One Frame in the transport; then the victim takes its turns. */
void rogue_say(struct rogue *rogue, const Entente__Frame *frame);
/* The next frame from the victim, lent for a while; NULL: none waits. */
const Entente__Frame *rogue_hear_next(struct rogue *rogue);
/* The next frame of that kind, others before it dropped; NULL. */
const Entente__Frame *rogue_hear(struct rogue *rogue,
                                 Entente__Frame__KindCase kind);
void rogue_hello(struct rogue *rogue, const uint8_t *confirmed,
                 const uint8_t *pending);
/* Handshake and Hello, the session chain as it should be. */
void rogue_hail(struct rogue *rogue);
void rogue_say_sizes(struct rogue *rogue, const Entente__Sizes *sizes);
/* Sizes that show nothing. */
void rogue_sizes(struct rogue *rogue);
/* All of it: the link is open, the session chain as it should be. */
void rogue_open(struct rogue *rogue);
/* The victim closed the link. */
bool rogue_is_closed(const struct rogue *rogue);

/* --- its log ------------------------------------------------------------- */

/* Begins another epoch of its log, empty. */
void rogue_epoch(struct rogue *rogue, uint64_t number, uint64_t random);
/* Each appends one entry, a batch of its own; returns its index. */
uint64_t rogue_seal(struct rogue *rogue, enum entry_class class,
                    enum precedence precedence, struct span plain);
uint64_t rogue_plain(struct rogue *rogue, enum entry_class class,
                     enum precedence precedence, struct span body);
uint64_t rogue_raw(struct rogue *rogue, const uint8_t *leaf, struct span body);
/* Entry 0, with this sealing key. */
void rogue_announce(struct rogue *rogue, uint32_t number, const uint8_t *key);

/* The true head over the first `size`. */
struct head rogue_head_of(const struct rogue *rogue, uint64_t size);

void rogue_say_leaves(struct rogue *rogue, uint64_t from, uint64_t to);
/* Signed by its log key, be it true or not. */
void rogue_say_head(struct rogue *rogue, const struct head *head);
void rogue_say_piece(struct rogue *rogue, uint64_t index, uint32_t offset,
                     struct span piece);
void rogue_say_body(struct rogue *rogue, uint64_t index);
/* Leaves, head and bodies of [from, count). */
void rogue_say_all(struct rogue *rogue, uint64_t from);

/* A receipt under its witness key. */
void rogue_say_cosigned(struct rogue *rogue, const char *origin,
                        const struct head *head);

#endif
