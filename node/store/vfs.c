/*
 * vfs.c - file_ops behind sqlite3_io_methods.
 *
 * Invariants:
 *  (I1) a file that SQLite created has a durable name when its first sync has
 *       returned;
 *  (I2) whole pages of the database go out with their digest, and come in only
 *       if it is right.
 */
#include "node/store/vfs.h"

#include "crypto/kdf.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_CAP = 40, PATH_CAP = 64 };

struct vfs {
    sqlite3_vfs        base;
    const struct disk *disk;
    char               name[NAME_CAP];
};

struct vfs_file {
    sqlite3_file       base;
    const struct disk *disk;
    int                file;
    bool               new_name; /* not yet durable */
    bool               checked;  /* the database itself */
};

static struct vfs_file *
file_of(sqlite3_file *base)
{
    return (struct vfs_file *)base;
}

static int
answer(enum status st, int on_io)
{
    if (st == STATUS_OK)
        return SQLITE_OK;
    return st == STATUS_NO_SPACE ? SQLITE_FULL : on_io;
}

/* --- one file ------------------------------------------------------------ */

static int
on_close(sqlite3_file *base)
{
    struct vfs_file *file = file_of(base);

    file->disk->ops->close(file->disk->self, file->file);
    return SQLITE_OK;
}

/* A page as it goes to the disk: its last bytes name its bytes and place. */
static void
page_seal(const uint8_t *page, sqlite3_int64 offset,
          uint8_t out[static VFS_PAGE])
{
    struct writer to = writer_of(out, VFS_PAGE);
    struct hash   hash;
    struct digest digest;

    writer_put(&to, (struct span){page, VFS_PAGE - VFS_CHECK});
    hash_init(&hash, LABEL_PAGE);
    hash_u64(&hash, (uint64_t)offset);
    hash_span(&hash, writer_span(&to));
    hash_end(&hash, &digest);
    writer_put(&to, (struct span){digest.bytes, VFS_CHECK});
}

static bool
page_right(const uint8_t *page, sqlite3_int64 offset)
{
    uint8_t right[VFS_PAGE];

    page_seal(page, offset, right);
    return span_equal((struct span){page, VFS_PAGE}, SPAN_OF(right));
}

static int
on_read(sqlite3_file *base, void *out, int len, sqlite3_int64 offset)
{
    struct vfs_file *file = file_of(base);
    size_t           got = 0;
    enum status      st;

    assert(len >= 0 && offset >= 0);
    st = file->disk->ops->read(file->disk->self, file->file, (uint64_t)offset,
                               out, (size_t)len, &got);
    if (st != STATUS_OK)
        return SQLITE_IOERR_READ;
    if (got == (size_t)len && file->checked && len == VFS_PAGE) /* (I2) */
        return page_right(out, offset) ? SQLITE_OK : SQLITE_IOERR_DATA;
    if (got == (size_t)len)
        return SQLITE_OK;
    memset((uint8_t *)out + got, 0, (size_t)len - got);
    return SQLITE_IOERR_SHORT_READ;
}

static int
on_write(sqlite3_file *base, const void *bytes, int len, sqlite3_int64 offset)
{
    struct vfs_file *file = file_of(base);
    struct span      span = {bytes, (size_t)len};
    uint8_t          page[VFS_PAGE];

    assert(len >= 0 && offset >= 0);
    if (file->checked && len != VFS_PAGE)
        return SQLITE_IOERR_DATA; /* a database that we did not make */
    if (file->checked) { /* (I2) */
        page_seal(bytes, offset, page);
        span = SPAN_OF(page);
    }
    return answer(file->disk->ops->write(file->disk->self, file->file,
                                         (uint64_t)offset, span),
                  SQLITE_IOERR_WRITE);
}

static int
on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct vfs_file *file = file_of(base);

    return answer(file->disk->ops->truncate(file->disk->self, file->file,
                                            (uint64_t)size),
                  SQLITE_IOERR_TRUNCATE);
}

static int
on_sync(sqlite3_file *base, int flags)
{
    struct vfs_file *file = file_of(base);
    enum status      st = file->disk->ops->sync(file->disk->self, file->file);

    (void)flags;
    if (st == STATUS_OK && file->new_name) { /* (I1) */
        st = file->disk->ops->sync_folder(file->disk->self);
        file->new_name = st != STATUS_OK;
    }
    return st == STATUS_OK ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int
on_size(sqlite3_file *base, sqlite3_int64 *out)
{
    struct vfs_file *file = file_of(base);
    uint64_t         size;

    if (file->disk->ops->size(file->disk->self, file->file, &size) != STATUS_OK)
        return SQLITE_IOERR_FSTAT;
    *out = (sqlite3_int64)size;
    return SQLITE_OK;
}

static int
on_lock(sqlite3_file *base, int level)
{
    (void)base;
    (void)level;
    return SQLITE_OK;
}

static int
on_check_lock(sqlite3_file *base, int *out)
{
    (void)base;
    *out = 0;
    return SQLITE_OK;
}

static int
on_control(sqlite3_file *base, int op, void *arg)
{
    (void)base;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int
on_sector(sqlite3_file *base)
{
    (void)base;
    return VFS_PAGE;
}

static int
on_device(sqlite3_file *base)
{
    (void)base;
    return 0;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_lock,
    .xCheckReservedLock = on_check_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector,
    .xDeviceCharacteristics = on_device,
};

/* --- names --------------------------------------------------------------- */

static const struct disk *
disk_of(sqlite3_vfs *base)
{
    return ((struct vfs *)base->pAppData)->disk;
}

static int
on_open(sqlite3_vfs *base, const char *name, sqlite3_file *out, int flags,
        int *out_flags)
{
    const struct disk *disk = disk_of(base);
    struct vfs_file   *file = file_of(out);
    enum status        st;

    *file = (struct vfs_file){.disk = disk,
                              .checked = (flags & SQLITE_OPEN_MAIN_DB) != 0};
    if (name == NULL)
        return SQLITE_CANTOPEN;
    st = disk->ops->open(disk->self, name, false, &file->file);
    if (st == STATUS_NOT_FOUND && (flags & SQLITE_OPEN_CREATE) != 0) {
        st = disk->ops->open(disk->self, name, true, &file->file);
        file->new_name = true;
    }
    if (st != STATUS_OK)
        return answer(st == STATUS_NOT_FOUND ? STATUS_IO : st, SQLITE_CANTOPEN);
    file->base.pMethods = &methods;
    if (out_flags != NULL)
        *out_flags = flags;
    return SQLITE_OK;
}

static int
on_delete(sqlite3_vfs *base, const char *name, int sync_folder)
{
    const struct disk *disk = disk_of(base);
    enum status        st = disk->ops->remove(disk->self, name);

    if (st == STATUS_NOT_FOUND)
        return SQLITE_IOERR_DELETE_NOENT;
    if (st == STATUS_OK && sync_folder != 0)
        st = disk->ops->sync_folder(disk->self);
    return st == STATUS_OK ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

static int
on_access(sqlite3_vfs *base, const char *name, int flags, int *out)
{
    const struct disk *disk = disk_of(base);
    int                file;
    enum status        st = disk->ops->open(disk->self, name, false, &file);

    (void)flags;
    *out = st == STATUS_OK;
    if (st == STATUS_OK)
        disk->ops->close(disk->self, file);
    return st == STATUS_OK || st == STATUS_NOT_FOUND ? SQLITE_OK
                                                     : SQLITE_IOERR_ACCESS;
}

static int
on_full_name(sqlite3_vfs *base, const char *name, int cap, char *out)
{
    int len = snprintf(out, (size_t)cap, "%s", name);

    (void)base;
    return len >= 0 && len < cap ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int
on_randomness(sqlite3_vfs *base, int len, char *out)
{
    (void)base;
    memset(out, 0, (size_t)len);
    return 0;
}

static int
on_sleep(sqlite3_vfs *base, int us)
{
    (void)base;
    return us;
}

static int
on_time(sqlite3_vfs *base, double *out)
{
    (void)base;
    *out = 0;
    return SQLITE_OK;
}

static int
on_last_error(sqlite3_vfs *base, int cap, char *out)
{
    (void)base;
    (void)cap;
    (void)out;
    return 0;
}

/* --- life ---------------------------------------------------------------- */

enum status
vfs_new(const struct disk *disk, struct vfs **out)
{
    struct vfs *vfs = calloc(1, sizeof(*vfs));

    if (vfs == NULL)
        return STATUS_FULL;
    vfs->disk = disk;
    (void)snprintf(vfs->name, sizeof(vfs->name), "disk-%p", (void *)vfs);
    vfs->base = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(struct vfs_file),
        .mxPathname = PATH_CAP,
        .zName = vfs->name,
        .pAppData = vfs,
        .xOpen = on_open,
        .xDelete = on_delete,
        .xAccess = on_access,
        .xFullPathname = on_full_name,
        .xRandomness = on_randomness,
        .xSleep = on_sleep,
        .xCurrentTime = on_time,
        .xGetLastError = on_last_error,
    };
    if (sqlite3_vfs_register(&vfs->base, 0) != SQLITE_OK) {
        free(vfs);
        return STATUS_FULL;
    }
    *out = vfs;
    return STATUS_OK;
}

void
vfs_free(struct vfs *vfs)
{
    if (vfs == NULL)
        return;
    (void)sqlite3_vfs_unregister(&vfs->base);
    free(vfs);
}

const char *
vfs_name(const struct vfs *vfs)
{
    return vfs->name;
}

enum status
vfs_reserve(sqlite3 *db)
{
    int bytes = VFS_CHECK;

    return sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES,
                                &bytes) == SQLITE_OK
               ? STATUS_OK
               : STATUS_IO;
}
