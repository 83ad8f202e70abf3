/*
 * recovery.h - where the journal ends, and from where it is replayed.
 *
 * Reads every group from the newest snapshot on and changes nothing.
 */
#ifndef STORE_RECOVERY_H
#define STORE_RECOVERY_H

#include "node/store/group.h"

struct recovery {
    struct segment_list segments; /* all there are, growing */
    struct group_place  start;    /* first group of the newest snapshot, or of
                                     the journal */
    struct group_place  last;     /* newest whole group; sequence 0: none */
    struct segment      newest;   /* header of the newest segment */
    uint64_t            newest_end; /* behind its last byte that is not zero */
    uint64_t            torn_len; /* bytes of a torn group behind the last */
    bool                stray;    /* or bits that no group has (tail.h) */
    uint64_t            replay_len; /* bytes of groups from start on */
    size_t              replay_segments;
};

/*
 * NOT_FOUND: there is no journal.  CORRUPT: damaged inside; *why names file
 * and offset.  FULL: no memory.  IO.  On OK recovery_clear() what it gave.
 */
NODISCARD enum status recovery_scan(const struct disk *disk,
                                    struct recovery   *out,
                                    char why[static 256]);
void                  recovery_clear(struct recovery *recovery);

#endif
