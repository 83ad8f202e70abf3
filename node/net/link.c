/*
 * link.c - a stream with room, and the little that a stranger gets.
 *
 * Invariants:
 *  (I1) lent + queued <= the largest room_size so far, unless the sender took
 *       more than it was lent; past LINK_QUEUE_MAX the link ends;
 *  (I2) a stranger costs at most its structs and one frame, and no byte goes
 *       out to it.
 */
#include "node/net/link.h"

#include "node/net/address.h"
#include "node/net/frame.h"
#include "node/net/rate.h"
#include "node/net/sockopt.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

enum { LINK_QUEUE_MAX = 4 * LIMIT_ROOM_MAX };

struct link {
    struct stream         *stream;
    struct stream_pool    *pool;
    const struct link_ops *ops;
    void                  *tag;
    bool                   stranger;
    struct rate            rate;
    uint64_t               sent; /* bytes of frames, in all */
    uint64_t               acked;
    uint64_t               lent;
    uint32_t               room_size;
};

/* --- room ---------------------------------------------------------------- */

/* A change of less than a quarter is not worth a system call. */
static void
measure(struct link *link)
{
    int      fd = stream_fd(link->stream);
    uint64_t taken = link->sent - stream_queued(link->stream);
    uint64_t acked = sockopt_acked(fd, taken);
    uint32_t room;

    if (acked > link->acked)
        link->acked = acked;
    rate_note(&link->rate, uv_now(link->pool->loop), link->acked);
    room = rate_room(&link->rate);
    if (room >= link->room_size - link->room_size / 4 &&
        room <= link->room_size + link->room_size / 4)
        return;
    link->room_size = room;
    sockopt_unsent_max(fd, room);
}

/* Lends what is free, in pieces worth an event. */
void
link_lend(struct link *link)
{
    uint64_t used, room;

    measure(link);
    used = link->lent + stream_queued(link->stream);
    if (used > link->room_size)
        return;
    room = link->room_size - used;
    if (room < link->room_size / 4)
        return;
    link->lent += room; /* (I1) */
    link->ops->room(link->tag, room, rate_frame_max(link->room_size));
}

static void
on_written(void *tag)
{
    link_lend(tag);
}

/* --- frames -------------------------------------------------------------- */

static enum status
on_frame(void *tag, struct span frame)
{
    struct link *link = tag;
    enum status  st = link->ops->frame(link->tag, frame);

    if (st == STATUS_OK && link->stranger)
        stream_pause(link->stream, true); /* (I2) */
    return st;
}

void
link_send(struct link *link, struct span frame)
{
    assert(frame.len > 0 && frame.len <= LIMIT_FRAME);
    if (stream_queued(link->stream) > LINK_QUEUE_MAX ||
        stream_send(link->stream, frame) != STATUS_OK) {
        struct stream *stream = link->stream; /* (I1) */

        link->ops->ended(link->tag, STATUS_FULL);
        stream_abort(stream);
        free(link);
        return;
    }
    link->sent += frame.len;
    link->lent -= frame.len < link->lent ? frame.len : link->lent;
    if (link->stranger) {
        link->stranger = false;
        stream_limit(link->stream, LIMIT_FRAME, false);
        stream_pause(link->stream, false);
    }
}

void
link_flush(struct link *link)
{
    stream_flush(link->stream);
}

void
link_resume(struct link *link)
{
    stream_resume(link->stream);
}

static void
on_tap(void *tag, bool out, struct span bytes)
{
    struct link *link = tag;

    link->ops->tap(link->tag, out, bytes);
}

/* --- life ---------------------------------------------------------------- */

static void
on_ended(void *tag, enum status why)
{
    struct link *link = tag;

    link->ops->ended(link->tag, why);
    free(link);
}

static const struct stream_ops stream_ops = {
    .width = FRAME_LINK_WIDTH,
    .frame = on_frame,
    .written = on_written,
    .ended = on_ended,
    .tap = on_tap,
};

struct link *
link_new(struct stream_pool *pool, const struct link_ops *ops, void *tag)
{
    struct link *link = calloc(1, sizeof(*link));

    if (link == NULL)
        abort();
    link->pool = pool;
    link->ops = ops;
    link->tag = tag;
    link->room_size = LIMIT_ROOM_MIN;
    link->stream = stream_new(pool, STREAM_TCP, &stream_ops, link);
    return link;
}

uv_stream_t *
link_handle(struct link *link)
{
    return stream_handle(link->stream);
}

uint64_t
link_source(struct link *link, const struct secret32 *key)
{
    const uv_tcp_t *tcp = (const uv_tcp_t *)stream_handle(link->stream);
    struct sockaddr_storage address = {0};
    int                     len = sizeof(address);

    if (uv_tcp_getpeername(tcp, (struct sockaddr *)&address, &len) != 0)
        return 0;
    return address_source(&address, key);
}

enum status
link_adopt(struct link *link, int fd)
{
    if (uv_tcp_open((uv_tcp_t *)stream_handle(link->stream), fd) == 0)
        return STATUS_OK;
    close(fd);
    return STATUS_IO;
}

enum status
link_start(struct link *link, bool stranger)
{
    int         fd = stream_fd(link->stream);
    enum status st = sockopt_link(fd);

    if (st != STATUS_OK)
        return st;
    sockopt_unsent_max(fd, link->room_size);
    link->stranger = stranger;
    return stream_start(link->stream,
                        stranger ? LIMIT_STRANGER_FRAME : LIMIT_FRAME,
                        stranger);
}

void
link_finish(struct link *link)
{
    if (link->stranger)
        stream_abort(link->stream); /* not even an end (I2) */
    else
        stream_finish(link->stream);
    free(link);
}

void
link_abort(struct link *link)
{
    stream_abort(link->stream);
    free(link);
}
