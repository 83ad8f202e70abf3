/*
 * window.c - samples of what was cosigned, in slices of time.
 *
 * Invariant: sample[newest] is the youngest slice; the others are older, in
 * ring order, or empty (bytes 0).  Two that follow each other cover a slice or
 * more, so that a full ring covers the span.
 */
#include "node/core/link/window.h"

#include <assert.h>

enum {
    LONG_MS = LIMIT_WINDOW_SPAN_MS / 4, /* of a round trip */
    BATCHES = 4 /* in a window, then */
};

static uint64_t
span_ms(const struct window *window)
{
    return window->round_trip_ms > LIMIT_WINDOW_SPAN_MS
               ? window->round_trip_ms
               : (uint64_t)LIMIT_WINDOW_SPAN_MS;
}

/* What of it lies behind low_ms, taken as even. */
static uint64_t
counts(const struct window_sample *sample, uint64_t low_ms)
{
    if (sample->to_ms <= low_ms)
        return 0;
    if (sample->from_ms >= low_ms)
        return sample->bytes;
    return sample->bytes * (sample->to_ms - low_ms) /
           (sample->to_ms - sample->from_ms);
}

uint64_t
window_limit(const struct window *window, uint64_t now_ms)
{
    uint64_t span = span_ms(window);
    uint64_t sum = 0;
    uint64_t limit;

    for (size_t i = 0; i < WINDOW_SAMPLES; i++)
        sum += counts(&window->sample[i], now_ms > span ? now_ms - span : 0);
    limit = 2 * sum;
    return limit < LIMIT_WINDOW_BYTES ? limit : LIMIT_WINDOW_BYTES;
}

uint64_t
window_batch(const struct window *window, uint64_t now_ms)
{
    if (window->round_trip_ms < LONG_MS)
        return UINT64_MAX;
    return window_limit(window, now_ms) / BATCHES;
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
    window->alone = window->entries == 0;
    window->bytes += len;
    window->entries++;
}

static void
note_round_trip(struct window *window, uint64_t took_ms)
{
    if (window->alone || window->round_trip_ms == 0 ||
        took_ms < window->round_trip_ms)
        window->round_trip_ms = took_ms;
}

static void
note_bytes(struct window *window, size_t len, uint64_t from_ms,
           uint64_t now_ms)
{
    uint64_t              slice = span_ms(window) / (WINDOW_SAMPLES / 2 - 1);
    struct window_sample *at = &window->sample[window->newest];

    if (at->bytes == 0 ||
        (at->to_ms != now_ms && at->from_ms + slice <= now_ms)) {
        window->newest = (window->newest + 1) % WINDOW_SAMPLES;
        at = &window->sample[window->newest];
        *at = (struct window_sample){.from_ms = from_ms};
    }
    at->to_ms = now_ms;
    at->bytes += len;
}

/* Since when the line carried what was dispatched at then_ms and has a receipt
 * now: it was busy with what the receipt before is for, or it was free, and
 * then a round trip is no carrying. */
static uint64_t
carried_from(const struct window *window, uint64_t then_ms)
{
    uint64_t from_ms = then_ms + window->round_trip_ms;

    if (then_ms < window->before_ms || from_ms < window->before_ms)
        return window->before_ms;
    return from_ms < window->receipt_ms ? from_ms : window->receipt_ms;
}

void
window_cosigned(struct window *window, size_t len, uint64_t then_ms,
                uint64_t now_ms)
{
    assert(window->entries > 0 && window->bytes >= len);
    window->entries--;
    window->bytes -= len;
    note_round_trip(window, now_ms - then_ms);
    if (window->receipt_ms != now_ms) {
        window->before_ms = window->receipt_ms;
        window->receipt_ms = now_ms;
    }
    note_bytes(window, len, carried_from(window, then_ms), now_ms);
}

void
window_withdrawn(struct window *window, size_t len)
{
    assert(window->entries > 0 && window->bytes >= len);
    window->entries--;
    window->bytes -= len;
}

void
window_reset(struct window *window)
{
    window->bytes = 0;
    window->entries = 0;
}
