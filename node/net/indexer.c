/*
 * indexer.c - questions in one list, answers in another, a thread between.
 *
 * Invariants:
 *  (I1) lists and flags are touched under the lock alone;
 *  (I2) the index is touched by this thread alone;
 *  (I3) questions go before catching up; an answer is a copy, since the
 *       store's own memory is good for one query only.
 */
#include "node/net/indexer.h"

#include "crypto/secret.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct load {
    STAILQ_ENTRY(load) next;
    uint64_t     token;
    struct query query;
    uint8_t     *text;
    size_t       text_len;
    enum status  st;
    uint8_t     *answer;
    size_t       answer_len;
};

STAILQ_HEAD(loads, load);

struct indexer {
    struct indexer_store      store;
    const struct indexer_ops *ops;
    void                     *arg;
    uv_thread_t               thread;
    uv_mutex_t                lock; /* (I1) */
    uv_cond_t                 changed;
    uv_async_t                told;
    struct loads              asked;
    struct loads              answered;
    bool                      behind;
    bool                      stop;
    enum status               failed; /* OK: nothing to tell */
};

static uint8_t *
copy_of(struct span bytes)
{
    uint8_t *copy = malloc(bytes.len > 0 ? bytes.len : 1);

    if (copy == NULL)
        abort(); /* a LOAD must be answered */
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    return copy;
}

/* Questions and answers hold what people wrote. */
static void
load_free(struct load *load)
{
    if (load->answer != NULL)
        secret_wipe_bytes(load->answer, load->answer_len);
    secret_wipe_bytes(load->text, load->text_len);
    free(load->answer);
    free(load->text);
    free(load);
}

static void
loads_free(struct loads *loads)
{
    struct load *load;

    while ((load = STAILQ_FIRST(loads)) != NULL) {
        STAILQ_REMOVE_HEAD(loads, next);
        load_free(load);
    }
}

/* Both under the lock, which is let go while the store works. */
static void
answer(struct indexer *indexer)
{
    struct load *load = STAILQ_FIRST(&indexer->asked);
    struct span  text = {load->text, load->text_len};
    struct span  found = SPAN_EMPTY;

    STAILQ_REMOVE_HEAD(&indexer->asked, next);
    uv_mutex_unlock(&indexer->lock);
    load->st = indexer->store.query(indexer->store.arg, &load->query, text,
                                    &found);
    if (load->st != STATUS_OK)
        found = SPAN_EMPTY;
    load->answer = copy_of(found); /* (I3) */
    load->answer_len = found.len;
    uv_mutex_lock(&indexer->lock);
    STAILQ_INSERT_TAIL(&indexer->answered, load, next);
    uv_async_send(&indexer->told);
}

static void
catch_up(struct indexer *indexer)
{
    enum status st;

    indexer->behind = false;
    uv_mutex_unlock(&indexer->lock);
    st = indexer->store.catch_up(indexer->store.arg); /* (I2) */
    uv_mutex_lock(&indexer->lock);
    if (st != STATUS_OK) {
        indexer->failed = st;
        uv_async_send(&indexer->told);
    }
}

static void
thread_main(void *arg)
{
    struct indexer *indexer = arg;
    uint64_t        rested = uv_hrtime();

    uv_mutex_lock(&indexer->lock);
    while (!indexer->stop) {
        uint64_t now = uv_hrtime();

        if (!STAILQ_EMPTY(&indexer->asked)) {
            answer(indexer);
        } else if (!indexer->behind) {
            uv_cond_wait(&indexer->changed, &indexer->lock);
        } else if (now < rested) {
            uv_cond_timedwait(&indexer->changed, &indexer->lock, rested - now);
        } else {
            catch_up(indexer);
            rested = uv_hrtime() + INDEXER_REST_MS * 1000000ull;
        }
    }
    uv_mutex_unlock(&indexer->lock);
}

static void
on_told(uv_async_t *async)
{
    struct indexer *indexer = async->data;
    struct loads    answered = STAILQ_HEAD_INITIALIZER(answered);
    enum status     failed;
    struct load    *load;

    uv_mutex_lock(&indexer->lock);
    STAILQ_CONCAT(&answered, &indexer->answered);
    failed = indexer->failed;
    indexer->failed = STATUS_OK;
    uv_mutex_unlock(&indexer->lock);
    STAILQ_FOREACH(load, &answered, next)
        indexer->ops->loaded(indexer->arg, load->token, load->st,
                             (struct span){load->answer, load->answer_len});
    loads_free(&answered);
    if (failed != STATUS_OK)
        indexer->ops->failed(indexer->arg, failed);
}

struct indexer *
indexer_new(uv_loop_t *loop, const struct indexer_store *store,
            const struct indexer_ops *ops, void *arg)
{
    struct indexer *indexer = calloc(1, sizeof(*indexer));

    if (indexer == NULL)
        abort();
    indexer->store = *store;
    indexer->ops = ops;
    indexer->arg = arg;
    indexer->told.data = indexer;
    indexer->failed = STATUS_OK;
    STAILQ_INIT(&indexer->asked);
    STAILQ_INIT(&indexer->answered);
    if (uv_mutex_init(&indexer->lock) != 0 ||
        uv_cond_init(&indexer->changed) != 0 ||
        uv_async_init(loop, &indexer->told, on_told) != 0 ||
        uv_thread_create(&indexer->thread, thread_main, indexer) != 0)
        abort();
    return indexer;
}

void
indexer_ask(struct indexer *indexer, uint64_t token, const struct query *query,
            struct span text)
{
    struct load *load = calloc(1, sizeof(*load));

    if (load == NULL)
        abort();
    load->token = token;
    load->query = *query;
    load->text = copy_of(text);
    load->text_len = text.len;
    uv_mutex_lock(&indexer->lock);
    STAILQ_INSERT_TAIL(&indexer->asked, load, next);
    uv_cond_signal(&indexer->changed);
    uv_mutex_unlock(&indexer->lock);
}

void
indexer_behind(struct indexer *indexer)
{
    uv_mutex_lock(&indexer->lock);
    indexer->behind = true;
    uv_cond_signal(&indexer->changed);
    uv_mutex_unlock(&indexer->lock);
}

static void
on_closed(uv_handle_t *handle)
{
    struct indexer *indexer = handle->data;

    loads_free(&indexer->asked);
    loads_free(&indexer->answered);
    uv_mutex_destroy(&indexer->lock);
    uv_cond_destroy(&indexer->changed);
    free(indexer);
}

void
indexer_free(struct indexer *indexer)
{
    uv_mutex_lock(&indexer->lock);
    indexer->stop = true;
    uv_cond_signal(&indexer->changed);
    uv_mutex_unlock(&indexer->lock);
    uv_thread_join(&indexer->thread);
    uv_close((uv_handle_t *)&indexer->told, on_closed);
}
