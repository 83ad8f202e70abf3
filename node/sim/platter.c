/*
 * platter.c - the unit of loss is a sector; the size is one more such unit.
 *
 * Invariants:
 *   (P1) bytes of both copies at and past their len, up to cap, are zero, so
 *        that growing needs no care;
 *   (P2) a sector that was never dirty since the last sync is equal in both,
 *        unless a sync failed in between.
 */
#include "node/sim/platter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
platter_init(struct platter *platter, size_t sector_len)
{
    *platter = (struct platter){.sector_len = sector_len};
}

void
platter_clear(struct platter *platter)
{
    free(platter->cached);
    free(platter->durable);
    free(platter->dirty);
    *platter = (struct platter){0};
}

static uint8_t *
grown(uint8_t *bytes, size_t from, size_t to)
{
    bytes = realloc(bytes, to);
    if (bytes == NULL)
        abort();
    memset(bytes + from, 0, to - from);
    return bytes;
}

static void
reserve(struct platter *platter, size_t len)
{
    size_t sector = platter->sector_len;
    size_t old = platter->cap;
    size_t cap = old > 0 ? old : sector;

    while (cap < len)
        cap *= 2;
    if (cap == old)
        return;
    platter->cached = grown(platter->cached, old, cap);
    platter->durable = grown(platter->durable, old, cap);
    platter->dirty = grown(platter->dirty, old / sector, cap / sector);
    platter->cap = cap;
}

static void
mark(struct platter *platter, size_t from, size_t to)
{
    size_t sector = platter->sector_len;

    for (size_t i = from / sector; i * sector < to; i++)
        platter->dirty[i] = 1;
}

void
platter_write(struct platter *platter, uint64_t offset, struct span bytes)
{
    size_t at = (size_t)offset;
    size_t end = at + bytes.len;

    if (bytes.len == 0)
        return;
    if (end > platter->cached_len)
        platter_resize(platter, end);
    memcpy(platter->cached + at, bytes.ptr, bytes.len);
    mark(platter, at, end);
}

size_t
platter_read(const struct platter *platter, uint64_t offset, uint8_t *out,
             size_t len)
{
    size_t got;

    if (offset >= platter->cached_len)
        return 0;
    got = platter->cached_len - (size_t)offset;
    if (got > len)
        got = len;
    if (got > 0)
        memcpy(out, platter->cached + offset, got);
    return got;
}

void
platter_resize(struct platter *platter, uint64_t len)
{
    size_t old = platter->cached_len;

    if (len == old)
        return;
    reserve(platter, (size_t)len);
    if (len < old) {
        memset(platter->cached + len, 0, old - (size_t)len); /* (P1) */
        mark(platter, (size_t)len, old);
    }
    platter->cached_len = (size_t)len;
    platter->len_dirty = true;
}

static void
sector_written(struct platter *platter, size_t i)
{
    size_t at = i * platter->sector_len;

    memcpy(platter->durable + at, platter->cached + at, platter->sector_len);
}

static void
len_written(struct platter *platter)
{
    size_t len = platter->cached_len;

    if (len < platter->durable_len) /* (P1) */
        memset(platter->durable + len, 0, platter->durable_len - len);
    platter->durable_len = len;
}

void
platter_sync(struct platter *platter)
{
    for (size_t i = 0; i < platter->cap / platter->sector_len; i++)
        if (platter->dirty[i])
            sector_written(platter, i);
    len_written(platter);
    if (platter->cap > 0)
        memset(platter->dirty, 0, platter->cap / platter->sector_len);
    platter->len_dirty = false;
}

/* Writes what the dice keep, and makes all clean. */
static void
settle(struct platter *platter, struct dice *dice, uint64_t of_8,
       struct platter_loss *loss)
{
    for (size_t i = 0; i < platter->cap / platter->sector_len; i++) {
        if (!platter->dirty[i])
            continue;
        platter->dirty[i] = 0;
        if (dice_chance(dice, of_8, 8)) {
            sector_written(platter, i);
            loss->sectors_kept++;
        } else {
            loss->sectors_lost++;
        }
    }
    if (platter->len_dirty && dice_chance(dice, of_8, 8))
        len_written(platter);
    else if (platter->len_dirty)
        loss->sizes_lost++;
    platter->len_dirty = false;
    if (platter->cap > 0) /* (P1): data of a size that did not make it */
        memset(platter->durable + platter->durable_len, 0,
               platter->cap - platter->durable_len);
}

void
platter_sync_failed(struct platter *platter, struct dice *dice)
{
    struct platter_loss loss = {0};

    settle(platter, dice, 4, &loss);
}

void
platter_power_cut(struct platter *platter, struct dice *dice, uint64_t of_8,
                  struct platter_loss *loss)
{
    settle(platter, dice, of_8, loss);
    if (platter->cap > 0)
        memcpy(platter->cached, platter->durable, platter->cap);
    platter->cached_len = platter->durable_len;
}

void
platter_flip(struct platter *platter, uint64_t offset, unsigned bit)
{
    assert(offset < platter->cached_len && bit < 8);
    platter->cached[offset] ^= (uint8_t)(1u << bit);
    if (offset < platter->durable_len)
        platter->durable[offset] ^= (uint8_t)(1u << bit);
}
