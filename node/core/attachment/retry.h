/*
 * retry.h - a file of ours that cannot be read just now is read again, and is
 * not lost because a disk or a table of descriptors failed once.
 *
 * A file whose read failed rests RETRY_MS; meanwhile it holds nothing up.  It
 * counts as lost when it is not there, when its bytes are not its own, or when
 * RETRY_TRIES reads in a row failed for the disk (IO).  For want of room
 * (NO_SPACE: descriptors; FULL: memory) it is never lost.
 */
#ifndef CORE_RETRY_H
#define CORE_RETRY_H

#include "node/core/context.h"

enum { RETRY_MS = 5000, RETRY_TRIES = 8 };

struct owed_file;
struct peer;

/* A read of it failed.  True: it is lost; else it rests.  Raises an alarm when
 * it could not be read RETRY_TRIES times for want of room. */
NODISCARD bool retry_failed(struct peer *peer, struct owed_file *file,
                            struct context *turn, enum status st);

/* The reader has more of it than before: what failed is over. */
void retry_passed(struct owed_file *file);

/* Ends the rest of those whose time has come; before anything is read. */
void retry_tick(struct peer *peer, const struct context *turn);
/* When that is next, monotonic ms; UINT64_MAX: nothing rests. */
uint64_t retry_wake_ms(const struct peer *peer);

/* The link is gone: nothing rests any more; what was tried still counts. */
void retry_unlink(struct peer *peer);

#endif
