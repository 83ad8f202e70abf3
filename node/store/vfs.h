/*
 * vfs.h - SQLite's files on a struct disk, so that on a simulated disk the
 * index loses unsynced writes like everything else.
 *
 * One process, one connection, locking_mode=EXCLUSIVE: locks do nothing and
 * there is no shared memory.  Temporary files must be in memory
 * (temp_store=MEMORY).
 *
 * The last VFS_CHECK bytes of each page of the database are a digest of the
 * page and its place; a page that was changed on the disk, or is not the one
 * that was written, is SQLITE_IOERR_DATA.  The log has SQLite's own checksums.
 */
#ifndef STORE_VFS_H
#define STORE_VFS_H

#include "node/host/file.h"

#include <sqlite3.h>

enum { VFS_PAGE = 4096, VFS_CHECK = 8 };

struct vfs; /* opaque: vfs_new / vfs_free */

/* Registers a VFS over the disk, which is borrowed.  FULL: no memory. */
NODISCARD enum status vfs_new(const struct disk *disk, struct vfs **out);
/* After all its files were closed. */
void vfs_free(struct vfs *vfs);

/* For sqlite3_open_v2. */
const char *vfs_name(const struct vfs *vfs);

/* Once the database is open, before anything is asked of it: keeps the last
 * bytes of its pages free. */
NODISCARD enum status vfs_reserve(sqlite3 *db);

#endif
