/*
 * story.h - whether two log exports tell one story (PROTOCOL 7.9).
 *
 * Both were verified: what either shows was signed.  So a leaf that differs
 * was signed twice, by one key, and each file is evidence against its writer.
 */
#ifndef CRYPTO_STORY_H
#define CRYPTO_STORY_H

#include "crypto/export.h"

/* X(name): how one log is in the two files */
#define STORY_LIST(X)                                                          \
    X(SAME)     /* as long as each other */                                    \
    X(UNDERWAY) /* one has more, which the other's node has not signed; or     \
                   both are of one node, at two times */                       \
    X(LACKS)    /* one has more, and the other's node signed that */           \
    X(FORK)     /* a leaf differs: signed twice */

enum story_kind {
#define STORY_ENUM(name) STORY_##name,
    STORY_LIST(STORY_ENUM)
#undef STORY_ENUM
    STORY_KIND_COUNT
};

/* "FORK". */
const char *story_name(enum story_kind kind);

struct story_log {
    enum story_kind          kind;
    const struct export_log *in[2]; /* NULL: this file has not this log */
    uint64_t                 size[2]; /* entries that each shows */
    uint64_t                 index; /* the first that differs or lacks */
    size_t                   less;  /* LACKS, UNDERWAY: the file with less */
};

struct story {
    struct span origin;   /* of the log that is told now; lends a file */
    size_t      next[2];  /* where each file is */
    bool        one_node; /* both files are of one */
    size_t      count;    /* logs told */
    enum status st;       /* OK: one story so far; FORK; DIFFERENT */
};

/*
 * Begins.  UNTRUSTED: the files are not of the same two nodes with the same
 * organisation keys; there is nothing to compare.
 */
NODISCARD enum status story_begin(struct story        *story,
                                  const struct export *a,
                                  const struct export *b);

/* The next log of either file, in order; false: there is none. */
bool story_next(struct story *story, const struct export *a,
                const struct export *b, struct story_log *out);

#endif
