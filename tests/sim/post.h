/*
 * post.h - letters that simulated officers send: brought with their files and
 * submitted under one id until each is acknowledged.
 */
#ifndef TESTS_SIM_POST_H
#define TESTS_SIM_POST_H

#include "tests/sim/desk.h"
#include "tests/sim/letter.h"
#include "tests/sim/station.h"

enum post_state {
    POST_NEVER, /* it is not to be in this run */
    POST_PLANNED,
    POST_ASKED,
    POST_UNKNOWN, /* asked, and no answer came */
    POST_ACKNOWLEDGED
};

struct post_letter {
    struct letter   letter;
    size_t          from, to;
    enum post_state state;
    bool            asked_before;
    /* Its own file, and those that it encloses. */
    struct enclosure        own;
    const struct enclosure *files[LETTER_FILES];
    size_t                  file_count;
    bool brought; /* they are at its node, as far as is known */
};

/* All borrowed but the list. */
struct post {
    struct world       *world;
    struct oracle      *oracle;
    struct stations    *stations;
    struct custody     *custody;
    struct fate        *fate;
    struct desk        *desk;
    uint64_t            due, tag; /* of world_call and desk_ask: this kind */
    struct dice         dice;
    struct post_letter *list;
    size_t              count;
};

void post_clear(struct post *post);

/* So many letters, spread over the next for_ms. */
void post_plan(struct post *post, size_t count, uint64_t for_ms);
bool post_done(const struct post *post);

/* It is time for that letter; its node has answered, or is gone (NULL). */
void post_due(struct post *post, uint64_t which);
void post_answered(struct post *post, uint64_t which,
                   const Entente__Response *response);

#endif
