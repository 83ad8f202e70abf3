/*
 * traffic.h - what simulated officers do: submit letters, look at lists, read,
 * follow, and ask nonsense.
 */
#ifndef TESTS_SIM_TRAFFIC_H
#define TESTS_SIM_TRAFFIC_H

#include "tests/sim/desk.h"
#include "tests/sim/letter.h"
#include "tests/sim/station.h"

enum { TRAFFIC_LETTERS = 64 };

enum letter_state {
    LETTER_NEVER, /* it is not to be in this run */
    LETTER_PLANNED,
    LETTER_ASKED,
    LETTER_UNKNOWN, /* asked, and no answer came */
    LETTER_ACKNOWLEDGED
};

struct traffic {
    struct world    *world;
    struct oracle   *oracle;
    struct stations *stations;
    struct desk      desk;
    struct fate     *fate;
    struct dice      dice; /* of the question at hand */
    uint64_t         questions;
    size_t           count;
    struct {
        struct letter     letter;
        size_t            from, to;
        enum letter_state state;
        bool              asked_before;
    } letters[TRAFFIC_LETTERS];
    bool busy; /* goes on asking */
};

/* Borrows all. */
void traffic_init(struct traffic *traffic, struct fate *fate,
                  struct world *world, struct stations *stations,
                  struct oracle *oracle);
void traffic_clear(struct traffic *traffic);

/* Letters and questions, spread over the next for_ms. */
void traffic_begin(struct traffic *traffic, uint64_t for_ms);
/* No more questions; letters are tried until they are acknowledged. */
void traffic_calm(struct traffic *traffic);
bool traffic_done(const struct traffic *traffic);

/* From the world: its `due`. */
void traffic_due(struct traffic *traffic, uint64_t what, uint64_t which);

#endif
