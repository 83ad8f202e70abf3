/*
 * loading.c - a job for each LOAD and each DROP.
 *
 * Invariant: a job is touched by one thread at a time: it is handed over, and
 * comes back.
 */
#include "node/net/loading.h"

#include "node/net/log.h"

#include <stdlib.h>
#include <string.h>

struct loading {
    const struct loading_store *store;
    loading_fn                 *loaded;
    void                       *arg;
    uv_loop_t                  *loop;
    size_t                      jobs;
    bool                        stopped;
};

struct load_job {
    struct loading *loading;
    uv_work_t       work;
    uint64_t        token;
    struct query    query;
    void           *reading;
    enum status     st;
    size_t          answer_len;
    uint8_t         answer[LOADING_ANSWER];
    size_t          text_len;
    uint8_t         text[];
};

struct drop_job {
    struct loading    *loading;
    uv_work_t          work;
    struct effect_file file;
    enum status        st;
};

struct loading *
loading_new(uv_loop_t *loop, const struct loading_store *store,
            loading_fn *loaded, void *arg)
{
    struct loading *loading = calloc(1, sizeof(*loading));

    if (loading == NULL)
        abort();
    loading->loop = loop;
    loading->store = store;
    loading->loaded = loaded;
    loading->arg = arg;
    return loading;
}

static void
job_over(struct loading *loading)
{
    loading->jobs--;
    if (loading->stopped && loading->jobs == 0)
        free(loading);
}

/* --- loads ---------------------------------------------------------------- */

bool
loading_is(const struct query *query)
{
    return query->kind == QUERY_CHUNK || query->kind == QUERY_WHOLE ||
           query->kind == QUERY_STORED;
}

static void do_load(uv_work_t *work);

static void
on_load(uv_work_t *work, int error)
{
    struct load_job *job = work->data;
    struct loading  *loading = job->loading;

    if (error != 0)
        job->st = STATUS_IO;
    if (job->st == STATUS_AGAIN && !loading->stopped &&
        uv_queue_work(loading->loop, work, do_load, on_load) == 0)
        return;
    if (job->reading != NULL)
        loading->store->free(job->reading);
    if (!loading->stopped)
        loading->loaded(loading->arg, job->token, job->st,
                        (struct span){job->answer, job->answer_len});
    free(job);
    job_over(loading);
}

/* A slice of a WHOLE, or all of another. */
static void
do_load(uv_work_t *work)
{
    struct load_job            *job = work->data;
    const struct loading_store *store = job->loading->store;
    struct span                 text = {job->text, job->text_len};

    if (job->query.kind != QUERY_WHOLE) {
        job->st = store->query(store->arg, &job->query, text, job->answer,
                               &job->answer_len);
        return;
    }
    job->st = STATUS_OK;
    if (job->reading == NULL)
        job->st = store->begin(store->arg, &job->query, text, &job->reading);
    if (job->st == STATUS_OK)
        job->st = store->step(job->reading);
    if (job->st == STATUS_OK)
        job->st = store->end(job->reading, job->answer, &job->answer_len);
}

void
loading_ask(struct loading *loading, uint64_t token, const struct query *query,
            struct span text)
{
    struct load_job *job = malloc(sizeof(*job) + text.len);

    if (job == NULL)
        abort(); /* a LOAD must be answered */
    job->loading = loading;
    job->work.data = job;
    job->token = token;
    job->query = *query;
    job->reading = NULL;
    job->answer_len = 0;
    job->text_len = text.len;
    if (text.len > 0)
        memcpy(job->text, text.ptr, text.len);
    loading->jobs++;
    if (uv_queue_work(loading->loop, &job->work, do_load, on_load) != 0)
        abort();
}

/* --- drops ---------------------------------------------------------------- */

static void
on_drop(uv_work_t *work, int error)
{
    struct drop_job *job = work->data;
    struct loading  *loading = job->loading;

    if (error != 0 || job->st != STATUS_OK)
        log_say(LOG_WARN, "files",
                "an attachment's file that nobody needs could not be removed");
    free(job);
    job_over(loading);
}

static void
do_drop(uv_work_t *work)
{
    struct drop_job            *job = work->data;
    const struct loading_store *store = job->loading->store;

    job->st = store->drop(store->arg, &job->file);
}

void
loading_drop(struct loading *loading, const struct effect_file *file)
{
    struct drop_job *job = calloc(1, sizeof(*job));

    if (job == NULL)
        abort();
    job->loading = loading;
    job->work.data = job;
    job->file = *file;
    loading->jobs++;
    if (uv_queue_work(loading->loop, &job->work, do_drop, on_drop) != 0)
        abort();
}

void
loading_free(struct loading *loading)
{
    loading->stopped = true;
    loading->jobs++; /* for job_over() */
    job_over(loading);
}
