/*
 * traffic.h - what simulated officers do: submit letters, look at lists, read,
 * follow, and ask nonsense.
 */
#ifndef TESTS_SIM_TRAFFIC_H
#define TESTS_SIM_TRAFFIC_H

#include "tests/sim/post.h"

struct traffic {
    struct world    *world;
    struct oracle   *oracle;
    struct stations *stations;
    struct desk      desk;
    struct fate     *fate;
    struct dice      dice; /* of the question at hand */
    uint64_t         questions;
    struct post      post;
    bool             busy; /* goes on asking */
};

/* Borrows all. */
void traffic_init(struct traffic *traffic, struct fate *fate,
                  struct world *world, struct stations *stations,
                  struct oracle *oracle, struct custody *custody);
void traffic_clear(struct traffic *traffic);

/* Letters and questions, spread over the next for_ms. */
void traffic_begin(struct traffic *traffic, uint64_t for_ms);
/* No more questions; letters are tried until they are acknowledged. */
void traffic_calm(struct traffic *traffic);
bool traffic_done(const struct traffic *traffic);

/* From the world: its `due`. */
void traffic_due(struct traffic *traffic, uint64_t what, uint64_t which);

#endif
