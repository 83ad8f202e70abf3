/*
 * handing.c - each answer is read by a job of its own.
 *
 * Invariant: at most HANDING_READS jobs are under way, each with one answer.
 */
#include "node/net/handing.h"

#include <stdlib.h>
#include <string.h>

struct read_job {
    struct handing *handing;
    uint64_t          client;
    uint64_t          id;
    uv_work_t         work;
    uint8_t           file[64];
    size_t            file_len;
    uint64_t          index;
    uint32_t          count;
    enum status       st;
    uint64_t          of;
    size_t            len;
    uint8_t           bytes[HANDING_ANSWER];
};

struct handing {
    const struct handing_store *store;
    const struct handing_ops   *ops;
    void                       *arg;
    uv_loop_t                  *loop;
    size_t                      read_count;
    bool                        stopped;
};

static void
free_if_unused(struct handing *handing)
{
    if (handing->stopped && handing->read_count == 0)
        free(handing);
}

static void
tell_read(struct read_job *job)
{
    Entente__Response      response = ENTENTE__RESPONSE__INIT;
    Entente__ChunkResponse chunk = ENTENTE__CHUNK_RESPONSE__INIT;

    response.id = job->id;
    response.last = true;
    response.kind_case = ENTENTE__RESPONSE__KIND_CHUNK;
    response.chunk = &chunk;
    chunk.index = job->index;
    chunk.of = job->of;
    chunk.chunks.data = job->bytes;
    chunk.chunks.len = job->len;
    job->handing->ops->answer(job->handing->arg, job->client, &response);
}

static void
on_read(uv_work_t *work, int error)
{
    struct read_job  *job = work->data;
    struct handing *handing = job->handing;

    handing->read_count--;
    if (error != 0)
        job->st = STATUS_IO;
    if (!handing->stopped && job->st == STATUS_OK)
        tell_read(job);
    else if (!handing->stopped)
        handing->ops->refuse(handing->arg, job->client, job->id, job->st,
                               job->st == STATUS_NOT_FOUND
                                   ? "no whole file of this name is here"
                                   : status_words(job->st));
    free(job);
    free_if_unused(handing);
}

static void
do_read(uv_work_t *work)
{
    struct read_job              *job = work->data;
    const struct handing_store *store = job->handing->store;

    job->st = store->read(store->arg, (struct span){job->file, job->file_len},
                          job->index, job->count, job->bytes,
                          sizeof(job->bytes), &job->len, &job->of);
}

void
handing_request(struct handing *handing, uint64_t client,
                const Entente__Request *asked)
{
    const Entente__ChunkRequest *request = asked->chunk;
    uint64_t                     id = asked->id;
    struct read_job             *job = NULL;

    if (request->file.len > sizeof(job->file)) {
        handing->ops->refuse(handing->arg, client, id, STATUS_BAD_FIELD,
                               "file is no name of an attachment");
        return;
    }
    if (handing->read_count < HANDING_READS)
        job = malloc(sizeof(*job));
    if (job == NULL) {
        handing->ops->refuse(handing->arg, client, id, STATUS_FULL,
                               "too many attachments are being read");
        return;
    }
    job->handing = handing;
    job->client = client;
    job->id = id;
    job->index = request->index;
    job->count = request->count;
    job->file_len = request->file.len;
    if (job->file_len > 0)
        memcpy(job->file, request->file.data, job->file_len);
    job->work.data = job;
    handing->read_count++;
    if (uv_queue_work(handing->loop, &job->work, do_read, on_read) != 0)
        on_read(&job->work, UV_ENOMEM);
}

struct handing *
handing_new(uv_loop_t *loop, const struct handing_store *store,
            const struct handing_ops *ops, void *arg)
{
    struct handing *handing = calloc(1, sizeof(*handing));

    if (handing == NULL)
        abort();
    handing->store = store;
    handing->ops = ops;
    handing->arg = arg;
    handing->loop = loop;
    return handing;
}

void
handing_free(struct handing *handing)
{
    handing->stopped = true;
    free_if_unused(handing);
}
