/*
 * fault_disk.h - a disk whose n-th call that could fail so fails once.
 */
#ifndef TESTS_UNIT_FAULT_DISK_H
#define TESTS_UNIT_FAULT_DISK_H

#include "node/host/file.h"

struct fault_disk {
    struct disk under;
    enum status fault;     /* IO or NO_SPACE */
    uint64_t    countdown; /* 1: the next call; 0: none */
    bool        fired;
};

static inline bool
fault_now(struct fault_disk *disk, bool for_space)
{
    if (disk->countdown == 0 || (disk->fault == STATUS_NO_SPACE && !for_space))
        return false;
    if (--disk->countdown > 0)
        return false;
    disk->fired = true;
    return true;
}

#define FAULT_CALL(disk, for_space, call)                                      \
    (fault_now((disk), (for_space)) ? (disk)->fault                            \
                                    : (disk)->under.ops->call)

static inline enum status
fault_open(void *self, const char *name, bool create, int *out)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, create,
                      open(disk->under.self, name, create, out));
}

static inline void
fault_close(void *self, int file)
{
    struct fault_disk *disk = self;

    disk->under.ops->close(disk->under.self, file);
}

static inline enum status
fault_read(void *self, int file, uint64_t offset, uint8_t *out, size_t len,
           size_t *got)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, false,
                      read(disk->under.self, file, offset, out, len, got));
}

/* A write that fails has written a part. */
static inline enum status
fault_write(void *self, int file, uint64_t offset, struct span bytes)
{
    struct fault_disk *disk = self;
    enum status        st;

    if (!fault_now(disk, true))
        return disk->under.ops->write(disk->under.self, file, offset, bytes);
    st = disk->under.ops->write(disk->under.self, file, offset,
                                (struct span){bytes.ptr, bytes.len / 2});
    return st == STATUS_OK ? disk->fault : st;
}

static inline enum status
fault_sync(void *self, int file)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, false, sync(disk->under.self, file));
}

static inline enum status
fault_sync_folder(void *self)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, false, sync_folder(disk->under.self));
}

static inline enum status
fault_allocate(void *self, int file, uint64_t size)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, true, allocate(disk->under.self, file, size));
}

static inline enum status
fault_truncate(void *self, int file, uint64_t size)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, false, truncate(disk->under.self, file, size));
}

static inline enum status
fault_size(void *self, int file, uint64_t *out)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, false, size(disk->under.self, file, out));
}

static inline enum status
fault_rename(void *self, const char *from, const char *to)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, true, rename(disk->under.self, from, to));
}

static inline enum status
fault_remove(void *self, const char *name)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, false, remove(disk->under.self, name));
}

static inline enum status
fault_list(void *self, void (*each)(void *arg, const char *name), void *arg)
{
    struct fault_disk *disk = self;

    return FAULT_CALL(disk, false, list(disk->under.self, each, arg));
}

static const struct file_ops fault_ops = {
    .open = fault_open,
    .close = fault_close,
    .read = fault_read,
    .write = fault_write,
    .sync = fault_sync,
    .sync_folder = fault_sync_folder,
    .allocate = fault_allocate,
    .truncate = fault_truncate,
    .size = fault_size,
    .rename = fault_rename,
    .remove = fault_remove,
    .list = fault_list,
};

static inline struct disk
fault_face(struct fault_disk *disk)
{
    return (struct disk){&fault_ops, disk};
}

#endif
