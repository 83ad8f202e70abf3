/*
 * platter.h - one file's bytes twice: as the page cache has them, and as they
 * are durable, sector by sector.
 *
 * Owns both copies.  A sector is dirty when a sync would write it.  Cached and
 * durable may differ in a sector that is not dirty: that is what a failed sync
 * leaves behind.
 */
#ifndef SIM_PLATTER_H
#define SIM_PLATTER_H

#include "node/sim/dice.h"

struct platter {
    size_t   sector_len;
    uint8_t *cached;
    uint8_t *durable;
    uint8_t *dirty; /* one byte a sector: 0 or 1 */
    size_t   cached_len;
    size_t   durable_len;
    size_t   cap;      /* of cached and durable; whole sectors */
    bool     len_dirty; /* a sync would write the size */
};

/* What became of the unsynced part. */
struct platter_loss {
    uint64_t sectors_lost;
    uint64_t sectors_kept;
    uint64_t sizes_lost;
};

void platter_init(struct platter *platter, size_t sector_len);
void platter_clear(struct platter *platter);

/* Bytes between the old end and offset read as zeros. */
void platter_write(struct platter *platter, uint64_t offset,
                   struct span bytes);
/* How many bytes were read: fewer than len at the end. */
size_t platter_read(const struct platter *platter, uint64_t offset,
                    uint8_t *out, size_t len);
void   platter_resize(struct platter *platter, uint64_t len);

void platter_sync(struct platter *platter);
/* Each dirty sector, and the size, is written or not; none stays dirty. */
void platter_sync_failed(struct platter *platter, struct dice *dice);
/* Each dirty sector, and the size, survives or not, `of_8` times in 8; then
 * the cache is what is durable. */
void platter_power_cut(struct platter *platter, struct dice *dice,
                       uint64_t of_8, struct platter_loss *loss);
void platter_flip(struct platter *platter, uint64_t offset, unsigned bit);

#endif
