/*
 * file.h - files as the store sees them, so that a simulated disk can stand
 * in for the real one.  node/store/posix.c is the real one; node/sim/disk.c
 * loses unsynced writes and tears sectors.
 *
 * Names are plain names inside one home folder.  Handles are small numbers
 * >= 0.  Every call blocks, and one thread at a time uses one handle.  IO and
 * NO_SPACE are the only failures besides those named.
 */
#ifndef HOST_FILE_H
#define HOST_FILE_H

#include "proto/bytes.h"

struct file_ops {
    /* NOT_FOUND unless `create`; a created file is empty, mode 0600. */
    enum status (*open)(void *self, const char *name, bool create, int *out);
    void (*close)(void *self, int file);
    /* At the end of the file *got < len; else all of it. */
    enum status (*read)(void *self, int file, uint64_t offset, uint8_t *out,
                        size_t len, size_t *got);
    enum status (*write)(void *self, int file, uint64_t offset,
                         struct span bytes);
    /* fdatasync: data, and the size where it changed. */
    enum status (*sync)(void *self, int file);
    /* Makes created, renamed and removed names durable. */
    enum status (*sync_folder)(void *self);
    /* Grows the file to `size` and writes zeros to what is new, so that later
     * writes there change no metadata; durable only after sync.  Nothing
     * when it is as long.  After NO_SPACE it may have grown in part. */
    enum status (*allocate)(void *self, int file, uint64_t size);
    enum status (*truncate)(void *self, int file, uint64_t size);
    enum status (*size)(void *self, int file, uint64_t *out);
    enum status (*rename)(void *self, const char *from, const char *to);
    enum status (*remove)(void *self, const char *name); /* NOT_FOUND */
    /* Calls `each` for every name, in byte order. */
    enum status (*list)(void *self,
                        void (*each)(void *arg, const char *name), void *arg);
};

struct disk {
    const struct file_ops *ops;
    void                  *self;
};

#endif
