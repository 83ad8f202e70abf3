/*
 * next.h - the segment that comes next, made ready while the present one is
 * still being written, so that the change takes no long commit.
 *
 *     NONE --grow--> GROWING --name--> NAMED --take--> NONE
 *
 * Any thread may call; each call has the segment for itself.
 */
#ifndef STORE_NEXT_H
#define STORE_NEXT_H

#include "node/store/segment.h"

#include <pthread.h>

enum next_state { NEXT_NONE, NEXT_GROWING, NEXT_NAMED };

struct next {
    pthread_mutex_t    lock;
    const struct disk *disk;
    enum next_state    state;
    int                file;
    uint64_t           len; /* zeroed and durable */
};

void next_init(struct next *next, const struct disk *disk);
void next_clear(struct next *next);

/* Drops what an earlier life was preparing. */
NODISCARD enum status next_forget(struct next *next);

/* Adds at most `step` zero bytes on the way to `whole`; *more: not there yet.
 * NO_SPACE, IO. */
NODISCARD enum status next_grow(struct next *next, uint64_t whole,
                                uint64_t step, bool *more);

/*
 * Makes it long enough (`want` bytes, or `need` when the disk has no room for
 * more), writes header and `copy` and gives it its name, all durable on OK.
 * Once it is NAMED there is nothing to do: a change that stopped behind this
 * step goes on from there.  NO_SPACE, IO.
 */
NODISCARD enum status next_name(struct next *next, uint64_t want, uint64_t need,
                                const struct segment *segment,
                                struct span           copy);

/* Hands over the file of a NAMED segment. */
void next_take(struct next *next, int *file, uint64_t *len);

#endif
