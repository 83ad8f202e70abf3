/*
 * duo.h - two nodes in memory for the tests of the core: a store that is a
 * list of records, and links that carry frames at once.
 *
 * The law is kept: a turn's records are in the list before its frames leave.
 * Nothing here is a substitute for the simulator; it is for looking closely.
 */
#ifndef TESTS_DUO_H
#define TESTS_DUO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "control.pb-c.h"
#include "node/core/node.h"

enum { DUO_EVENTS = 4096, DUO_TOLD = 4096 };

struct duo_record {
    uint8_t *bytes;
    size_t   len;
    uint8_t *secret;
    size_t   secret_len;
};

/* A Response that a node told, parsed. */
struct duo_told {
    uint64_t           client;
    Entente__Response *response;
};

struct duo_party {
    struct node       *node;
    struct duo_party  *other;
    struct effects     effects;
    struct node_config config;
    struct cert_bytes_copy {
        uint8_t bytes[1024];
        size_t  len;
    } certificate;
    struct {
        uint8_t         kind;
        uint64_t        number;
        uint8_t         owner[LIMIT_KEY];
        struct secret32 secret;
    } keys[512];
    size_t             key_count;
    struct duo_record *records;
    size_t             record_count, record_cap;
    struct event       events[DUO_EVENTS];
    uint8_t           *event_bytes[DUO_EVENTS];
    size_t             event_count;
    struct duo_told    told[DUO_TOLD];
    size_t             told_count;
    uint64_t           next_accepted;
    uint64_t           link;       /* our number of the one link; 0: none */
    bool               reachable;  /* dials to us succeed */
    uint64_t           sent_frames, sent_bytes;
    uint64_t           now_ms, wall_ms, seed;
    uint64_t           wake_at_ms;
};

struct duo {
    struct duo_party a, b;
};

/* Two nodes of two organisations, not paired.  Deterministic. */
struct duo *duo_new(void);
void        duo_free(struct duo *duo);

/* A node of its own: other runs differ by `number`. */
void duo_party_init(struct duo_party *party, unsigned number);
void duo_party_clear(struct duo_party *party);

/* Both take each other's card with the right digits. */
void duo_pair(struct duo *duo);

/* One turn, if anything waits. */
bool duo_turn(struct duo_party *party);

/* Runs turns until nothing waits. */
void duo_run(struct duo *duo);
/* Lets time pass, so that timers fire, and runs. */
void duo_wait(struct duo *duo, uint64_t ms);

/* Cuts the link between them. */
void duo_cut(struct duo *duo);

/* Ends the node and starts it again from its keys and records. */
void duo_restart(struct duo_party *party);

/* Posts an event; its bytes are copied. */
void duo_post(struct duo_party *party, const struct event *event);
/* Posts a control request from client 1. */
void duo_request(struct duo_party *party, const Entente__Request *request);
/* Submits a note with this subject and text, following to `until`. */
void duo_submit(struct duo_party *party, const char *to, unsigned id,
                const char *precedence, const char *subject, const char *until);

/* The last Response told that is of this kind; NULL: none. */
const Entente__Response *duo_last(const struct duo_party      *party,
                                  Entente__Response__KindCase kind);
/* Drops what was told. */
void duo_forget_told(struct duo_party *party);

/* Records of this kind that were saved. */
size_t duo_count_records(const struct duo_party *party, enum record_kind kind);
/* The n-th of them, decoded; fails the test when there is none. */
struct record duo_record(const struct duo_party *party, enum record_kind kind,
                         size_t n);

/* The control card request; text lent until duo_forget_told. */
const char *duo_card(struct duo_party *party);

#endif
