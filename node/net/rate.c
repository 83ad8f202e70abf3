/*
 * rate.c - a short row of (time, counter), at least RATE_STEP_MS apart.
 *
 * Invariant: at[] is in order of time, and all but the last stand RATE_STEP_MS
 * or more apart, so a full row covers RATE_SPAN_MS.
 */
#include "node/net/rate.h"

#include <assert.h>
#include <string.h>

static_assert((RATE_SAMPLES - 2) * RATE_STEP_MS >= RATE_SPAN_MS,
              "a full row covers the span");

void
rate_note(struct rate *rate, uint64_t now_ms, uint64_t total)
{
    size_t last = rate->count - 1;

    assert(rate->count == 0 || now_ms >= rate->at[last].ms);
    assert(rate->count == 0 || total >= rate->at[last].total);
    if (rate->count < 2 ||
        rate->at[last].ms - rate->at[last - 1].ms >= RATE_STEP_MS) {
        if (rate->count == RATE_SAMPLES) {
            memmove(&rate->at[0], &rate->at[1], last * sizeof(rate->at[0]));
            rate->count--;
        }
        rate->count++;
    }
    rate->at[rate->count - 1].ms = now_ms;
    rate->at[rate->count - 1].total = total;
}

/* The counter at time `ms`, which lies between at[i] and at[i + 1]. */
static uint64_t
between(const struct rate *rate, size_t i, uint64_t ms)
{
    uint64_t span_ms = rate->at[i + 1].ms - rate->at[i].ms;
    uint64_t bytes = rate->at[i + 1].total - rate->at[i].total;
    double   part = (double)(ms - rate->at[i].ms) / (double)span_ms;

    return rate->at[i].total + (uint64_t)((double)bytes * part);
}

uint64_t
rate_carried(const struct rate *rate)
{
    uint64_t total, from_ms;

    if (rate->count == 0)
        return 0;
    total = rate->at[rate->count - 1].total;
    if (rate->at[rate->count - 1].ms < RATE_SPAN_MS)
        return total - rate->at[0].total;
    from_ms = rate->at[rate->count - 1].ms - RATE_SPAN_MS;
    for (size_t i = rate->count - 1; i > 0; i--) {
        if (rate->at[i - 1].ms <= from_ms)
            return total - between(rate, i - 1, from_ms);
    }
    return total - rate->at[0].total;
}

uint32_t
rate_room(const struct rate *rate)
{
    uint64_t carried = rate_carried(rate);

    if (carried < LIMIT_ROOM_MIN)
        return LIMIT_ROOM_MIN;
    return carried > LIMIT_ROOM_MAX ? LIMIT_ROOM_MAX : (uint32_t)carried;
}

uint32_t
rate_frame_max(uint32_t room)
{
    uint32_t part = room / 4;

    if (part < LIMIT_FRAME_MIN)
        return LIMIT_FRAME_MIN;
    return part > LIMIT_FRAME ? LIMIT_FRAME : part;
}
