/*
 * cargo.h - what a bundle carries of the logs that we write: first, log by log,
 * leaves and heads; then the bodies, the most urgent first (PROTOCOL 6.10).
 *
 * A cursor.  It asks for a piece of a log, is given what the store answered,
 * and puts as much of it as fits into the record that is being filled.  Bodies
 * of one precedence are found by reading the log from its first one to its
 * last; how many there are it counted with the leaves.
 */
#ifndef CORE_CARGO_H
#define CORE_CARGO_H

#include "crypto/bundle_writer.h"
#include "node/core/peer.h"

/* Of one log: entries [from, to). */
struct cargo_log {
    struct channel *channel;
    uint64_t        from, to, at;
    uint64_t        left[PRECEDENCE_COUNT]; /* bodies still to be put */
};

struct cargo {
    struct cargo_log logs[LANE_COUNT];
    size_t           count;
    size_t           log;        /* the one that is read */
    unsigned         precedence; /* of bodies; PRECEDENCE_COUNT: leaves */
    uint32_t         offset;     /* into the body at `at` */
    uint64_t         entries;    /* whose body was put whole */
};

/* All that the peer has not cosigned, as far as it takes it, and what it asked
 * for again; of what is signed now. */
void cargo_init(struct cargo *cargo, const struct peer *peer);

/* What to load next; false: nothing, all was put. */
bool cargo_query(struct cargo *cargo, struct query *out);

/*
 * Takes the store's answer to it.  OK: all of it was used.  FULL: the record
 * has no room for more; close it, and ask again.  CORRUPT: it is not what was
 * asked for.
 */
NODISCARD enum status cargo_fill(struct cargo *cargo, struct context *turn,
                                 struct bundle_writer *writer,
                                 struct span           answer);

#endif
