/*
 * node.h - the node as a function: events in, effects out.
 *
 * No clock, file, socket or randomness: a turn's input brings time and 32
 * fresh bytes, expanded deterministically and wiped at its end.  The same
 * configuration, keys, records and turns give the same effects, always.
 *
 * Life:  node_new, node_key for every slot of the keyring, node_replay for
 * every record of the journal, node_start; then turns.  All state that must
 * survive is in records and keys; links and clients are not.
 */
#ifndef CORE_NODE_H
#define CORE_NODE_H

#include "node/core/event.h"

struct node;

/* What an administrator sets.  Text is borrowed for the call only. */
struct node_config {
    struct span certificate; /* own, encoded; signed by the organisation */
    struct span listen;      /* shown in status; empty: none */
    struct span addresses[LIMIT_ADDRESSES]; /* HOST:PORT, for the card */
    size_t      address_count;
    uint64_t    first_contact_expires_ms; /* wall clock */
};

/*
 * BAD_PROOF, BAD_ENCODING: the certificate is not one.
 */
NODISCARD enum status node_new(const struct node_config *config,
                               struct node **out);
void node_free(struct node *node);

/* One slot of the keyring.  DUPLICATE: two current keys of one kind. */
NODISCARD enum status node_key(struct node *node, uint8_t kind, uint8_t state,
                               uint64_t number,
                               const uint8_t owner[static LIMIT_KEY],
                               const struct secret32 *secret);

/*
 * One record, in the journal's order.  CORRUPT: it does not fit the state
 * before it (a journal that no node of ours wrote).
 */
NODISCARD enum status node_replay(struct node *node,
                                  const struct record *record);

/*
 * After the last record.  NOT_FOUND: log, witness, link or first-contact key
 * is missing; UNTRUSTED: a key is not the certificate's.
 */
NODISCARD enum status node_start(struct node *node);

/*
 * One turn: takes all events in order, then dispatches, signs, cosigns and
 * frames what is due.  Effects are appended in the order of EFFECT_LIST.
 */
void node_turn(struct node *node, const struct turn_input *input,
               const struct event *events, size_t count, struct effects *out);

/*
 * The whole state as records and keys, as effects of kind SAVE and KEY, for
 * the first state of a capture.  Links and clients must be closed (QUIESCE).
 */
void node_export(struct node *node, struct effects *out);

/* Names for people who look at links: this node's; the peer's that a link is
 * with, empty before its handshake and once it is closed. */
const char *node_name(const struct node *node);
const char *node_link_peer(const struct node *node, uint64_t link);

/* How often each row of each state table was taken, for the simulator. */
size_t      node_row_count(const struct node *node);
const char *node_row_name(const struct node *node, size_t row);
uint64_t    node_row_taken(const struct node *node, size_t row);

#endif
