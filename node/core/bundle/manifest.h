/*
 * manifest.h - the frames of a peer's bundle, acted on one by one as on a link
 * (PROTOCOL 6.7, 6.9), with the differences of 6.10; and what was found.
 */
#ifndef CORE_MANIFEST_H
#define CORE_MANIFEST_H

#include "node/core/link/session.h"

#include "control.pb-c.h"

enum { MANIFEST_LOGS = 8 }; /* of which it is told that their reading ended */

struct manifest_end {
    char        origin[LIMIT_ORIGIN + 1];
    enum status why;
};

/* A value.  The peer stays. */
struct manifest {
    struct session      stick; /* without a link: the frames' way in */
    bool                old;
    uint64_t            missing_first, missing;
    uint64_t            messages, entries, known, received, taken;
    struct manifest_end ends[MANIFEST_LOGS];
    size_t              end_count;
};

/* Its record 0 is proven: notes the number, and saves it where it is new. */
void manifest_begin(struct manifest *manifest, struct context *turn,
                    struct peer *peer, uint64_t number);

/* One frame.  BAD_ENCODING: it is none; the rest of the bundle is not read.
 * All else is noted, and the bundle read on. */
NODISCARD enum status manifest_frame(struct manifest *manifest,
                                     struct context  *turn,
                                     struct span      frame);

/* Fills in all that is of the content; spans of the turn.  `over`: why the
 * bundle was not read to its end. */
void manifest_tell(const struct manifest *manifest, struct context *turn,
                   enum status over, Entente__BundleImportResponse *out);

#endif
