/*
 * committer.c - a thread that waits for a commit, does it, and says so.
 *
 *      IDLE --start--> WAITING --taken--> WORKING --done--> DONE --told--> IDLE
 *
 * Invariants:
 *  (I1) `state`, `job` and the answers are touched under the lock alone;
 *  (I2) the store is touched by this thread alone.
 */
#include "node/net/committer.h"

#include <assert.h>
#include <stdlib.h>

enum committer_state {
    COMMITTER_IDLE,
    COMMITTER_WAITING,
    COMMITTER_WORKING,
    COMMITTER_DONE
};

struct committer {
    struct committer_store store;
    committer_fn          *committed;
    void                  *arg;
    uv_thread_t            thread;
    uv_mutex_t             lock; /* (I1) */
    uv_cond_t              changed;
    uv_async_t             told;
    enum committer_state   state;
    bool                   stop;
    const struct effects  *job;
    enum status            answer;
    bool                   snapshot_due;
};

/* Under the lock, which is let go while the store works. */
static void
work(struct committer *committer)
{
    const struct committer_store *store = &committer->store;
    enum status                   st;
    bool                          due;

    committer->state = COMMITTER_WORKING;
    uv_mutex_unlock(&committer->lock);
    st = store->commit(store->arg, committer->job); /* (I2) */
    due = st == STATUS_OK && store->snapshot_due(store->arg);
    uv_mutex_lock(&committer->lock);
    committer->answer = st;
    committer->snapshot_due = due;
    committer->state = COMMITTER_DONE;
    uv_async_send(&committer->told);
}

static void
thread_main(void *arg)
{
    struct committer *committer = arg;

    uv_mutex_lock(&committer->lock);
    while (!committer->stop) {
        if (committer->state == COMMITTER_WAITING)
            work(committer);
        else
            uv_cond_wait(&committer->changed, &committer->lock);
    }
    uv_mutex_unlock(&committer->lock);
}

static void
on_told(uv_async_t *async)
{
    struct committer *committer = async->data;
    enum status       st;
    bool              due, done;

    uv_mutex_lock(&committer->lock);
    done = committer->state == COMMITTER_DONE;
    if (done)
        committer->state = COMMITTER_IDLE;
    st = committer->answer;
    due = committer->snapshot_due;
    uv_mutex_unlock(&committer->lock);
    if (done)
        committer->committed(committer->arg, st, due);
}

struct committer *
committer_new(uv_loop_t *loop, const struct committer_store *store,
              committer_fn *committed, void *arg)
{
    struct committer *committer = calloc(1, sizeof(*committer));

    if (committer == NULL)
        abort();
    committer->store = *store;
    committer->committed = committed;
    committer->arg = arg;
    committer->told.data = committer;
    if (uv_mutex_init(&committer->lock) != 0 ||
        uv_cond_init(&committer->changed) != 0 ||
        uv_async_init(loop, &committer->told, on_told) != 0 ||
        uv_thread_create(&committer->thread, thread_main, committer) != 0)
        abort();
    return committer;
}

void
committer_start(struct committer *committer, const struct effects *effects)
{
    uv_mutex_lock(&committer->lock);
    assert(committer->state == COMMITTER_IDLE);
    committer->job = effects;
    committer->state = COMMITTER_WAITING;
    uv_cond_signal(&committer->changed);
    uv_mutex_unlock(&committer->lock);
}

static void
on_closed(uv_handle_t *handle)
{
    struct committer *committer = handle->data;

    uv_mutex_destroy(&committer->lock);
    uv_cond_destroy(&committer->changed);
    free(committer);
}

void
committer_free(struct committer *committer)
{
    uv_mutex_lock(&committer->lock);
    committer->stop = true;
    uv_cond_signal(&committer->changed);
    uv_mutex_unlock(&committer->lock);
    uv_thread_join(&committer->thread);
    uv_close((uv_handle_t *)&committer->told, on_closed);
}
