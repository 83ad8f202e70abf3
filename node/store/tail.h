/*
 * tail.h - what stands in a segment behind the last whole group.
 *
 * A group that was being written when the power went is torn: sectors of it
 * were never written and are zeros still, or its end is not there.  A group
 * all of whose sectors were written was whole once, and may have been
 * acknowledged: where it does not check, the disk has changed it.
 */
#ifndef STORE_TAIL_H
#define STORE_TAIL_H

#include "node/store/group.h"

/* What is written whole or not at all, by any disk. */
enum { TAIL_SECTOR = 512 };

/* X(name, words) */
#define TAIL_LIST(X)                                                           \
    X(EMPTY, "nothing but zeros")                                              \
    X(TORN, "a group that was never written to its end")                       \
    X(STRAY, "bits that are not zero, and no group")                           \
    X(DAMAGED, "a group that was whole, and was changed")                      \
    X(FOLLOWED, "whole groups behind a damaged one")

enum tail_kind {
#define TAIL_ENUM(name, words) TAIL_##name,
    TAIL_LIST(TAIL_ENUM)
#undef TAIL_ENUM
    TAIL_KIND_COUNT
};

struct tail {
    enum tail_kind kind;
    uint64_t       end;  /* behind the last byte that is not zero, `from` at
                            least */
    uint64_t       next; /* FOLLOWED: where the first whole one begins */
};

/*
 * Looks from the page at `from` to the end of the file.  Whole groups count
 * from sequence `next` on.  FULL: no memory.  IO.
 */
NODISCARD enum status tail_judge(const struct disk *disk, int file,
                                 uint64_t from, uint64_t next,
                                 struct group_buffer *buffer,
                                 struct tail         *out);

const char *tail_words(enum tail_kind kind);

#endif
