/*
 * next.c - grow, then header and copy, then the name.
 *
 * Invariant: when the segment has its name, its header and its copied group
 * are durable, and so is the name.
 */
#include "node/store/next.h"

#include <assert.h>
#include <stdlib.h>

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
next_forget(struct next *next)
{
    enum status st;

    assert(next->state == NEXT_NONE);
    st = next->disk->ops->remove(next->disk->self, SEGMENT_NEXT);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
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
