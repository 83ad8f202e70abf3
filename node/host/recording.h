/*
 * recording.h - what a replay needs of a node, as records: its configuration,
 * keys and state at one moment, then each turn with its time, randomness and
 * events, and the effects that it had (kept.h).
 *
 *     CONFIG, KEY..., STATE..., BEGIN, TURN...
 *
 * Bytes in and out; whoever stores them must seal them (capsule.h), for
 * everything that the node knows is in them.
 */
#ifndef HOST_RECORDING_H
#define HOST_RECORDING_H

#include "node/core/node.h"

enum recording_kind {
    RECORDING_CONFIG = 1,
    RECORDING_KEY = 2,
    RECORDING_STATE = 3, /* one record of the journal */
    RECORDING_BEGIN = 4, /* the state is whole */
    RECORDING_TURN = 5
};

/* One record; only the fields of its kind are set.  Loans of the bytes. */
struct recording {
    enum recording_kind kind;
    struct node_config  config;
    struct key_change   key; /* wipe it */
    struct span         public_part;
    struct span         secret;
    struct turn_input   input; /* wipe it */
    uint32_t            event_count;
    uint32_t            effect_count;
    uint8_t             nonce[24]; /* of the turn's group */
    struct span         events;  /* read: for recording_event() */
    struct span         effects; /* read: for kept_next() */
};

/* What a TURN is written from: event_count of `events`, and the effects.
 * Other kinds need neither. */
struct recording_turn {
    const struct event   *events;
    const struct effects *effects;
};

/* Bytes that recording_put will write, and writing them. */
size_t recording_len(const struct recording *recording,
                     struct recording_turn   turn);
void   recording_put(struct writer *out, const struct recording *recording,
                     struct recording_turn turn);

/* BAD_ENCODING on anything that recording_put would not write. */
NODISCARD enum status recording_read(struct span in, struct recording *out);

/* The next event of a TURN: start with reader_of(recording->events).  AGAIN
 * after the last. */
NODISCARD enum status recording_event(struct reader *in, struct event *out);

#endif
