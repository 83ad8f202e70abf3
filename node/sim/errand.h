/*
 * errand.h - what a node asked of its storage beside commits, and what is not
 * done yet: loads, and files to be dropped.
 *
 * Each takes some time of the agenda, so they may overtake each other.  What
 * is under way when the process ends is never done.
 */
#ifndef SIM_ERRAND_H
#define SIM_ERRAND_H

#include "node/core/event.h"

enum { ERRANDS = 256 };

struct machine;

struct errand {
    bool               waits;
    bool               drops; /* a file; else it is a load */
    uint64_t           token;
    struct query       query;
    uint8_t           *text; /* owned */
    size_t             text_len;
    struct effect_file file;
};

/* Zeroed memory has none. */
struct errands {
    struct errand list[ERRANDS];
};

void errand_load(struct machine *machine, uint64_t token,
                 const struct query *query, struct span text);
void errand_drop(struct machine *machine, const struct effect_file *file);
/* That one is due.  A failed disk ends the process. */
void errand_do(struct machine *machine, size_t which);
/* The process is gone. */
void errand_forget_all(struct machine *machine);

#endif
