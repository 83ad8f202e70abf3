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

enum { DUO_EVENTS = 4096, DUO_TOLD = 4096, DUO_HELD = 4096,
       DUO_WIRES = 8 };

struct duo_record {
    uint8_t *bytes;
    size_t   len;
    uint8_t *secret;
    size_t   secret_len;
};

/* A LOAD that waits for its answer. */
struct duo_held {
    uint64_t     token;
    struct query query;
    uint8_t      text[256];
    size_t       text_len;
};

/* An attachment's file (duo_files.h). */
enum { DUO_FILES = 8, DUO_CHUNKS = 12 };

struct duo_file {
    bool           used;
    bool           outgoing;
    bool           whole; /* of the incoming: read again and found right */
    struct node_id peer;  /* who sends it; ours: zeros */
    uint8_t        digest[LIMIT_DIGEST];
    uint64_t       count; /* chunks of the whole */
    uint64_t       here;  /* chunks from the first on */
    size_t         len[DUO_CHUNKS];
    uint8_t       *chunk[DUO_CHUNKS]; /* sealed */
};

/* What a message says of a file that was brought. */
struct duo_enclosed {
    uint8_t  digest[LIMIT_DIGEST];
    uint8_t  key[LIMIT_KEY];
    uint64_t size, stored;
};

/* A link, as either side numbers it. */
struct duo_wire {
    uint64_t ours, theirs;
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
    } keys[2048];
    size_t             key_count;
    struct duo_record *records;
    size_t             record_count, record_cap;
    struct event       events[DUO_EVENTS];
    uint8_t           *event_bytes[DUO_EVENTS];
    size_t             event_count;
    struct duo_told    told[DUO_TOLD];
    size_t             told_count;
    uint64_t           next_accepted;
    uint64_t           link;       /* our number of the newest; 0: none */
    struct duo_wire    wires[DUO_WIRES]; /* all, oldest first */
    size_t             wire_count;
    bool               reachable;  /* dials to us succeed */
    bool               hangs;      /* dials to us are never answered */
    uint64_t           sent_frames, sent_bytes;
    uint64_t           now_ms, wall_ms, seed;
    uint64_t           wake_at_ms;
    uint64_t           room;      /* bytes given to a new link */
    uint32_t           frame_max; /* on it */
    bool               loads_held;
    struct duo_held    held[DUO_HELD];
    size_t             held_count;
    struct duo_file    files[DUO_FILES];
    size_t             reads_failing; /* so many reads of chunks fail */
    enum status        reads_fail_as;
    /* Sees each frame that leaves; false: it is dropped.  May be NULL. */
    bool (*tap)(struct duo_party *party, struct span frame);
    /* Sees each turn before its frames leave.  May be NULL. */
    void (*seen)(void *arg, const struct turn_input *input,
                 const struct event *events, size_t count,
                 const struct effects *effects);
    void *seen_arg;
};

/* What a node comes up from. */
enum duo_from {
    DUO_JOURNAL, /* all records as they stand, snapshots too */
    DUO_ALL,     /* all but snapshots */
    DUO_SNAPSHOT /* the newest snapshot and what follows it */
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

/* cmocka's: paired; with one message of a's that nobody at b has read. */
int duo_make_paired(void **state);
int duo_make_sent(void **state);
int duo_drop(void **state);

/* One turn, if anything waits. */
bool duo_turn(struct duo_party *party);

/* Runs turns until nothing waits. */
void duo_run(struct duo *duo);
/* Lets time pass, so that timers fire, and runs. */
void duo_wait(struct duo *duo, uint64_t ms);

/* Goes to the time for which the node asked to be woken, and takes its turn;
 * false: it sleeps for ever. */
bool duo_wake(struct duo_party *party);

/* Cuts all links between them. */
void duo_cut(struct duo *duo);

/* What a node's DIAL, SEND and CLOSE do. */
void duo_link_dial(struct duo_party *party, uint64_t link);
void duo_link_send(struct duo_party *party, uint64_t link, struct span frame);
void duo_link_close(struct duo_party *party, uint64_t link);

/* Ends the node and starts it again from its keys and records. */
void duo_restart(struct duo_party *party);
void duo_restart_from(struct duo_party *party, enum duo_from from);

/* The machine fails in this turn, after its keys were put: before its group
 * was durable, or (saved) after, but before anything was sent or told. */
void duo_crash(struct duo_party *party, bool saved, enum duo_from from);

/* Another node from the party's keys and records; node_free() it. */
struct node *duo_node(const struct duo_party *party, enum duo_from from);

/* Fails the test where the two would not export the same state. */
void duo_same_state(struct node *a, struct node *b);

/* Answers a LOAD from the records. */
void duo_load(struct duo_party *party, uint64_t token,
              const struct query *query, struct span text);
/* Answers all that were held. */
void duo_release(struct duo_party *party);

/* Posts an event; its bytes are copied. */
void duo_post(struct duo_party *party, const struct event *event);
/* Posts a control request from client 1. */
void duo_request(struct duo_party *party, const Entente__Request *request);
/* A person here reads that message. */
void duo_show(struct duo_party *party, const char *ref);
/* A message to submit. */
struct duo_note {
    const char *to;
    unsigned    id;
    const char *precedence;
    const char *subject;
    const char *text;  /* NULL: the subject */
    const char *until; /* NULL: do not follow */
    bool        may_exist;
    int64_t     ack_by_s; /* after its dtg; 0: not given */
    unsigned    cancels;  /* one of this party's; 0: it is an ORIGINAL */
    bool        test;     /* of status TEST */
    const struct duo_enclosed *enclosed; /* attachments */
    size_t                     enclosed_count;
};

/* The dtg of all of them, Unix time. */
#define DUO_DTG_S 1760000000

void duo_submit_note(struct duo_party *party, const struct duo_note *note);
/* The message as a program would hand it in; returns its length. */
size_t duo_pack_note(const struct duo_party *party,
                     const struct duo_note *asked, uint8_t *out);
/* The id that it has. */
struct message_id duo_message_id(const struct duo_party *party, unsigned id);
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
