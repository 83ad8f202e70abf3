/*
 * attaching.c - a queue of pieces for each upload, one under way at a time.
 *
 * Invariants:
 *  (I1) an upload's store is touched by the job under way alone, and by the
 *       loop's thread while there is none;
 *  (I2) an upload whose client is gone is ended when its job has come back;
 *  (I3) all counts are bounded by the enum of the header.
 */
#include "node/net/attaching.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct piece {
    STAILQ_ENTRY(piece) next;
    uint64_t id;
    bool     whole;
    size_t   len;
    uint8_t  bytes[];
};

struct upload_job {
    TAILQ_ENTRY(upload_job) next;
    struct attaching *attaching;
    uint64_t          client; /* 0: gone */
    uint64_t          number;
    void             *upload; /* NULL until begun */
    uint64_t          stored;
    STAILQ_HEAD(, piece) pieces;
    size_t            piece_count;
    bool              busy; /* (I1) */
    bool              done; /* nothing more is taken */
    uv_work_t         work;
    struct piece     *piece; /* under way */
    enum status       st;
    struct digest     digest;
};

/* A whole file whose message has not come. */
struct kept {
    TAILQ_ENTRY(kept) next;
    struct attaching *attaching;
    uint64_t          client; /* 0: gone */
    uint64_t          gone_ms;
    struct digest     digest;
    uv_work_t         work;
};

struct attaching {
    const struct attaching_store *store;
    const struct attaching_ops   *ops;
    void                         *arg;
    uv_loop_t                    *loop;
    uv_timer_t                    sweep;
    uint64_t                      grace_ms;
    TAILQ_HEAD(, upload_job) uploads;
    TAILQ_HEAD(, kept) kept;
    size_t   upload_count;
    uint64_t last_number;
    size_t   working; /* jobs on other threads */
    bool     stopped;
    bool     closed;
};

static void
free_if_unused(struct attaching *attaching)
{
    if (attaching->closed && attaching->working == 0)
        free(attaching);
}

/* --- uploads -------------------------------------------------------------- */

static void run_next(struct upload_job *job);
static void on_sweep(uv_timer_t *timer);

static void
pieces_free(struct upload_job *job)
{
    struct piece *piece;

    while ((piece = STAILQ_FIRST(&job->pieces)) != NULL) {
        STAILQ_REMOVE_HEAD(&job->pieces, next);
        free(piece);
    }
    job->piece_count = 0;
}

static void
on_ended(uv_work_t *work, int error)
{
    struct upload_job *job = work->data;
    struct attaching  *attaching = job->attaching;

    (void)error;
    attaching->working--;
    free(job);
    free_if_unused(attaching);
}

static void
do_end(uv_work_t *work)
{
    struct upload_job *job = work->data;

    job->attaching->store->end(job->upload);
}

/* (I2) Its files go on another thread. */
static void
job_end(struct upload_job *job)
{
    struct attaching *attaching = job->attaching;

    pieces_free(job);
    TAILQ_REMOVE(&attaching->uploads, job, next);
    attaching->upload_count--;
    attaching->working++;
    if (job->upload == NULL ||
        uv_queue_work(attaching->loop, &job->work, do_end, on_ended) != 0)
        on_ended(&job->work, 0);
}

static void
keep(struct attaching *attaching, uint64_t client, const struct digest *digest)
{
    struct kept *kept = calloc(1, sizeof(*kept));

    if (kept == NULL)
        abort();
    kept->attaching = attaching;
    kept->client = client;
    kept->work.data = kept;
    kept->gone_ms = uv_now(attaching->loop);
    kept->digest = *digest;
    TAILQ_INSERT_TAIL(&attaching->kept, kept, next);
    if (!attaching->stopped && !uv_is_active((uv_handle_t *)&attaching->sweep))
        uv_timer_start(&attaching->sweep, on_sweep, attaching->grace_ms,
                       attaching->grace_ms);
}

static void
tell_taken(const struct upload_job *job, const struct piece *piece)
{
    Entente__Response       response = ENTENTE__RESPONSE__INIT;
    Entente__AttachResponse attach = ENTENTE__ATTACH_RESPONSE__INIT;

    response.id = piece->id;
    response.last = true;
    response.kind_case = ENTENTE__RESPONSE__KIND_ATTACH;
    response.attach = &attach;
    attach.upload = job->number;
    attach.stored = job->stored;
    if (piece->whole) {
        attach.digest.data = (uint8_t *)(uintptr_t)job->digest.bytes;
        attach.digest.len = sizeof(job->digest.bytes);
    }
    job->attaching->ops->answer(job->attaching->arg, job->client, &response);
}

static const char *
upload_words(enum status st)
{
    switch (st) {
    case STATUS_NO_SPACE:
        return "the node's disk has no room for this attachment";
    case STATUS_BAD_ENCODING:
        return "these are no sealed chunks, each whole, the last one alone "
               "shorter";
    case STATUS_TOO_LARGE:
        return "an attachment has at most 64 GiB";
    case STATUS_BAD_STATE:
        return "an attachment has one chunk at least";
    default:
        return status_words(st);
    }
}

static void
on_put(uv_work_t *work, int error)
{
    struct upload_job *job = work->data;
    struct attaching  *attaching = job->attaching;
    struct piece      *piece = job->piece;

    job->busy = false;
    job->piece = NULL;
    if (error != 0)
        job->st = STATUS_IO;
    if (job->st == STATUS_OK) {
        job->stored += piece->len;
        job->done = piece->whole;
        if (piece->whole)
            keep(attaching, job->client, &job->digest);
    }
    if (!attaching->stopped && job->client != 0 && job->st == STATUS_OK)
        tell_taken(job, piece);
    else if (!attaching->stopped && job->client != 0)
        attaching->ops->refuse(attaching->arg, job->client, piece->id, job->st,
                               upload_words(job->st));
    free(piece);
    if (job->done || job->st != STATUS_OK || job->client == 0 ||
        attaching->stopped)
        job_end(job);
    else
        run_next(job);
    attaching->working--;
    free_if_unused(attaching);
}

static void
do_put(uv_work_t *work)
{
    struct upload_job            *job = work->data;
    struct piece                 *piece = job->piece;
    const struct attaching_store *store = job->attaching->store;

    job->st = store->room(store->arg, piece->len) ? STATUS_OK
                                                  : STATUS_NO_SPACE;
    if (job->st == STATUS_OK && job->upload == NULL)
        job->st = store->begin(store->arg, job->number, &job->upload);
    if (job->st == STATUS_OK)
        job->st = store->put(job->upload,
                             (struct span){piece->bytes, piece->len});
    if (job->st == STATUS_OK && piece->whole)
        job->st = store->finish(job->upload, &job->digest);
}

static void
run_next(struct upload_job *job)
{
    struct piece *piece = STAILQ_FIRST(&job->pieces);

    if (job->busy || piece == NULL)
        return;
    STAILQ_REMOVE_HEAD(&job->pieces, next);
    job->piece_count--;
    job->piece = piece;
    job->busy = true; /* (I1) */
    job->attaching->working++;
    if (uv_queue_work(job->attaching->loop, &job->work, do_put, on_put) != 0)
        on_put(&job->work, UV_ENOMEM);
}

static struct upload_job *
find_upload(struct attaching *attaching, uint64_t client, uint64_t number)
{
    struct upload_job *job;

    TAILQ_FOREACH(job, &attaching->uploads, next)
        if (job->number == number && job->client == client)
            return job;
    return NULL;
}

/* NULL: there are too many (I3). */
static struct upload_job *
new_upload(struct attaching *attaching, uint64_t client)
{
    struct upload_job *job;

    if (attaching->upload_count == ATTACHING_UPLOADS)
        return NULL;
    job = calloc(1, sizeof(*job));
    if (job == NULL)
        return NULL;
    job->attaching = attaching;
    job->client = client;
    job->number = ++attaching->last_number;
    job->st = STATUS_OK;
    job->work.data = job;
    STAILQ_INIT(&job->pieces);
    TAILQ_INSERT_TAIL(&attaching->uploads, job, next);
    attaching->upload_count++;
    return job;
}

/* No piece may be missing: one that is not taken ends the whole. */
static void
refuse_piece(struct upload_job *job, uint64_t id, const char *words)
{
    struct attaching *attaching = job->attaching;

    attaching->ops->refuse(attaching->arg, job->client, id, STATUS_FULL, words);
    job->client = 0;
    if (!job->busy) /* (I2) */
        job_end(job);
}

/* Why a piece is not taken; NULL: it is in the queue. */
static const char *
take_piece(struct upload_job *job, uint64_t id,
           const Entente__AttachRequest *request)
{
    struct piece *piece;

    if (job->piece_count == ATTACHING_AHEAD)
        return "too many pieces of this attachment are under way";
    piece = malloc(sizeof(*piece) + request->chunks.len);
    if (piece == NULL)
        return "no memory for this piece";
    piece->id = id;
    piece->whole = request->whole;
    piece->len = request->chunks.len;
    if (piece->len > 0)
        memcpy(piece->bytes, request->chunks.data, piece->len);
    STAILQ_INSERT_TAIL(&job->pieces, piece, next);
    job->piece_count++;
    return NULL;
}

void
attaching_request(struct attaching *attaching, uint64_t client,
                  const Entente__Request *asked)
{
    const Entente__AttachRequest *request = asked->attach;
    uint64_t                      id = asked->id;
    struct upload_job *job = request->upload == 0
                                 ? new_upload(attaching, client)
                                 : find_upload(attaching, client,
                                               request->upload);
    const char        *words;

    if (job == NULL) {
        attaching->ops->refuse(
            attaching->arg, client, id,
            request->upload == 0 ? STATUS_FULL : STATUS_NOT_FOUND,
            request->upload == 0
                ? "too many attachments are being brought to this node"
                : "no attachment of this number is being brought");
        return;
    }
    words = take_piece(job, id, request);
    if (words != NULL)
        refuse_piece(job, id, words);
    else
        run_next(job);
}

/* --- whole ones that nobody names ----------------------------------------- */

static void
on_removed(uv_work_t *work, int error)
{
    struct kept      *kept = work->data;
    struct attaching *attaching = kept->attaching;

    (void)error;
    attaching->working--;
    free(kept);
    free_if_unused(attaching);
}

static void
do_remove(uv_work_t *work)
{
    struct kept                  *kept = work->data;
    const struct attaching_store *store = kept->attaching->store;

    if (store->remove(store->arg, &kept->digest) != STATUS_OK) {
        /* It stays, and takes room; nothing relies on its going. */
    }
}

/* Its client is gone, long enough for its message to have been taken. */
static void
settle(struct attaching *attaching, struct kept *kept)
{
    TAILQ_REMOVE(&attaching->kept, kept, next);
    if (attaching->ops->named(attaching->arg, &kept->digest)) {
        free(kept);
        return;
    }
    attaching->working++;
    if (uv_queue_work(attaching->loop, &kept->work, do_remove, on_removed) !=
        0)
        on_removed(&kept->work, 0);
}

static void
on_sweep(uv_timer_t *timer)
{
    struct attaching *attaching = timer->data;
    uint64_t          now = uv_now(timer->loop);
    struct kept      *kept = TAILQ_FIRST(&attaching->kept);

    while (kept != NULL) {
        struct kept *next = TAILQ_NEXT(kept, next);

        if (kept->client == 0 && now - kept->gone_ms >= attaching->grace_ms)
            settle(attaching, kept);
        kept = next;
    }
    if (TAILQ_EMPTY(&attaching->kept))
        uv_timer_stop(timer);
}

void
attaching_gone(struct attaching *attaching, uint64_t client)
{
    struct upload_job *job = TAILQ_FIRST(&attaching->uploads);
    struct kept       *kept;

    while (job != NULL) {
        struct upload_job *next = TAILQ_NEXT(job, next);

        if (job->client == client) {
            job->client = 0;
            if (!job->busy) /* (I2) */
                job_end(job);
        }
        job = next;
    }
    TAILQ_FOREACH(kept, &attaching->kept, next)
    {
        if (kept->client != client)
            continue;
        kept->client = 0;
        kept->gone_ms = uv_now(attaching->loop);
    }
}

/* --- life ----------------------------------------------------------------- */

struct attaching *
attaching_new(uv_loop_t *loop, const struct attaching_store *store,
              const struct attaching_ops *ops, void *arg, uint64_t grace_ms)
{
    struct attaching *attaching = calloc(1, sizeof(*attaching));

    if (attaching == NULL)
        abort();
    attaching->store = store;
    attaching->ops = ops;
    attaching->arg = arg;
    attaching->loop = loop;
    attaching->grace_ms = grace_ms;
    TAILQ_INIT(&attaching->uploads);
    TAILQ_INIT(&attaching->kept);
    uv_timer_init(loop, &attaching->sweep);
    attaching->sweep.data = attaching;
    return attaching;
}

static void
on_closed(uv_handle_t *handle)
{
    struct attaching *attaching = handle->data;

    attaching->closed = true;
    free_if_unused(attaching);
}

void
attaching_free(struct attaching *attaching)
{
    struct upload_job *job = TAILQ_FIRST(&attaching->uploads);
    struct kept       *kept;

    attaching->stopped = true;
    while (job != NULL) {
        struct upload_job *next = TAILQ_NEXT(job, next);

        if (!job->busy)
            job_end(job);
        job = next;
    }
    while ((kept = TAILQ_FIRST(&attaching->kept)) != NULL) {
        TAILQ_REMOVE(&attaching->kept, kept, next);
        free(kept);
    }
    uv_close((uv_handle_t *)&attaching->sweep, on_closed);
}
