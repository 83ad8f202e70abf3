/*
 * stream.c - frames over a libuv stream.
 *
 * Invariants:
 *  (I1) a stream that is not OPEN tells its owner nothing;
 *  (I2) what came and was not passed on stands in the backlog, at the
 *       beginning of a frame, and nothing is read while it does;
 *  (I3) it is freed when its last handle has closed, and not before;
 *  (I4) a struct write is either pending or with libuv, whose callback frees
 *       it.
 */
#include "node/net/stream.h"

#include "node/net/frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE_FIRST = 2048 /* bytes of a small turn's frames */ };

struct write {
    uv_write_t     req;
    struct stream *stream;
    size_t         frames_len; /* without the lengths before them */
    size_t         len;
    size_t         cap;
    uint8_t        bytes[];
};

/* What only a stream that ends in order needs. */
struct finish {
    uv_shutdown_t shutdown;
    uv_timer_t    deadline;
    bool          said;  /* our end is out */
    bool          heard; /* theirs is in */
};

enum stream_state { STREAM_OPEN, STREAM_FINISHING, STREAM_CLOSED };

struct stream {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t    tcp;
        uv_pipe_t   pipe;
    } uv;
    struct stream_pool      *pool;
    const struct stream_ops *ops;
    void                    *tag;
    enum stream_state        state;
    unsigned                 handles; /* not yet closed (I3) */
    size_t                   len_max;
    bool                     exact;
    bool                     held;   /* FULL: the owner will resume it */
    bool                     paused; /* by the owner */
    bool                     taking; /* take() is on the stack */
    bool                     reading;
    struct frame_reader      in;
    uint8_t                 *backlog; /* (I2) */
    size_t                   backlog_len;
    struct write            *pending; /* (I4) */
    size_t                   queued;
    struct finish           *finish;
};

/* --- life ---------------------------------------------------------------- */

struct stream *
stream_new(struct stream_pool *pool, enum stream_kind kind,
           const struct stream_ops *ops, void *tag)
{
    struct stream *stream = calloc(1, sizeof(*stream));
    int            error;

    if (stream == NULL)
        abort();
    stream->pool = pool;
    stream->ops = ops;
    stream->tag = tag;
    frame_reader_init(&stream->in, ops->width);
    error = kind == STREAM_TCP ? uv_tcp_init(pool->loop, &stream->uv.tcp)
                               : uv_pipe_init(pool->loop, &stream->uv.pipe, 0);
    if (error != 0)
        abort();
    stream->uv.handle.data = stream;
    stream->handles = 1;
    pool->count++;
    return stream;
}

static void
on_handle_closed(uv_handle_t *handle)
{
    struct stream *stream = handle->data;

    assert(stream->handles > 0);
    if (--stream->handles > 0)
        return;
    stream->pool->count--;
    frame_reader_clear(&stream->in);
    free(stream->backlog);
    free(stream->pending);
    free(stream->finish);
    free(stream);
}

void
stream_abort(struct stream *stream)
{
    if (stream->state == STREAM_CLOSED)
        return;
    stream->state = STREAM_CLOSED;
    uv_close(&stream->uv.handle, on_handle_closed);
    if (stream->finish != NULL)
        uv_close((uv_handle_t *)&stream->finish->deadline, on_handle_closed);
}

/* It ends by itself: the owner is told, once. */
static void
end(struct stream *stream, enum status why)
{
    bool open = stream->state == STREAM_OPEN;

    stream_abort(stream);
    if (open)
        stream->ops->ended(stream->tag, why); /* (I1) */
}

static enum status
status_of(ssize_t error)
{
    if (error == UV_EOF)
        return STATUS_OK;
    return error == UV_ETIMEDOUT ? STATUS_TIMEOUT : STATUS_UNREACHABLE;
}

uv_stream_t *
stream_handle(struct stream *stream)
{
    return &stream->uv.stream;
}

int
stream_fd(const struct stream *stream)
{
    uv_os_fd_t fd = -1;

    (void)uv_fileno(&stream->uv.handle, &fd);
    return fd;
}

/* --- writing ------------------------------------------------------------- */

/* Room for `len` more bytes in what waits for stream_flush(). */
static struct write *
pending_room(struct stream *stream, size_t len)
{
    struct write *write = stream->pending;
    size_t        used = write == NULL ? 0 : write->len;
    size_t        cap = write == NULL ? WRITE_FIRST : 2 * write->cap;

    if (write != NULL && write->cap - used >= len)
        return write;
    if (cap < used + len)
        cap = used + len;
    write = realloc(write, sizeof(*write) + cap);
    if (write == NULL)
        return NULL;
    if (stream->pending == NULL)
        *write = (struct write){.stream = stream};
    write->cap = cap;
    stream->pending = write;
    return write;
}

enum status
stream_send(struct stream *stream, struct span frame)
{
    size_t        width = stream->ops->width;
    struct write *write;

    assert(frame.len > 0);
    if (stream->state != STREAM_OPEN)
        return STATUS_OK; /* the owner will hear of it */
    write = pending_room(stream, width + frame.len);
    if (write == NULL)
        return STATUS_FULL;
    frame_header(width, frame.len, write->bytes + write->len);
    memcpy(write->bytes + write->len + width, frame.ptr, frame.len);
    write->len += width + frame.len;
    write->frames_len += frame.len;
    stream->queued += frame.len;
    return STATUS_OK;
}

static void
on_written(uv_write_t *req, int error)
{
    struct write  *write = (struct write *)req;
    struct stream *stream = write->stream;

    stream->queued -= write->frames_len;
    free(write);
    if (error < 0)
        end(stream, status_of(error));
    else if (stream->state == STREAM_OPEN)
        stream->ops->written(stream->tag);
}

void
stream_flush(struct stream *stream)
{
    struct write *write = stream->pending;
    uv_buf_t      buf;

    if (write == NULL || stream->state == STREAM_CLOSED)
        return;
    stream->pending = NULL;
    if (stream->ops->tap != NULL)
        stream->ops->tap(stream->tag, true,
                         (struct span){write->bytes, write->len});
    buf = uv_buf_init((char *)write->bytes, (unsigned)write->len);
    if (uv_write(&write->req, &stream->uv.stream, &buf, 1, on_written) != 0) {
        free(write);
        end(stream, STATUS_UNREACHABLE);
    }
}

size_t
stream_queued(const struct stream *stream)
{
    return stream->queued;
}

/* --- reading ------------------------------------------------------------- */

/* Keeps a frame that was refused, and all behind it (I2). */
static void
keep(struct stream *stream, struct span frame, struct span rest)
{
    size_t   width = frame.len > 0 ? stream->ops->width : 0;
    size_t   len = width + frame.len + rest.len;
    uint8_t *backlog;

    assert(stream->backlog == NULL);
    if (len == 0)
        return;
    backlog = malloc(len);
    if (backlog == NULL) {
        end(stream, STATUS_FULL);
        return;
    }
    if (frame.len > 0) {
        frame_header(width, frame.len, backlog);
        memcpy(backlog + width, frame.ptr, frame.len);
    }
    if (rest.len > 0)
        memcpy(backlog + width + frame.len, rest.ptr, rest.len);
    stream->backlog = backlog;
    stream->backlog_len = len;
}

/* Passes frames on until the stream is used up, the owner full or paused, or
 * a length wrong. */
static void
take(struct stream *stream, struct span bytes)
{
    struct span frame = SPAN_EMPTY;
    enum status st = STATUS_OK;

    while (st == STATUS_OK && !stream->paused) {
        st = frame_next(&stream->in, stream->len_max, &bytes, &frame);
        if (st != STATUS_OK)
            break;
        st = stream->ops->frame(stream->tag, frame);
        if (stream->state != STREAM_OPEN)
            return; /* the owner ended it */
        stream->held = st == STATUS_FULL;
        if (stream->held) {
            keep(stream, frame, bytes);
            return;
        }
    }
    if (st == STATUS_OK)
        keep(stream, SPAN_EMPTY, bytes); /* paused */
    else if (st != STATUS_AGAIN)
        end(stream, st);
}

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    struct stream *stream = handle->data;
    size_t         len = STREAM_READ_LEN;

    (void)suggested;
    if (stream->exact && frame_missing(&stream->in) < len)
        len = frame_missing(&stream->in);
    assert(len > 0);
    *out = uv_buf_init((char *)stream->pool->read, (unsigned)len);
}

static void
on_finishing_read(struct stream *stream, ssize_t got)
{
    if (got >= 0)
        return; /* said too late to be heard */
    stream->finish->heard = true;
    if (got != UV_EOF || stream->finish->said)
        stream_abort(stream);
    else
        uv_read_stop(&stream->uv.stream);
}

static void update_reading(struct stream *stream);

/* Guards take() against being entered from within. */
static void
take_guarded(struct stream *stream, struct span bytes)
{
    assert(!stream->taking);
    stream->taking = true;
    take(stream, bytes);
    stream->taking = false;
    update_reading(stream);
}

static void
on_read(uv_stream_t *handle, ssize_t got, const uv_buf_t *buf)
{
    struct stream *stream = handle->data;
    struct span    bytes = {(const uint8_t *)buf->base, 0};

    if (stream->state == STREAM_FINISHING) {
        on_finishing_read(stream, got);
        return;
    }
    if (got < 0) {
        end(stream, status_of(got));
        return;
    }
    bytes.len = (size_t)got;
    if (stream->ops->tap != NULL && got > 0)
        stream->ops->tap(stream->tag, false, bytes);
    take_guarded(stream, bytes);
}

/* Reading goes on unless something stands in the way (I2). */
static void
update_reading(struct stream *stream)
{
    bool wanted =
        !stream->held && !stream->paused && stream->backlog == NULL;

    if (stream->state != STREAM_OPEN || wanted == stream->reading)
        return;
    stream->reading = wanted;
    if (!wanted)
        uv_read_stop(&stream->uv.stream);
    else if (uv_read_start(&stream->uv.stream, on_alloc, on_read) != 0)
        end(stream, STATUS_UNREACHABLE);
}

/* What stood in the way is gone: first the backlog, then the kernel. */
static void
go_on(struct stream *stream)
{
    uint8_t    *backlog = stream->backlog;
    struct span bytes = {backlog, stream->backlog_len};

    if (stream->state != STREAM_OPEN || stream->taking || stream->held ||
        stream->paused)
        return;
    stream->backlog = NULL;
    stream->backlog_len = 0;
    if (backlog != NULL)
        take_guarded(stream, bytes);
    else
        update_reading(stream);
    free(backlog);
}

enum status
stream_start(struct stream *stream, size_t len_max, bool exact)
{
    assert(stream->state == STREAM_OPEN && !stream->reading);
    stream_limit(stream, len_max, exact);
    if (uv_read_start(&stream->uv.stream, on_alloc, on_read) != 0)
        return STATUS_IO;
    stream->reading = true;
    return STATUS_OK;
}

void
stream_limit(struct stream *stream, size_t len_max, bool exact)
{
    stream->len_max = len_max;
    stream->exact = exact;
}

void
stream_pause(struct stream *stream, bool paused)
{
    stream->paused = paused;
    if (!paused)
        go_on(stream);
    else if (!stream->taking)
        update_reading(stream);
}

void
stream_resume(struct stream *stream)
{
    stream->held = false;
    go_on(stream);
}

/* --- the end in order ---------------------------------------------------- */

static void
on_deadline(uv_timer_t *timer)
{
    stream_abort(timer->data);
}

static void
on_said(uv_shutdown_t *req, int error)
{
    struct stream *stream = req->data;

    if (stream->state == STREAM_CLOSED)
        return;
    stream->finish->said = true;
    if (error < 0 || stream->finish->heard)
        stream_abort(stream);
}

void
stream_finish(struct stream *stream)
{
    struct finish *finish;

    if (stream->state != STREAM_OPEN)
        return;
    stream->state = STREAM_FINISHING; /* (I1) */
    finish = calloc(1, sizeof(*finish));
    if (finish == NULL) {
        stream_abort(stream);
        return;
    }
    uv_timer_init(stream->pool->loop, &finish->deadline);
    finish->deadline.data = finish->shutdown.data = stream;
    stream->handles++;
    stream->finish = finish;
    uv_timer_start(&finish->deadline, on_deadline, STREAM_FINISH_MS, 0);
    stream_flush(stream);
    if (stream->state == STREAM_CLOSED)
        return;
    if (uv_shutdown(&finish->shutdown, &stream->uv.stream, on_said) != 0 ||
        (!stream->reading &&
         uv_read_start(&stream->uv.stream, on_alloc, on_read) != 0))
        stream_abort(stream);
}
