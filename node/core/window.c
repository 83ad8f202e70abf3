/*
 * window.c - samples of what was cosigned, in slices of time.
 *
 * Invariant: sample[newest] is the youngest slice; the others are older, in
 * ring order, or empty (ms 0).
 */
#include "node/core/window.h"

#include <assert.h>

static uint64_t
span_ms(const struct window *window)
{
    return window->round_trip_ms > LIMIT_WINDOW_SPAN_MS
               ? window->round_trip_ms
               : (uint64_t)LIMIT_WINDOW_SPAN_MS;
}

uint64_t
window_limit(const struct window *window, uint64_t now_ms)
{
    uint64_t span = span_ms(window);
    uint64_t sum = 0;
    uint64_t limit;

    for (size_t i = 0; i < WINDOW_SAMPLES; i++)
        if (window->sample[i].bytes > 0 &&
            window->sample[i].ms + span >= now_ms)
            sum += window->sample[i].bytes;
    limit = 2 * sum;
    return limit < LIMIT_WINDOW_BYTES ? limit : LIMIT_WINDOW_BYTES;
}

bool
window_allows(const struct window *window, size_t len, uint64_t now_ms)
{
    if (window->entries == 0)
        return true;
    if (window->entries >= LIMIT_WINDOW_ENTRIES)
        return false;
    return window->bytes + len <= window_limit(window, now_ms);
}

void
window_dispatched(struct window *window, size_t len)
{
    window->bytes += len;
    window->entries++;
}

void
window_cosigned(struct window *window, size_t len, uint64_t then_ms,
                uint64_t now_ms)
{
    uint64_t slice = span_ms(window) / (WINDOW_SAMPLES - 2);
    size_t   at = window->newest;

    assert(window->entries > 0 && window->bytes >= len);
    window->entries--;
    window->bytes -= len;
    window->round_trip_ms = now_ms - then_ms;
    if (window->sample[at].bytes == 0 ||
        window->sample[at].ms + slice <= now_ms) {
        at = (at + 1) % WINDOW_SAMPLES;
        window->newest = at;
        window->sample[at].ms = now_ms;
        window->sample[at].bytes = 0;
    }
    window->sample[at].bytes += len;
}

void
window_reset(struct window *window)
{
    window->bytes = 0;
    window->entries = 0;
}
