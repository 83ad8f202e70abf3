/*
 * waking.c - libuv's clock and ours are not the same: what comes too early by
 * ours waits again.
 */
#include "node/net/waking.h"

#include "node/net/clock.h"

#include <stdlib.h>

struct waking {
    uv_timer_t   timer;
    struct clock clock;
    uint64_t     at_ms;
    void (*woken)(void *arg);
    void *arg;
};

struct waking *
waking_new(uv_loop_t *loop, void (*woken)(void *arg), void *arg)
{
    struct waking *waking = calloc(1, sizeof(*waking));

    if (waking == NULL)
        abort();
    waking->woken = woken;
    waking->arg = arg;
    uv_timer_init(loop, &waking->timer);
    waking->timer.data = waking;
    return waking;
}

uint64_t
waking_now(struct waking *waking)
{
    return clock_mono_ms(&waking->clock);
}

static void
on_timer(uv_timer_t *timer)
{
    struct waking *waking = timer->data;
    uint64_t       now = waking_now(waking);

    if (now < waking->at_ms)
        uv_timer_start(timer, on_timer, waking->at_ms - now, 0);
    else
        waking->woken(waking->arg);
}

void
waking_at(struct waking *waking, uint64_t mono_ms)
{
    uint64_t now = waking_now(waking);

    waking->at_ms = mono_ms;
    uv_update_time(waking->timer.loop);
    uv_timer_start(&waking->timer, on_timer, mono_ms > now ? mono_ms - now : 0,
                   0);
}

static void
on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void
waking_free(struct waking *waking)
{
    uv_close((uv_handle_t *)&waking->timer, on_closed);
}
