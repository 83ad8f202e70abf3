/*
 * indexcheck.h - whether the index on the disk is whole, without the node.
 *
 * Each page of the database is read against its digest (vfs.h), its structure
 * checked by SQLite, and its mark compared with the journal.  What waits in
 * SQLite's log has checksums: a damaged part of it ends there, and the index
 * is then older than it was, which its mark tells.  Changes nothing.
 */
#ifndef STORE_INDEXCHECK_H
#define STORE_INDEXCHECK_H

#include "node/host/file.h"

/*
 * *sequence: the group up to which it is the journal's index, 0 before the
 * first.  NOT_FOUND: there is none.  CORRUPT: it is damaged, or was never
 * whole.  BAD_STATE: its mark is no group of this journal.  After each of
 * these a start makes it again.  FULL: no memory.  IO.
 */
NODISCARD enum status indexcheck_read(const struct disk *disk,
                                      const char *name, uint64_t *sequence);

#endif
