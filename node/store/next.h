/*
 * next.h - the segment that comes next, made ready while the present one is
 * still being written, so that the change takes no long commit.
 *
 *     NONE --grow--> GROWING --name--> NAMED --take--> NONE
 *
 * Where the disk has no room, the reserve (reserve.h) takes its place.
 *
 * Any thread may call; each call has the segment for itself.
 */
#ifndef STORE_NEXT_H
#define STORE_NEXT_H

#include "node/store/reserve.h"
#include "node/store/segment.h"

#include <pthread.h>

enum next_state { NEXT_NONE, NEXT_GROWING, NEXT_NAMED };

struct next {
    pthread_mutex_t    lock;
    const struct disk *disk;
    enum next_state    state;
    int                file;
    uint64_t           len; /* zeroed and durable */
    struct reserve     reserve;
    uint64_t           reserve_len; /* that it is to have */
    bool               mends;       /* a missing one is made again */
};

void next_init(struct next *next, const struct disk *disk);
void next_clear(struct next *next);

/* Drops what an earlier life was preparing; its reserve, if it is so long, is
 * taken over. */
NODISCARD enum status next_forget(struct next *next, uint64_t reserve_len);

/* Makes the reserve whole; one for which there was no room only after
 * next_mend().  NO_SPACE, IO. */
NODISCARD enum status next_reserve(struct next *next);
void                  next_mend(struct next *next);
/* As journal_floor, with so many bytes left in the present segment. */
unsigned next_floor(struct next *next, uint64_t left);

/* Adds at most `step` zero bytes on the way to `whole`; *more: not there yet.
 * NO_SPACE, IO. */
NODISCARD enum status next_grow(struct next *next, uint64_t whole,
                                uint64_t step, bool *more);

/*
 * Makes it long enough (`want` bytes; or `need` when the disk has no room for
 * more; or as long as the reserve, when it has none at all), writes header and
 * `copy` and gives it its name, all durable on OK.  Once it is NAMED there is
 * nothing to do: a change that stopped behind this step goes on from there.
 * NO_SPACE, IO.
 */
NODISCARD enum status next_name(struct next *next, uint64_t want, uint64_t need,
                                const struct segment *segment,
                                struct span           copy);

/* Hands over the file of a NAMED segment. */
void next_take(struct next *next, int *file, uint64_t *len);

#endif
