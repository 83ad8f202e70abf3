/*
 * spool.h - a file that is written behind the loop's back: bytes go into a
 * queue, a thread writes them.
 *
 * For captures, which may be lost, never for what must be durable.
 */
#ifndef NET_SPOOL_H
#define NET_SPOOL_H

#include "proto/bytes.h"

enum { SPOOL_MAX = 64 << 20 /* bytes that wait */ };

struct spool;

/*
 * A new file, mode 0600.  EXISTS: there is one; NOT_FOUND: no such folder;
 * MODE: not ours to write; NO_SPACE, IO.
 */
NODISCARD enum status spool_open(const char *path, struct spool **out);

/*
 * Copies the bytes.  FULL: SPOOL_MAX wait already, the disk is too slow; what
 * failed in the thread: NO_SPACE, IO.  After a failure nothing more is
 * written: the file ends at a whole put.
 */
NODISCARD enum status spool_put(struct spool *spool, struct span bytes);

/*
 * All that is put from here on goes into another file, new as spool_open's, and
 * the file `gone`, unless NULL, is removed once that is there.  As spool_put;
 * what the thread then fails at, EXISTS too, the next put says.
 */
NODISCARD enum status spool_next(struct spool *spool, const char *path,
                                 const char *gone);

/* Writes what waits, closes and frees; blocks.  The first failure, if any. */
NODISCARD enum status spool_close(struct spool *spool);

#endif
