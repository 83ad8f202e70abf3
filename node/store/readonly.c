/*
 * readonly.c - reads are passed on, all else is refused.
 */
#include "node/store/readonly.h"

#include <limits.h>

enum { NOT_THERE = INT_MAX }; /* the handle of each file that is not */

static const struct disk *
under(void *self)
{
    return ((struct readonly *)self)->under;
}

static enum status
refuse(void *self)
{
    ((struct readonly *)self)->tried = true;
    return STATUS_IO;
}

static enum status
on_open(void *self, const char *name, bool create, int *out)
{
    const struct disk *disk = under(self);
    enum status        st = disk->ops->open(disk->self, name, false, out);

    if (st != STATUS_NOT_FOUND || !create)
        return st;
    *out = NOT_THERE;
    return STATUS_OK;
}

static void
on_close(void *self, int file)
{
    const struct disk *disk = under(self);

    if (file != NOT_THERE)
        disk->ops->close(disk->self, file);
}

static enum status
on_read(void *self, int file, uint64_t offset, uint8_t *out, size_t len,
        size_t *got)
{
    const struct disk *disk = under(self);

    *got = 0;
    if (file == NOT_THERE)
        return STATUS_OK;
    return disk->ops->read(disk->self, file, offset, out, len, got);
}

static enum status
on_write(void *self, int file, uint64_t offset, struct span bytes)
{
    (void)file;
    (void)offset;
    (void)bytes;
    return refuse(self);
}

static enum status
on_sync(void *self, int file)
{
    (void)self;
    (void)file;
    return STATUS_OK;
}

static enum status
on_sync_folder(void *self)
{
    (void)self;
    return STATUS_OK;
}

static enum status
on_resize(void *self, int file, uint64_t size)
{
    (void)file;
    (void)size;
    return refuse(self);
}

static enum status
on_size(void *self, int file, uint64_t *out)
{
    const struct disk *disk = under(self);

    *out = 0;
    if (file == NOT_THERE)
        return STATUS_OK;
    return disk->ops->size(disk->self, file, out);
}

static enum status
on_rename(void *self, const char *from, const char *to)
{
    (void)from;
    (void)to;
    return refuse(self);
}

static enum status
on_remove(void *self, const char *name)
{
    (void)name;
    return refuse(self);
}

static enum status
on_list(void *self, void (*each)(void *arg, const char *name), void *arg)
{
    const struct disk *disk = under(self);

    return disk->ops->list(disk->self, each, arg);
}

static const struct file_ops ops = {
    .open = on_open,
    .close = on_close,
    .read = on_read,
    .write = on_write,
    .sync = on_sync,
    .sync_folder = on_sync_folder,
    .allocate = on_resize,
    .truncate = on_resize,
    .size = on_size,
    .rename = on_rename,
    .remove = on_remove,
    .list = on_list,
};

struct disk
readonly_face(struct readonly *view)
{
    return (struct disk){.ops = &ops, .self = view};
}
