/*
 * tcp_world.h - two nodes' links in one loop on loopback, and plain sockets
 * of strangers, so that every byte they say, and every byte that comes back,
 * is seen.
 */
#ifndef TEST_TCP_WORLD_H
#define TEST_TCP_WORLD_H

#include "node/net/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EVENTS_MAX = 65536, PATIENCE_MS = 10000 };

/* One node's side: the events as they came. */
struct side {
    struct tcp  *tcp;
    uint16_t     port;
    struct event events[EVENTS_MAX]; /* bytes are copies */
    size_t       count;
    bool         full; /* the next frames are refused */
    uint64_t     lent;
    uint32_t     frame_max;
};

struct world {
    uv_loop_t   loop;
    struct side a;
    struct side b;
};

static inline enum status
on_post(void *arg, const struct event *event)
{
    struct side  *side = arg;
    struct event *slot;
    uint8_t      *copy = NULL;

    if (side->full && (event->kind == EVENT_LINK_FRAME ||
                       event->kind == EVENT_LINK_OPENED))
        return STATUS_FULL;
    assert_true(side->count < EVENTS_MAX);
    slot = &side->events[side->count++];
    *slot = *event;
    if (event->bytes.len > 0) {
        copy = malloc(event->bytes.len);
        assert_non_null(copy);
        memcpy(copy, event->bytes.ptr, event->bytes.len);
    }
    slot->bytes.ptr = copy;
    if (event->kind == EVENT_LINK_ROOM) {
        side->lent += event->room;
        side->frame_max = event->frame_max;
    }
    return STATUS_OK;
}

static const struct tcp_hooks hooks = {.post = on_post};

static inline void
forget_events(struct side *side)
{
    for (size_t i = 0; i < side->count; i++)
        free((void *)(uintptr_t)side->events[i].bytes.ptr);
    side->count = 0;
}

static inline int
setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->a.tcp = tcp_new(&world->loop, &hooks, &world->a);
    world->b.tcp = tcp_new(&world->loop, &hooks, &world->b);
    assert_int_equal(tcp_listen(world->a.tcp, span_text("127.0.0.1:0"),
                                &world->a.port),
                     STATUS_OK);
    *state = world;
    return 0;
}

static inline int
teardown(void **state)
{
    struct world *world = *state;

    tcp_stop(world->a.tcp);
    tcp_stop(world->b.tcp);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
    tcp_free(world->a.tcp);
    tcp_free(world->b.tcp);
    forget_events(&world->a);
    forget_events(&world->b);
    free(world);
    return 0;
}

static inline void
turn_loop(struct world *world)
{
    uv_run(&world->loop, UV_RUN_NOWAIT);
    tcp_flush(world->a.tcp);
    tcp_flush(world->b.tcp);
}

static inline void
run_ms(struct world *world, uint64_t ms)
{
    uint64_t end = uv_hrtime() + ms * 1000000;

    while (uv_hrtime() < end) {
        turn_loop(world);
        usleep(500);
    }
}

static inline size_t
count_of(const struct side *side, enum event_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < side->count; i++)
        count += side->events[i].kind == kind;
    return count;
}

/* Runs until the side has `count` events of this kind. */
static inline void
until(struct world *world, struct side *side, enum event_kind kind,
      size_t count)
{
    uint64_t end = uv_hrtime() + PATIENCE_MS * 1000000ull;

    while (count_of(side, kind) < count) {
        if (uv_hrtime() > end)
            fail_msg("event %d did not come", (int)kind);
        turn_loop(world);
        usleep(100);
    }
}

static inline const struct event *
nth(const struct side *side, enum event_kind kind, size_t n)
{
    for (size_t i = 0; i < side->count; i++)
        if (side->events[i].kind == kind && n-- == 0)
            return &side->events[i];
    fail_msg("no such event");
    return NULL;
}

/* --- strangers' sockets --------------------------------------------------- */

static inline int
call_with_buffer(const struct world *world, int receive_len)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(world->a.port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    if (receive_len > 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_len,
                   sizeof(receive_len));
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)),
                     0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

static inline int
call(const struct world *world)
{
    return call_with_buffer(world, 0);
}

static inline void
say(int fd, const void *bytes, size_t len)
{
    assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

/* Whether the other side closed; no byte may have come from it. */
static inline bool
is_closed_silently(int fd)
{
    uint8_t byte;
    ssize_t got = recv(fd, &byte, 1, 0);

    assert_true(got <= 0);
    return got == 0 || errno == ECONNRESET;
}

static inline void
until_closed(struct world *world, int fd)
{
    uint64_t end = uv_hrtime() + PATIENCE_MS * 1000000ull;

    while (!is_closed_silently(fd)) {
        if (uv_hrtime() > end)
            fail_msg("the link was not closed");
        turn_loop(world);
    }
    close(fd);
}

static inline void
expect_bytes(struct world *world, int fd, const void *bytes, size_t len)
{
    uint8_t  in[256];
    size_t   have = 0;
    uint64_t end = uv_hrtime() + PATIENCE_MS * 1000000ull;

    assert_true(len <= sizeof(in));
    while (have < len) {
        ssize_t got = recv(fd, in + have, len - have, 0);

        if (got > 0)
            have += (size_t)got;
        if (uv_hrtime() > end)
            fail_msg("the bytes did not come");
        turn_loop(world);
    }
    assert_memory_equal(in, bytes, len);
}

/* --- links ---------------------------------------------------------------- */

static inline void
dial(struct world *world, uint64_t link)
{
    char address[64];

    snprintf(address, sizeof(address), "127.0.0.1:%u", world->a.port);
    tcp_dial(world->b.tcp, link, span_text(address));
    until(world, &world->b, EVENT_LINK_ROOM, 1);
}

/* A link from b (number 2) to a that both know; a's number. */
static inline uint64_t
join(struct world *world)
{
    uint64_t link;

    dial(world, 2);
    tcp_send(world->b.tcp, 2, span_text("hello"));
    until(world, &world->a, EVENT_LINK_FRAME, 1);
    link = world->a.events[0].link;
    tcp_send(world->a.tcp, link, span_text("welcome"));
    until(world, &world->b, EVENT_LINK_FRAME, 1);
    return link;
}

#endif
