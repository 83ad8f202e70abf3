/*
 * dial.c - resolve, then connect to one address after the other.
 *
 *      WAITING --name--> RESOLVING --> CONNECTING --done, none left--> over
 *          +-----numeric-----------------^  |  ^
 *                                           +--+ next address
 *
 * Invariants:
 *  (I1) `done` is called at most once; `over` is set before;
 *  (I2) struct dial is freed when its timer has closed and its resolver
 *       request has ended, each attempt when its own handle has closed;
 *  (I3) an attempt's fd is closed with it unless it was handed to `done`.
 */
#include "node/net/dial.h"

#include "node/net/address.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ATTEMPT_MIN_MS = 1000 };

struct attempt {
    uv_poll_t    poll;
    struct dial *dial;
    int          fd;
};

struct dial {
    uv_loop_t       *loop;
    dial_done_fn    *done;
    void            *arg;
    struct address   address;
    enum status      parsed;
    uint64_t         timeout_ms;
    uint64_t         deadline_ms;
    uv_timer_t       timer;
    uv_getaddrinfo_t resolve;
    bool             resolving;
    bool             over;
    unsigned         uses; /* (I2) */
    struct attempt  *attempt;
    struct addrinfo *list; /* the resolver's */
    struct addrinfo *next; /* not yet tried */
};

static void
unuse(struct dial *dial)
{
    assert(dial->uses > 0);
    if (--dial->uses > 0)
        return;
    if (dial->list != NULL)
        uv_freeaddrinfo(dial->list);
    free(dial);
}

static void
on_timer_closed(uv_handle_t *handle)
{
    unuse(handle->data);
}

static void
on_attempt_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* The attempt's socket, which is then the caller's; -1: there is none. */
static int
end_attempt(struct dial *dial)
{
    struct attempt *attempt = dial->attempt;
    int             fd;

    if (attempt == NULL)
        return -1;
    fd = attempt->fd;
    dial->attempt = NULL;
    uv_close((uv_handle_t *)&attempt->poll, on_attempt_closed);
    return fd;
}

static void
finish(struct dial *dial, enum status st)
{
    int fd = end_attempt(dial);

    assert(!dial->over);
    dial->over = true;
    if (st != STATUS_OK && fd >= 0) {
        close(fd); /* (I3) */
        fd = -1;
    }
    if (dial->resolving)
        uv_cancel((uv_req_t *)&dial->resolve);
    uv_close((uv_handle_t *)&dial->timer, on_timer_closed);
    if (dial->done != NULL)
        dial->done(dial->arg, st, fd); /* (I1) */
}

void
dial_cancel(struct dial *dial)
{
    if (dial->over)
        return;
    dial->done = NULL;
    finish(dial, STATUS_AGAIN);
}

/* --- connecting ---------------------------------------------------------- */

static void try_next(struct dial *dial, enum status st);

static void
on_connected(uv_poll_t *poll, int error, int events)
{
    struct attempt *attempt = poll->data;
    struct dial    *dial = attempt->dial;
    int             reason = 0;
    socklen_t       len = sizeof(reason);

    (void)events;
    if (error == 0 &&
        getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &reason, &len) == 0 &&
        reason == 0) {
        finish(dial, STATUS_OK);
        return;
    }
    close(end_attempt(dial));
    try_next(dial, STATUS_UNREACHABLE);
}

static void
on_attempt_late(uv_timer_t *timer)
{
    struct dial *dial = timer->data;

    close(end_attempt(dial));
    try_next(dial, STATUS_TIMEOUT);
}

/* A socket that connects; NULL: not even that. */
static struct attempt *
attempt_start(struct dial *dial, const struct sockaddr *address, socklen_t len)
{
    struct attempt *attempt = calloc(1, sizeof(*attempt));
    int             fd = socket(address->sa_family,
                                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (attempt == NULL || fd < 0)
        goto fail;
    if (connect(fd, address, len) != 0 && errno != EINPROGRESS)
        goto fail;
    if (uv_poll_init(dial->loop, &attempt->poll, fd) != 0)
        goto fail;
    attempt->poll.data = attempt;
    attempt->dial = dial;
    attempt->fd = fd;
    return attempt;
fail:
    if (fd >= 0)
        close(fd);
    free(attempt);
    return NULL;
}

/* Each address has its share of the time that is left. */
static uint64_t
attempt_ms(const struct dial *dial, size_t left)
{
    uint64_t now = uv_now(dial->loop);
    uint64_t share;

    if (now >= dial->deadline_ms)
        return 0;
    share = (dial->deadline_ms - now) / (left + 1);
    return share < ATTEMPT_MIN_MS ? ATTEMPT_MIN_MS : share;
}

static bool
connect_to(struct dial *dial, const struct sockaddr *address, socklen_t len,
           size_t left)
{
    uint64_t time_ms = attempt_ms(dial, left);

    if (time_ms == 0)
        return false;
    dial->attempt = attempt_start(dial, address, len);
    if (dial->attempt == NULL)
        return false;
    if (uv_poll_start(&dial->attempt->poll, UV_WRITABLE, on_connected) != 0) {
        close(end_attempt(dial));
        return false;
    }
    uv_timer_start(&dial->timer, on_attempt_late, time_ms, 0);
    return true;
}

/* st: how the attempt before ended; the answer when none is left. */
static void
try_next(struct dial *dial, enum status st)
{
    while (dial->next != NULL) {
        struct addrinfo        *info = dial->next;
        struct sockaddr_storage address = {0};
        size_t                  left = 0;

        dial->next = info->ai_next;
        for (struct addrinfo *at = dial->next; at != NULL; at = at->ai_next)
            left++;
        memcpy(&address, info->ai_addr, info->ai_addrlen);
        address_set_port(&address, dial->address.port);
        if (connect_to(dial, (struct sockaddr *)&address, info->ai_addrlen,
                       left))
            return;
    }
    finish(dial, st);
}

/* --- resolving ----------------------------------------------------------- */

static void
on_resolved(uv_getaddrinfo_t *resolve, int error, struct addrinfo *list)
{
    struct dial *dial = resolve->data;

    dial->resolving = false;
    dial->list = list;
    if (!dial->over && error != 0)
        finish(dial, STATUS_NOT_FOUND);
    if (!dial->over) {
        dial->next = list;
        try_next(dial, STATUS_UNREACHABLE);
    }
    unuse(dial);
}

static void
on_resolve_late(uv_timer_t *timer)
{
    finish(timer->data, STATUS_TIMEOUT);
}

static void
resolve(struct dial *dial)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM};

    dial->resolve.data = dial;
    if (uv_getaddrinfo(dial->loop, &dial->resolve, on_resolved,
                       dial->address.host, NULL, &hints) != 0) {
        finish(dial, STATUS_NOT_FOUND);
        return;
    }
    dial->resolving = true;
    dial->uses++;
    uv_timer_start(&dial->timer, on_resolve_late, dial->timeout_ms, 0);
}

static void
on_begin(uv_timer_t *timer)
{
    struct dial            *dial = timer->data;
    struct sockaddr_storage numeric;

    dial->deadline_ms = uv_now(dial->loop) + dial->timeout_ms;
    if (dial->parsed != STATUS_OK) {
        finish(dial, dial->parsed);
        return;
    }
    if (address_numeric(&dial->address, &numeric) != STATUS_OK)
        resolve(dial);
    else if (!connect_to(dial, (struct sockaddr *)&numeric,
                         address_len(&numeric), 0))
        finish(dial, STATUS_UNREACHABLE);
}

struct dial *
dial_start(uv_loop_t *loop, struct span address, uint64_t timeout_ms,
           dial_done_fn *done, void *arg)
{
    struct dial *dial = calloc(1, sizeof(*dial));

    if (dial == NULL)
        return NULL;
    dial->loop = loop;
    dial->done = done;
    dial->arg = arg;
    dial->timeout_ms = timeout_ms;
    dial->parsed = address_parse(address, &dial->address);
    uv_timer_init(loop, &dial->timer);
    dial->timer.data = dial;
    dial->uses = 1;
    uv_timer_start(&dial->timer, on_begin, 0, 0);
    return dial;
}
