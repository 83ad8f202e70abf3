/*
 * arrivals.h - chunks of attachments that a turn brought, made durable before
 * its group.
 */
#ifndef STORE_ARRIVALS_H
#define STORE_ARRIVALS_H

#include "node/core/event.h"
#include "node/host/file.h"

/*
 * Writes and syncs what the CHUNK effects bring, each in its place.
 * NO_SPACE: the same effects may be offered again.  IO: the process must end.
 */
NODISCARD enum status arrivals_commit(const struct disk    *disk,
                                      const struct effects *effects);

/* Removes a file, ours or a partial one of theirs; one that is not there is
 * no failure. */
NODISCARD enum status arrivals_drop(const struct disk        *disk,
                                    const struct effect_file *file);

#endif
