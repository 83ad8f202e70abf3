/*
 * chunkcheck.h - whether the files of HOME/attachments are what their names
 * say (chunkfile.h).  Reads all of them; changes nothing.
 */
#ifndef STORE_CHUNKCHECK_H
#define STORE_CHUNKCHECK_H

#include "node/store/chunkfile.h"

/* X(name, words) */
#define CHUNKCHECK_LIST(X)                                                     \
    X(WHOLE, "is not what was written")                                        \
    X(PARTIAL, "is not what has come so far")                                  \
    X(TREE, "is not the tree of the file beside it")                           \
    X(UNREADABLE, "cannot be read")

enum chunkcheck_kind {
#define CHUNKCHECK_ENUM(name, words) CHUNKCHECK_##name,
    CHUNKCHECK_LIST(CHUNKCHECK_ENUM)
#undef CHUNKCHECK_ENUM
    CHUNKCHECK_KIND_COUNT
};

struct chunkcheck_fault {
    enum chunkcheck_kind kind;
    const char          *name;    /* of the file */
    bool                 located; /* the tree tells which chunk: */
    uint64_t             chunk;   /* the first that is not right */
};

struct chunkcheck {
    uint64_t files;  /* that were read */
    uint64_t faults;
};

/* Calls `each` for what is wrong.  FULL: no memory.  IO: the folder. */
NODISCARD enum status
chunkcheck_read(const struct disk *disk,
                void (*each)(void *arg, const struct chunkcheck_fault *fault),
                void *arg, struct chunkcheck *out);

const char *chunkcheck_words(enum chunkcheck_kind kind);

#endif
