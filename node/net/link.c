/*
 * link.c - one TCP connection over libuv.
 *
 * Frames that are sent gather in one struct write, which link_flush() hands
 * to libuv whole: one system call a turn and link.
 *
 * Invariants:
 *  (I1) lent + queued <= the largest room_size so far, unless the sender took
 *       more than it was lent; past LINK_QUEUE_MAX the link ends;
 *  (I2) a stranger costs at most this struct and one frame, and no byte goes
 *       out to it;
 *  (I3) what link_ops.frame refused with FULL stands first in the backlog;
 *  (I4) a link that is not OPEN tells its owner nothing;
 *  (I5) it is freed when its last handle has closed, and not before.
 */
#include "node/net/link.h"

#include "node/net/frame.h"
#include "node/net/rate.h"
#include "node/net/sockopt.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LINK_QUEUE_MAX = 4 * LIMIT_ROOM_MAX,
    WRITE_FIRST = 2048 /* bytes of a small turn's frames */
};

struct write {
    uv_write_t   req;
    struct link *link;
    size_t       frames_len; /* without the lengths before them */
    size_t       len;
    size_t       cap;
    uint8_t      bytes[];
};

/* What only a link that ends in order needs. */
struct finish {
    uv_shutdown_t shutdown;
    uv_timer_t    deadline;
    bool          said;  /* our end is out */
    bool          heard; /* theirs is in */
};

enum link_state { LINK_OPEN, LINK_FINISHING, LINK_CLOSED };

struct link {
    uv_tcp_t            tcp;
    struct link_common *common;
    void               *tag;
    enum link_state     state;
    unsigned            handles; /* not yet closed (I5) */
    bool                stranger;
    bool                spoke; /* a stranger's one frame was passed on */
    bool                held;  /* FULL: the backlog waits */
    bool                reading;
    struct frame_reader in;
    uint8_t            *backlog; /* begins with a frame's length */
    size_t              backlog_len;
    struct write       *pending;
    struct finish      *finish;
    struct rate         rate;
    uint64_t            acked;
    uint64_t            written;
    uint64_t            lent;
    uint64_t            queued; /* pending or with libuv */
    uint32_t            room_size;
};

/* --- life ---------------------------------------------------------------- */

struct link *
link_new(struct link_common *common, void *tag)
{
    struct link *link = calloc(1, sizeof(*link));

    if (link == NULL)
        return NULL;
    link->common = common;
    link->tag = tag;
    link->room_size = LIMIT_ROOM_MIN;
    frame_reader_init(&link->in, FRAME_LINK_WIDTH);
    if (uv_tcp_init(common->loop, &link->tcp) != 0) {
        free(link);
        return NULL;
    }
    link->tcp.data = link;
    link->handles = 1;
    common->count++;
    return link;
}

static void
on_handle_closed(uv_handle_t *handle)
{
    struct link *link = handle->data;

    assert(link->handles > 0);
    if (--link->handles > 0)
        return;
    link->common->count--;
    frame_reader_clear(&link->in);
    free(link->backlog);
    free(link->pending);
    free(link->finish);
    free(link);
}

void
link_abort(struct link *link)
{
    if (link->state == LINK_CLOSED)
        return;
    link->state = LINK_CLOSED;
    link->reading = false;
    uv_close((uv_handle_t *)&link->tcp, on_handle_closed);
    if (link->finish != NULL)
        uv_close((uv_handle_t *)&link->finish->deadline, on_handle_closed);
}

/* It ends by itself: the owner is told, once. */
static void
end(struct link *link, enum status why)
{
    bool open = link->state == LINK_OPEN;

    link_abort(link);
    if (open)
        link->common->ops->ended(link->tag, why); /* (I4) */
}

static enum status
status_of(ssize_t error)
{
    if (error == UV_EOF)
        return STATUS_OK;
    return error == UV_ETIMEDOUT ? STATUS_TIMEOUT : STATUS_UNREACHABLE;
}

uv_stream_t *
link_stream(struct link *link)
{
    return (uv_stream_t *)&link->tcp;
}

enum status
link_adopt(struct link *link, int fd)
{
    if (uv_tcp_open(&link->tcp, fd) == 0)
        return STATUS_OK;
    close(fd);
    return STATUS_IO;
}

bool
link_is_stranger(const struct link *link)
{
    return link->stranger;
}

static int
descriptor(const struct link *link)
{
    uv_os_fd_t fd = -1;

    (void)uv_fileno((const uv_handle_t *)&link->tcp, &fd);
    return fd;
}

/* --- room ---------------------------------------------------------------- */

/* A change of less than a quarter is not worth a system call. */
static void
measure(struct link *link)
{
    uint64_t acked = sockopt_acked(descriptor(link), link->written);
    uint32_t room;

    if (acked > link->acked)
        link->acked = acked;
    rate_note(&link->rate, uv_now(link->common->loop), link->acked);
    room = rate_room(&link->rate);
    if (room >= link->room_size - link->room_size / 4 &&
        room <= link->room_size + link->room_size / 4)
        return;
    link->room_size = room;
    sockopt_unsent_max(descriptor(link), room);
}

/* Lends what is free, in pieces worth an event. */
void
link_lend(struct link *link)
{
    uint64_t used, room;

    if (link->state != LINK_OPEN)
        return;
    measure(link);
    used = link->lent + link->queued;
    if (used > link->room_size)
        return;
    room = link->room_size - used;
    if (room < link->room_size / 4)
        return;
    link->lent += room; /* (I1) */
    link->common->ops->room(link->tag, room, rate_frame_max(link->room_size));
}

/* --- writing ------------------------------------------------------------- */

static void
on_written(uv_write_t *req, int error)
{
    struct write *write = (struct write *)req;
    struct link  *link = write->link;

    link->written += write->len;
    link->queued -= write->frames_len;
    free(write);
    if (error < 0)
        end(link, status_of(error));
    else
        link_lend(link);
}

/* Room for `len` more bytes in what waits for link_flush(). */
static struct write *
pending_room(struct link *link, size_t len)
{
    struct write *write = link->pending;
    size_t        used = write == NULL ? 0 : write->len;
    size_t        cap = write == NULL ? WRITE_FIRST : 2 * write->cap;

    if (write != NULL && write->cap - used >= len)
        return write;
    if (cap < used + len)
        cap = used + len;
    write = realloc(write, sizeof(*write) + cap);
    if (write == NULL)
        return NULL;
    if (link->pending == NULL)
        *write = (struct write){.link = link};
    write->cap = cap;
    link->pending = write;
    return write;
}

static void update_reading(struct link *link);

void
link_send(struct link *link, struct span frame)
{
    struct write *write;

    assert(frame.len > 0 && frame.len <= LIMIT_FRAME);
    if (link->state != LINK_OPEN)
        return;
    write = pending_room(link, FRAME_LINK_WIDTH + frame.len);
    if (write == NULL || link->queued > LINK_QUEUE_MAX) {
        end(link, STATUS_FULL); /* (I1) */
        return;
    }
    frame_header(FRAME_LINK_WIDTH, frame.len, write->bytes + write->len);
    memcpy(write->bytes + write->len + FRAME_LINK_WIDTH, frame.ptr, frame.len);
    write->len += FRAME_LINK_WIDTH + frame.len;
    write->frames_len += frame.len;
    link->queued += frame.len;
    link->lent -= frame.len < link->lent ? frame.len : link->lent;
    if (link->stranger) {
        link->stranger = false;
        update_reading(link);
    }
}

void
link_flush(struct link *link)
{
    struct write *write = link->pending;
    uv_buf_t      buf;

    if (write == NULL || link->state == LINK_CLOSED)
        return;
    link->pending = NULL;
    link->common->ops->tap(link->tag, true,
                           (struct span){write->bytes, write->len});
    buf = uv_buf_init((char *)write->bytes, (unsigned)write->len);
    if (uv_write(&write->req, link_stream(link), &buf, 1, on_written) != 0) {
        free(write);
        end(link, STATUS_UNREACHABLE);
    }
}

/* --- reading ------------------------------------------------------------- */

/* Keeps the frame that was refused, and all behind it (I3). */
static void
hold(struct link *link, struct span frame, struct span rest)
{
    size_t   len = FRAME_LINK_WIDTH + frame.len + rest.len;
    uint8_t *backlog = malloc(len);

    if (backlog == NULL) {
        end(link, STATUS_FULL);
        return;
    }
    frame_header(FRAME_LINK_WIDTH, frame.len, backlog);
    memcpy(backlog + FRAME_LINK_WIDTH, frame.ptr, frame.len);
    if (rest.len > 0)
        memcpy(backlog + FRAME_LINK_WIDTH + frame.len, rest.ptr, rest.len);
    link->backlog = backlog;
    link->backlog_len = len;
    link->held = true;
    frame_reader_clear(&link->in);
    update_reading(link);
}

static void
take(struct link *link, struct span stream)
{
    size_t      len_max = link->stranger ? LIMIT_STRANGER_FRAME : LIMIT_FRAME;
    struct span frame;
    enum status st;

    while ((st = frame_next(&link->in, len_max, &stream, &frame)) ==
           STATUS_OK) {
        st = link->common->ops->frame(link->tag, frame);
        if (link->state != LINK_OPEN)
            return; /* the owner closed it */
        if (st == STATUS_FULL) {
            hold(link, frame, stream);
            return;
        }
        if (st != STATUS_OK)
            break;
        if (link->stranger) {
            assert(stream.len == 0); /* (I2) */
            link->spoke = true;
        }
    }
    if (st != STATUS_AGAIN)
        end(link, st);
    else
        update_reading(link);
}

/* A stranger is read exactly up to the end of what it began (I2). */
static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    struct link *link = handle->data;
    size_t       len = LINK_READ_LEN;

    (void)suggested;
    if (link->stranger)
        len = frame_missing(&link->in);
    assert(len > 0 && len <= LINK_READ_LEN);
    *out = uv_buf_init((char *)link->common->read, (unsigned)len);
}

static void
on_finishing_read(struct link *link, ssize_t got)
{
    if (got >= 0)
        return; /* said too late to be heard */
    link->finish->heard = true;
    if (got != UV_EOF || link->finish->said)
        link_abort(link);
    else
        uv_read_stop(link_stream(link));
}

static void
on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf)
{
    struct link *link = stream->data;
    struct span  bytes = {(const uint8_t *)buf->base, 0};

    if (link->state == LINK_FINISHING) {
        on_finishing_read(link, got);
        return;
    }
    if (got < 0) {
        end(link, status_of(got));
        return;
    }
    bytes.len = (size_t)got;
    if (got == 0)
        return;
    link->common->ops->tap(link->tag, false, bytes);
    take(link, bytes);
}

/* Reading goes on unless the owner is full or a stranger has had its say. */
static void
update_reading(struct link *link)
{
    bool wanted = !link->held && !(link->stranger && link->spoke);

    if (link->state != LINK_OPEN || wanted == link->reading)
        return;
    link->reading = wanted;
    if (!wanted)
        uv_read_stop(link_stream(link));
    else if (uv_read_start(link_stream(link), on_alloc, on_read) != 0)
        end(link, STATUS_UNREACHABLE);
}

enum status
link_start(struct link *link, bool stranger)
{
    enum status st = sockopt_link(descriptor(link));

    assert(link->state == LINK_OPEN && !link->reading);
    if (st != STATUS_OK)
        return st;
    sockopt_unsent_max(descriptor(link), link->room_size);
    link->stranger = stranger;
    if (uv_read_start(link_stream(link), on_alloc, on_read) != 0)
        return STATUS_IO;
    link->reading = true;
    return STATUS_OK;
}

void
link_resume(struct link *link)
{
    uint8_t    *backlog = link->backlog;
    struct span stream = {backlog, link->backlog_len};

    if (link->state != LINK_OPEN || !link->held)
        return;
    link->held = false;
    link->backlog = NULL;
    link->backlog_len = 0;
    take(link, stream);
    free(backlog);
}

/* --- the end in order ---------------------------------------------------- */

static void
on_deadline(uv_timer_t *timer)
{
    link_abort(timer->data);
}

static void
on_said(uv_shutdown_t *req, int error)
{
    struct link *link = req->data;

    if (link->state == LINK_CLOSED)
        return;
    link->finish->said = true;
    if (error < 0 || link->finish->heard)
        link_abort(link);
}

void
link_finish(struct link *link)
{
    struct finish *finish;

    if (link->state != LINK_OPEN)
        return;
    link->state = LINK_FINISHING; /* (I4) */
    finish = link->stranger ? NULL : calloc(1, sizeof(*finish));
    if (finish == NULL) {
        link_abort(link); /* to a stranger, not even an end (I2) */
        return;
    }
    uv_timer_init(link->common->loop, &finish->deadline);
    finish->deadline.data = finish->shutdown.data = link;
    link->handles++;
    link->finish = finish;
    uv_timer_start(&finish->deadline, on_deadline, LINK_FINISH_MS, 0);
    link_flush(link);
    if (link->state == LINK_CLOSED)
        return;
    if (uv_shutdown(&finish->shutdown, link_stream(link), on_said) != 0 ||
        (!link->reading &&
         uv_read_start(link_stream(link), on_alloc, on_read) != 0))
        link_abort(link);
}
