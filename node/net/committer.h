/*
 * committer.h - the thread on which commits block, so that the loop never
 * does.  One commit at a time.
 */
#ifndef NET_COMMITTER_H
#define NET_COMMITTER_H

#include "node/core/event.h"

#include <uv.h>

struct committer;

/* As store_commit and store_snapshot_due, on the committer's thread; and as
 * store_floor and store_mend, for others, on any. */
struct committer_store {
    void *arg;
    enum status (*commit)(void *arg, const struct effects *effects);
    bool (*snapshot_due)(void *arg);
    unsigned (*floor)(void *arg); /* NULL, with mend: there is none */
    void (*mend)(void *arg);
};

/* On the loop's thread, once a commit. */
typedef void committer_fn(void *arg, enum status st, bool snapshot_due);

/* Ends the process when there can be no thread. */
struct committer *committer_new(uv_loop_t                    *loop,
                                const struct committer_store *store,
                                committer_fn *committed, void *arg);

/* `effects` stays valid and unchanged until committed(). */
void committer_start(struct committer *committer,
                     const struct effects *effects);

/* Waits for the commit under way, which is then not told; frees it once the
 * loop has closed its handle. */
void committer_free(struct committer *committer);

#endif
