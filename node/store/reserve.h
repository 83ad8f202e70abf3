/*
 * reserve.h - room that was taken while there was some: a file of zeros that
 * becomes the journal's next segment when the disk has no room for another,
 * so that receipts, answers, revocations and what is most urgent go on.
 *
 *     GONE --make--> WHOLE --spend--> GONE
 *
 * The caller sees to it that one thread at a time calls.
 */
#ifndef STORE_RESERVE_H
#define STORE_RESERVE_H

#include "node/host/file.h"

#define RESERVE_NAME "journal-reserve"

/* Zeroed memory is one that is GONE. */
struct reserve {
    uint64_t len;     /* WHOLE: of the file, durable; else 0 */
    bool     missing; /* there was no room to make it */
};

/* Finds the one of an earlier life; what is not `len` bytes is removed. */
NODISCARD enum status reserve_find(struct reserve    *reserve,
                                   const struct disk *disk, uint64_t len);

/* WHOLE afterwards, or NO_SPACE: what was begun is removed.  IO. */
NODISCARD enum status reserve_make(struct reserve    *reserve,
                                   const struct disk *disk, uint64_t len);

/* Gives it another name, in place of what is called so.  NO_SPACE: it is GONE,
 * or shorter than `need`.  IO. */
NODISCARD enum status reserve_spend(struct reserve    *reserve,
                                    const struct disk *disk, uint64_t need,
                                    const char *name, uint64_t *len);

#endif
