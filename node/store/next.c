/*
 * next.c - grow, then header and copy, then the name.
 *
 * Invariant: when the segment has its name, its header and its copied group
 * are durable, and so is the name.
 */
#include "node/store/next.h"

#include "proto/leaf.h"

#include <assert.h>
#include <stdlib.h>

enum { LEFT_PART = 4 /* of a reserve, for receipts and the like */ };

void
next_init(struct next *next, const struct disk *disk)
{
    *next = (struct next){.disk = disk, .file = -1};
    if (pthread_mutex_init(&next->lock, NULL) != 0)
        abort();
}

void
next_clear(struct next *next)
{
    if (next->state != NEXT_NONE)
        next->disk->ops->close(next->disk->self, next->file);
    next->state = NEXT_NONE;
    (void)pthread_mutex_destroy(&next->lock);
}

enum status
next_forget(struct next *next, uint64_t reserve_len)
{
    enum status st;

    assert(next->state == NEXT_NONE);
    st = next->disk->ops->remove(next->disk->self, SEGMENT_NEXT);
    if (st != STATUS_OK && st != STATUS_NOT_FOUND)
        return st;
    next->reserve_len = reserve_len;
    return reserve_find(&next->reserve, next->disk, reserve_len);
}

enum status
next_reserve(struct next *next)
{
    enum status st = STATUS_NO_SPACE;

    (void)pthread_mutex_lock(&next->lock);
    if (next->mends || !next->reserve.missing)
        st = reserve_make(&next->reserve, next->disk, next->reserve_len);
    next->mends = false;
    (void)pthread_mutex_unlock(&next->lock);
    return st;
}

void
next_mend(struct next *next)
{
    (void)pthread_mutex_lock(&next->lock);
    next->mends = true;
    (void)pthread_mutex_unlock(&next->lock);
}

unsigned
next_floor(struct next *next, uint64_t left)
{
    bool missing;

    (void)pthread_mutex_lock(&next->lock);
    missing = next->reserve.missing;
    (void)pthread_mutex_unlock(&next->lock);
    if (!missing)
        return 0;
    return left < next->reserve_len / LEFT_PART ? PRECEDENCE_COUNT
                                                : PRECEDENCE_FLASH;
}

static enum status
grow_to(struct next *next, uint64_t len)
{
    const struct disk *disk = next->disk;
    enum status        st = STATUS_OK;

    if (next->state == NEXT_NONE) {
        st = disk->ops->open(disk->self, SEGMENT_NEXT, true, &next->file);
        if (st != STATUS_OK)
            return st;
        next->state = NEXT_GROWING;
        next->len = 0;
    }
    if (next->len >= len)
        return STATUS_OK;
    st = disk->ops->allocate(disk->self, next->file, len);
    if (st == STATUS_OK)
        st = disk->ops->sync(disk->self, next->file);
    if (st == STATUS_OK)
        next->len = len;
    return st;
}

enum status
next_grow(struct next *next, uint64_t whole, uint64_t step, bool *more)
{
    enum status st = STATUS_OK;
    uint64_t    len;

    *more = false;
    (void)pthread_mutex_lock(&next->lock);
    len = next->state == NEXT_NONE ? 0 : next->len;
    if (next->state != NEXT_NAMED && len < whole) {
        len = whole - len > step ? len + step : whole;
        st = grow_to(next, len);
        *more = st == STATUS_OK && len < whole;
    }
    (void)pthread_mutex_unlock(&next->lock);
    return st;
}

/* The reserve in place of what could not be made. */
static enum status
spend_reserve(struct next *next, uint64_t need)
{
    const struct disk *disk = next->disk;
    uint64_t           len;
    enum status        st;

    st = reserve_spend(&next->reserve, disk, need, SEGMENT_NEXT, &len);
    if (st != STATUS_OK)
        return st;
    if (next->state == NEXT_GROWING)
        disk->ops->close(disk->self, next->file);
    next->state = NEXT_NONE;
    st = disk->ops->open(disk->self, SEGMENT_NEXT, false, &next->file);
    if (st != STATUS_OK)
        return STATUS_IO;
    next->state = NEXT_GROWING;
    next->len = len;
    return STATUS_OK;
}

static enum status
write_and_name(struct next *next, const struct segment *segment,
               struct span copy)
{
    const struct disk *disk = next->disk;
    uint8_t            page[SEGMENT_PAGE];
    char               name[SEGMENT_NAME];
    enum status        st;

    segment_encode(segment, page);
    segment_name(segment->number, name);
    st = disk->ops->write(disk->self, next->file, 0, SPAN_OF(page));
    if (st == STATUS_OK && copy.len > 0)
        st = disk->ops->write(disk->self, next->file, SEGMENT_PAGE, copy);
    if (st == STATUS_OK)
        st = disk->ops->sync(disk->self, next->file);
    if (st == STATUS_OK)
        st = disk->ops->rename(disk->self, SEGMENT_NEXT, name);
    if (st != STATUS_OK)
        return st;
    next->state = NEXT_NAMED;
    st = disk->ops->sync_folder(disk->self);
    /* The name may or may not be there: no second attempt. */
    return st == STATUS_OK ? STATUS_OK : STATUS_IO;
}

enum status
next_name(struct next *next, uint64_t want, uint64_t need,
          const struct segment *segment, struct span copy)
{
    enum status st = STATUS_OK;

    (void)pthread_mutex_lock(&next->lock);
    if (next->state != NEXT_NAMED) {
        st = grow_to(next, want > need ? want : need);
        if (st == STATUS_NO_SPACE && next->state == NEXT_GROWING)
            st = grow_to(next, need);
        if (st == STATUS_NO_SPACE)
            st = spend_reserve(next, need);
        if (st == STATUS_OK)
            st = write_and_name(next, segment, copy);
    }
    (void)pthread_mutex_unlock(&next->lock);
    return st;
}

void
next_take(struct next *next, int *file, uint64_t *len)
{
    (void)pthread_mutex_lock(&next->lock);
    assert(next->state == NEXT_NAMED);
    *file = next->file;
    *len = next->len;
    next->state = NEXT_NONE;
    next->file = -1;
    (void)pthread_mutex_unlock(&next->lock);
}
