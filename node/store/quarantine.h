/*
 * quarantine.h - files of a journal that is mended: the new ones beside the
 * old until all are whole, then each in its place; the old are kept.
 *
 *     quarantine_add ... --> quarantine_seal --> quarantine_finish
 *
 * A mended segment waits as mending-<its number>, a list of what is to happen
 * as `mending`.  Before that list is there nothing has happened; from then on
 * quarantine_finish does the rest, after a crash too, as often as it is asked.
 * What it replaces is kept as quarantine-<n>-<name>.  While `mending` is there
 * a journal is not read (recovery.h).
 */
#ifndef STORE_QUARANTINE_H
#define STORE_QUARANTINE_H

#include "node/store/segment.h"

#define QUARANTINE_LIST "mending"
#define QUARANTINE_IMAGE "mending-"
#define QUARANTINE_KEPT "quarantine-"

enum {
    QUARANTINE_NAME = sizeof("quarantine-99999-journal-0123456789abcdef")
};

/* A new file for segment `number`; close it by quarantine_close. */
NODISCARD enum status quarantine_add(const struct disk *disk, uint64_t number,
                                     int *file);
NODISCARD enum status quarantine_close(const struct disk *disk, int file);

/* All are added.  Segments from `void_from` to `void_to`, none of which was
 * added, only leave; none do where from > to. */
NODISCARD enum status quarantine_seal(const struct disk *disk,
                                      uint64_t void_from, uint64_t void_to);

/* Drops what was added, and a list that was not sealed to its end. */
NODISCARD enum status quarantine_drop(const struct disk *disk);

/* NOT_FOUND: nothing is sealed.  CORRUPT: the list is damaged.  *kept: files
 * that were put away now. */
NODISCARD enum status quarantine_finish(const struct disk *disk,
                                        size_t            *kept);

/* A repair was broken off after its list was begun. */
NODISCARD enum status quarantine_under_way(const struct disk *disk,
                                           bool              *out);

#endif
