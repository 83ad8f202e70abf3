/*
 * indexer.h - the thread that answers LOADs and keeps the index up, so that
 * SQLite never stands in the way of the loop or of a commit.
 */
#ifndef NET_INDEXER_H
#define NET_INDEXER_H

#include "node/core/event.h"

#include <uv.h>

enum { INDEXER_REST_MS = 200 }; /* between two bouts of catching up */

struct indexer;

/* As store_query and store_index_catch_up; called on the indexer's thread. */
struct indexer_store {
    void *arg;
    enum status (*query)(void *arg, const struct query *query,
                         struct span text, struct span *answer);
    enum status (*catch_up)(void *arg);
};

/* Called on the loop's thread. */
struct indexer_ops {
    /* In the order of asking; the answer is lent. */
    void (*loaded)(void *arg, uint64_t token, enum status st,
                   struct span answer);
    /* Catching up failed.  Tried again after the next commit; the journal is
     * not touched by it. */
    void (*failed)(void *arg, enum status st);
};

/* Ends the process when there can be no thread. */
struct indexer *indexer_new(uv_loop_t                  *loop,
                            const struct indexer_store *store,
                            const struct indexer_ops *ops, void *arg);

/* Copies query and text. */
void indexer_ask(struct indexer *indexer, uint64_t token,
                 const struct query *query, struct span text);

/* A commit was made: catch up when nobody asks anything. */
void indexer_behind(struct indexer *indexer);

/* Waits for what is under way; what is not answered yet will not be.  Frees
 * it once the loop has closed its handle. */
void indexer_free(struct indexer *indexer);

#endif
