/*
 * disk.h - a disk that loses what was not synced, and tears what it kept.
 *
 * It knows, for each file, what is durable and what only the page cache has.
 * A killed process loses nothing of the cache; a power cut keeps each unsynced
 * sector old or new, by the dice; a failed sync leaves sectors that read as
 * new, are not durable, and are not dirty any more: no later sync brings them
 * (that is what Linux does).  Names that were created, renamed or removed
 * since the last sync_folder survive a power cut in order, up to some point.
 *
 * Owns all bytes.  Deterministic: the same calls and the same dice give the
 * same disk.  For one thread.  Memory that is not to be had ends the process.
 */
#ifndef SIM_DISK_H
#define SIM_DISK_H

#include "node/host/file.h"
#include "node/sim/dice.h"

/* X(name, words): what can go wrong; each is counted. */
#define DISK_FAULT_LIST(X)                                                     \
    X(SECTOR_LOST, "unsynced sector lost at a power cut")                      \
    X(SECTOR_KEPT, "unsynced sector kept at a power cut")                      \
    X(SIZE_LOST, "unsynced file size lost at a power cut")                     \
    X(NAME_LOST, "unsynced name lost at a power cut")                          \
    X(WRITE_CUT, "process ended within a write")                               \
    X(SYNC_FAILS, "sync fails")                                                \
    X(WRITE_FAILS, "write fails")                                              \
    X(READ_FAILS, "read fails")                                                \
    X(FULL, "no space left")                                                   \
    X(BIT_ROTS, "a stored bit flips")

enum disk_fault {
#define DISK_FAULT_ENUM(name, words) DISK_##name,
    DISK_FAULT_LIST(DISK_FAULT_ENUM)
#undef DISK_FAULT_ENUM
    DISK_FAULT_COUNT
};

struct disk_image; /* opaque: disk_new / disk_free */

/* sector_len: 512 or 4096.  Files may take `capacity` bytes together. */
struct disk_image *disk_new(uint64_t seed, size_t sector_len,
                            uint64_t capacity);
void               disk_free(struct disk_image *image);

/* The disk as the store sees it; valid as long as the image. */
struct disk disk_face(struct disk_image *image);

/*
 * `goes_on` is asked before each call that changes something.  False: the
 * process ends there.  This call does nothing, or a part of what a write asks
 * for; it and all calls after it answer IO, until disk_killed or
 * disk_power_cut.  `writes` sees what each write brings.  Both may be NULL.
 */
struct disk_watch {
    bool (*goes_on)(void *arg);
    void (*writes)(void *arg, struct span bytes);
    void *arg;
};

void disk_set_watch(struct disk_image *image, struct disk_watch watch);

/* The process is gone; the machine runs on, and the page cache with it. */
void disk_killed(struct disk_image *image);
void disk_power_cut(struct disk_image *image);

/* The `calls`th call of its sort from now fails (1: the next).  For
 * SYNC_FAILS, WRITE_FAILS and READ_FAILS; 0: none will. */
void disk_arm(struct disk_image *image, enum disk_fault fault, uint64_t calls);
void disk_set_capacity(struct disk_image *image, uint64_t capacity);
/* Flips one bit of what `name` holds, durable and cached.  NOT_FOUND: no such
 * file, or it has no such byte. */
NODISCARD enum status disk_rot(struct disk_image *image, const char *name,
                               uint64_t offset, unsigned bit);

/* Bytes of that file, as the cache has it; 0: no such file. */
uint64_t    disk_len(const struct disk_image *image, const char *name);
/* What that file would have after a power cut that lost all that can be lost;
 * empty: nothing.  A loan until the next call that changes something. */
struct span disk_durable(const struct disk_image *image, const char *name);
uint64_t    disk_fired(const struct disk_image *image, enum disk_fault fault);
const char *disk_fault_words(enum disk_fault fault);
/* Handles that are open. */
size_t      disk_open_count(const struct disk_image *image);
uint64_t    disk_used(const struct disk_image *image);

/* Every file as the cache has it, in byte order of names.  Bytes are a loan
 * for the call. */
void disk_each(const struct disk_image *image,
               void (*each)(void *arg, const char *name, struct span bytes),
               void *arg);

#endif
