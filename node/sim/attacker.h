/*
 * attacker.h - who sits on the wire: he records how connections begin, damages
 * what passes, and has bytes of his own to send.
 *
 * A value without pointers; remembers the newest ATTACKER_CONNS connections.
 */
#ifndef SIM_ATTACKER_H
#define SIM_ATTACKER_H

#include "node/sim/flow.h"

enum { ATTACKER_CONNS = 8, ATTACKER_TAPE = 8192, ATTACKER_GARBAGE = 1024 };

enum attacker_damage {
    ATTACKER_FLIP,
    ATTACKER_CUT,
    ATTACKER_SPLICE,
    ATTACKER_DAMAGES
};

struct attacker_tape {
    size_t  to; /* the node that was sent this */
    size_t  len;
    uint8_t bytes[ATTACKER_TAPE];
};

struct attacker {
    struct dice          dice;
    struct attacker_tape tape[ATTACKER_CONNS][2]; /* [number][from] */
    uint64_t             due[ATTACKER_DAMAGES];
};

void attacker_init(struct attacker *attacker, uint64_t seed);

/* A connection begins; his oldest tape is forgotten. */
void attacker_begin(struct attacker *attacker, uint64_t number, size_t caller,
                    size_t called);
/* `from`: 0 the caller, 1 the called.  Past ATTACKER_TAPE nothing is kept. */
void attacker_hears(struct attacker *attacker, uint64_t number, unsigned from,
                    struct span bytes);

/* Does one damage that is due, if any; false: none was done. */
bool attacker_damage(struct attacker *attacker, struct flow_segment *segment,
                     enum attacker_damage *done);

/* A recording of what `node` was sent or, not `sent_to`, of what it sent.
 * Empty: there is none.  A loan. */
struct span attacker_session(struct attacker *attacker, size_t node,
                             bool sent_to);
/* Noise, half the times with the length of a frame in front. */
struct span attacker_garbage(struct attacker *attacker,
                             uint8_t out[static ATTACKER_GARBAGE]);

#endif
