/*
 * posix.c - file_ops over one folder's descriptor.
 *
 * Invariants:
 *  (I1) names are opened relative to the folder and never followed through a
 *       symbolic link;
 *  (I2) ENOSPC, EDQUOT and EFBIG are NO_SPACE, except from a sync: what a sync
 *       could not write is lost for good, whatever the reason;
 *  (I3) so are EMFILE and ENFILE: nothing was done, and it may be tried again.
 */
#include "node/store/posix.h"

#include "node/store/home.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ZEROS_LEN = 1 << 20, NAMES_FIRST = 32, OTHERS = S_IRWXG | S_IRWXO };

struct folder {
    int folder;
    int lock;
};

static enum status
failure(void)
{
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) /* (I2) */
        return STATUS_NO_SPACE;
    if (errno == EMFILE || errno == ENFILE) /* (I3) */
        return STATUS_NO_SPACE;
    return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
}

/* --- files --------------------------------------------------------------- */

static enum status
on_open(void *self, const char *name, bool create, int *out)
{
    const struct folder *folder = self;
    int                  flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW; /* (I1) */
    int                  file;

    if (create)
        flags |= O_CREAT;
    do
        file = openat(folder->folder, name, flags, 0600);
    while (file < 0 && errno == EINTR);
    if (file < 0)
        return failure();
    *out = file;
    return STATUS_OK;
}

static void
on_close(void *self, int file)
{
    (void)self;
    (void)close(file);
}

static enum status
on_read(void *self, int file, uint64_t offset, uint8_t *out, size_t len,
        size_t *got)
{
    size_t at = 0;

    (void)self;
    while (at < len) {
        ssize_t n = pread(file, out + at, len - at, (off_t)(offset + at));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return STATUS_IO;
        if (n == 0)
            break;
        at += (size_t)n;
    }
    *got = at;
    return STATUS_OK;
}

static enum status
on_write(void *self, int file, uint64_t offset, struct span bytes)
{
    size_t at = 0;

    (void)self;
    while (at < bytes.len) {
        ssize_t n = pwrite(file, bytes.ptr + at, bytes.len - at,
                           (off_t)(offset + at));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failure() == STATUS_NO_SPACE ? STATUS_NO_SPACE : STATUS_IO;
        at += (size_t)n;
    }
    return STATUS_OK;
}

static enum status
on_sync(void *self, int file)
{
    (void)self;
    return fdatasync(file) == 0 ? STATUS_OK : STATUS_IO; /* (I2) */
}

static enum status
on_sync_folder(void *self)
{
    const struct folder *folder = self;

    return fsync(folder->folder) == 0 ? STATUS_OK : STATUS_IO;
}

static enum status
on_size(void *self, int file, uint64_t *out)
{
    struct stat info;

    (void)self;
    if (fstat(file, &info) != 0)
        return STATUS_IO;
    *out = (uint64_t)info.st_size;
    return STATUS_OK;
}

/* Zeros are written, not only reserved: a reserved extent still changes
 * metadata at its first write. */
static enum status
on_allocate(void *self, int file, uint64_t size)
{
    static const uint8_t zeros[ZEROS_LEN];
    uint64_t             at;
    enum status          st = on_size(self, file, &at);

    if (st != STATUS_OK || at >= size)
        return st;
    if (fallocate(file, 0, (off_t)at, (off_t)(size - at)) != 0 &&
        errno != EOPNOTSUPP && errno != ENOSYS && errno != EINTR)
        return failure() == STATUS_NO_SPACE ? STATUS_NO_SPACE : STATUS_IO;
    while (st == STATUS_OK && at < size) {
        size_t len = size - at < ZEROS_LEN ? (size_t)(size - at) : ZEROS_LEN;

        st = on_write(self, file, at, (struct span){zeros, len});
        at += len;
    }
    return st;
}

static enum status
on_truncate(void *self, int file, uint64_t size)
{
    (void)self;
    if (ftruncate(file, (off_t)size) == 0)
        return STATUS_OK;
    return failure() == STATUS_NO_SPACE ? STATUS_NO_SPACE : STATUS_IO;
}

/* --- names --------------------------------------------------------------- */

static enum status
on_rename(void *self, const char *from, const char *to)
{
    const struct folder *folder = self;

    if (renameat(folder->folder, from, folder->folder, to) == 0)
        return STATUS_OK;
    return failure();
}

static enum status
on_remove(void *self, const char *name)
{
    const struct folder *folder = self;

    return unlinkat(folder->folder, name, 0) == 0 ? STATUS_OK : failure();
}

struct names {
    char **list;
    size_t count;
    size_t cap;
};

static void
names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->list[i]);
    free(names->list);
}

static enum status
names_add(struct names *names, const char *name)
{
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return STATUS_OK;
    if (names->count == names->cap) {
        size_t cap = names->cap > 0 ? 2 * names->cap : NAMES_FIRST;
        char **list = realloc(names->list, cap * sizeof(*list));

        if (list == NULL)
            return STATUS_FULL;
        names->list = list;
        names->cap = cap;
    }
    names->list[names->count] = strdup(name);
    if (names->list[names->count] == NULL)
        return STATUS_FULL;
    names->count++;
    return STATUS_OK;
}

static int
name_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum status
names_read(int folder, struct names *out)
{
    int         again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR        *stream = again < 0 ? NULL : fdopendir(again);
    enum status st = STATUS_OK;

    if (stream == NULL) {
        if (again >= 0)
            (void)close(again);
        return STATUS_IO;
    }
    while (st == STATUS_OK) {
        const struct dirent *entry;

        errno = 0;
        entry = readdir(stream);
        if (entry == NULL) {
            st = errno == 0 ? STATUS_OK : STATUS_IO;
            break;
        }
        st = names_add(out, entry->d_name);
    }
    (void)closedir(stream);
    if (out->count > 1)
        qsort(out->list, out->count, sizeof(*out->list), name_compare);
    return st;
}

static enum status
on_list(void *self, void (*each)(void *arg, const char *name), void *arg)
{
    const struct folder *folder = self;
    struct names         names = {0};
    enum status          st = names_read(folder->folder, &names);

    for (size_t i = 0; st == STATUS_OK && i < names.count; i++)
        each(arg, names.list[i]);
    names_free(&names);
    return st;
}

static const struct file_ops posix_ops = {
    .open = on_open,
    .close = on_close,
    .read = on_read,
    .write = on_write,
    .sync = on_sync,
    .sync_folder = on_sync_folder,
    .allocate = on_allocate,
    .truncate = on_truncate,
    .size = on_size,
    .rename = on_rename,
    .remove = on_remove,
    .list = on_list,
};

/* --- the home ------------------------------------------------------------ */

static enum status
check_one(int folder, const char *name, char why[static 256])
{
    struct stat info;
    enum status st = STATUS_OK;

    if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? STATUS_OK : STATUS_IO;
    if (info.st_uid != geteuid() ||
        (!S_ISLNK(info.st_mode) && (info.st_mode & OTHERS) != 0))
        st = STATUS_MODE;
    if (st != STATUS_OK && info.st_uid != geteuid())
        (void)snprintf(why, 256, "%s belongs to another user", name);
    else if (st != STATUS_OK)
        (void)snprintf(why, 256, "%s can be reached by others (mode %04o)",
                       name, (unsigned)(info.st_mode & 07777));
    return st;
}

static enum status
check_all(int folder, char why[static 256])
{
    struct names names = {0};
    enum status  st = check_one(folder, ".", why);

    if (st == STATUS_OK)
        st = names_read(folder, &names);
    for (size_t i = 0; st == STATUS_OK && i < names.count; i++)
        st = check_one(folder, names.list[i], why);
    names_free(&names);
    return st;
}

enum status
posix_folder_open(const char *path, struct disk *out, char why[static 256])
{
    struct folder *folder = malloc(sizeof(*folder));
    enum status    st = STATUS_OK;

    if (folder == NULL)
        return STATUS_FULL;
    folder->lock = -1;
    folder->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->folder < 0)
        st = errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_IO;
    (void)snprintf(why, 256, "%s: %s", path, status_words(st));
    if (st == STATUS_OK)
        st = check_all(folder->folder, why);
    *out = (struct disk){.ops = &posix_ops, .self = folder};
    if (st != STATUS_OK)
        posix_disk_close(out);
    return st;
}

enum status
posix_disk_open(const char *home, struct disk *out, char why[static 256])
{
    struct folder *folder;
    enum status    st = posix_folder_open(home, out, why);

    if (st != STATUS_OK)
        return st;
    folder = out->self;
    st = home_lock(home, &folder->lock);
    (void)snprintf(why, 256, "%s: %s", HOME_LOCK, status_words(st));
    if (st != STATUS_OK)
        posix_disk_close(out);
    return st;
}

void
posix_disk_close(struct disk *disk)
{
    struct folder *folder = disk->self;

    if (folder == NULL)
        return;
    if (folder->lock >= 0)
        (void)close(folder->lock);
    if (folder->folder >= 0)
        (void)close(folder->folder);
    free(folder);
    *disk = (struct disk){0};
}
