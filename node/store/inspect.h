/*
 * inspect.h - every byte of the journal, from its first segment to its last.
 *
 * recovery.h reads what a start needs, from the newest snapshot on, and stops
 * at the first fault.  This reads all and lists all that is wrong: for the
 * doctor, and for whoever mends.  Changes nothing.
 */
#ifndef STORE_INSPECT_H
#define STORE_INSPECT_H

#include "node/store/tail.h"

/* X(name, words) */
#define INSPECT_LIST(X)                                                        \
    X(HEADER, "the segment's header is damaged")                               \
    X(COPY, "a copied group is damaged, and stands whole further back")        \
    X(GROUPS, "groups are damaged")                                            \
    X(MISSING, "groups are missing")                                           \
    X(FOREIGN, "the segment is of another journal")                            \
    X(STRAY, "bits are set where nothing was written")

enum inspect_kind {
#define INSPECT_ENUM(name, words) INSPECT_##name,
    INSPECT_LIST(INSPECT_ENUM)
#undef INSPECT_ENUM
    INSPECT_KIND_COUNT
};

struct inspect_fault {
    enum inspect_kind kind;
    uint64_t          segment;
    uint64_t          offset, end; /* of the bytes that are not right */
    uint64_t          lost;        /* GROUPS, MISSING: the first sequence */
    uint64_t          lost_count;
};

struct inspect {
    struct segment_list   segments;
    struct inspect_fault *faults; /* in the journal's order */
    size_t                fault_count, fault_cap;
    uint64_t              groups;   /* whole ones, each counted once */
    uint64_t              snapshot; /* sequence of the newest whole snapshot,
                                       or of the journal's first group */
    uint64_t              last;     /* of the newest whole group; 0: none */
    uint64_t              torn_len; /* of a torn group at the end */
};

/* NOT_FOUND: there is no journal.  FULL: no memory.  IO.  On OK
 * inspect_clear() what it gave. */
NODISCARD enum status inspect_journal(const struct disk *disk,
                                      struct inspect    *out);
/* The same without the newest segment, which a node is writing. */
NODISCARD enum status inspect_closed(const struct disk *disk,
                                     struct inspect    *out);
void                  inspect_clear(struct inspect *inspect);

/* How many whole groups have this sequence or a higher one. */
uint64_t inspect_whole_from(const struct inspect *inspect, uint64_t sequence);

const char *inspect_words(enum inspect_kind kind);

#endif
