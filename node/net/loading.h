/*
 * loading.h - LOADs of attachments' files, which are waited for on other
 * threads: one job each, a long one in slices, so that none waits for another.
 */
#ifndef NET_LOADING_H
#define NET_LOADING_H

#include "node/core/event.h"

#include <uv.h>

enum { LOADING_ANSWER = LIMIT_CHUNK_SEALED + LIMIT_CHUNK_PROOF };

struct loading;

/* Called on other threads. */
struct loading_store {
    void *arg;
    /* CHUNK and STORED. */
    enum status (*query)(void *arg, const struct query *query,
                         struct span text,
                         uint8_t answer[static LOADING_ANSWER], size_t *len);
    /* WHOLE: begun, then stepped until it is not AGAIN, then ended. */
    enum status (*begin)(void *arg, const struct query *query,
                         struct span text, void **reading);
    enum status (*step)(void *reading);
    enum status (*end)(void *reading, uint8_t answer[static LOADING_ANSWER],
                       size_t *len);
    void (*free)(void *reading);
    enum status (*drop)(void *arg, const struct effect_file *file);
};

/* On the loop's thread; the answer, there also with CORRUPT, is lent. */
typedef void loading_fn(void *arg, uint64_t token, enum status st,
                        struct span answer);

/* Ends the process without memory.  The store must outlive it. */
struct loading *loading_new(uv_loop_t *loop, const struct loading_store *store,
                            loading_fn *loaded, void *arg);

/* Whether a LOAD is one of these. */
bool loading_is(const struct query *query);

/* Copies query and text. */
void loading_ask(struct loading *loading, uint64_t token,
                 const struct query *query, struct span text);

void loading_drop(struct loading *loading, const struct effect_file *file);

/* Nothing is told any more; freed when the last job has come back. */
void loading_free(struct loading *loading);

#endif
