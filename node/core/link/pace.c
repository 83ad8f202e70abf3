/*
 * pace.c - for each precedence a ring of messages under way and two of times.
 *
 * Invariant: those of one channel stand in order of index, and the first
 * `received` of the ring have their receipt.
 */
#include "node/core/link/pace.h"

#include "node/core/grow.h"

#include <stdlib.h>

struct pace_sent {
    const struct channel *channel;
    uint64_t              index;
    uint64_t              submitted_ms;
    bool                  read;
};

struct pace_times {
    uint64_t count; /* in all; the newest PACE_KEPT are here */
    uint32_t ms[PACE_KEPT];
};

struct pace_class {
    struct pace_sent  sent[PACE_FOLLOWED]; /* ring */
    size_t            head, count, received;
    struct pace_times to_receipt, to_reading;
};

void
pace_clear(struct pace *pace)
{
    for (size_t i = 0; i < PRECEDENCE_COUNT; i++)
        free(pace->of[i]);
    *pace = (struct pace){0};
}

static struct pace_sent *
sent_at(struct pace_class *of, size_t i)
{
    return &of->sent[(of->head + i) % PACE_FOLLOWED];
}

/* Nothing where the clock was set back meanwhile. */
static void
note(struct pace_times *times, uint64_t from_ms, uint64_t now_ms)
{
    uint64_t took_ms = now_ms - from_ms;

    if (now_ms < from_ms)
        return;
    times->ms[times->count++ % PACE_KEPT] =
        took_ms < UINT32_MAX ? (uint32_t)took_ms : UINT32_MAX;
}

/* Room for one more: the oldest goes if nothing but a reader is awaited, or
 * if its log was closed. */
static bool
has_room(struct pace_class *of, const struct channel *channel)
{
    if (of->count < PACE_FOLLOWED)
        return true;
    if (of->received == 0 && sent_at(of, 0)->channel == channel)
        return false;
    of->head = (of->head + 1) % PACE_FOLLOWED;
    of->count--;
    of->received -= of->received > 0 ? 1 : 0;
    return true;
}

void
pace_sent(struct pace *pace, const struct channel *channel, uint64_t index,
          enum precedence precedence, uint64_t submitted_ms)
{
    struct pace_class *of = pace->of[precedence];

    if (of == NULL)
        of = pace->of[precedence] = grow_new(1, sizeof(*of));
    if (!has_room(of, channel))
        return;
    *sent_at(of, of->count++) = (struct pace_sent){
        .channel = channel, .index = index, .submitted_ms = submitted_ms};
}

static void
class_received(struct pace_class *of, const struct channel *channel,
               uint64_t size, uint64_t now_ms)
{
    for (; of->received < of->count; of->received++) {
        const struct pace_sent *sent = sent_at(of, of->received);

        if (sent->channel == channel && sent->index >= size)
            return;
        if (sent->channel == channel) /* else its log was closed */
            note(&of->to_receipt, sent->submitted_ms, now_ms);
    }
}

void
pace_received(struct pace *pace, const struct channel *channel, uint64_t size,
              uint64_t now_ms)
{
    for (size_t i = 0; i < PRECEDENCE_COUNT; i++)
        if (pace->of[i] != NULL)
            class_received(pace->of[i], channel, size, now_ms);
}

void
pace_read(struct pace *pace, const struct channel *channel,
          const Entente__AnswerRange *range, uint64_t now_ms)
{
    for (size_t i = 0; i < PRECEDENCE_COUNT; i++) {
        struct pace_class *of = pace->of[i];

        for (size_t k = 0; of != NULL && k < of->count; k++) {
            struct pace_sent *sent = sent_at(of, k);

            if (sent->channel != channel || sent->read ||
                sent->index < range->first ||
                sent->index - range->first >= range->count)
                continue;
            sent->read = true;
            note(&of->to_reading, sent->submitted_ms, now_ms);
        }
    }
}

/* The kept times, shortest first; returns how many. */
static size_t
sorted(const struct pace_times *times, uint32_t out[static PACE_KEPT])
{
    size_t kept =
        times->count < PACE_KEPT ? (size_t)times->count : PACE_KEPT;

    for (size_t i = 0; i < kept; i++) {
        size_t at = i;

        for (; at > 0 && out[at - 1] > times->ms[i]; at--)
            out[at] = out[at - 1];
        out[at] = times->ms[i];
    }
    return kept;
}

static Entente__PaceTimes *
fill_times(const struct pace_times *times, struct context *turn)
{
    Entente__PaceTimes *out = (Entente__PaceTimes *)(void *)effects_alloc(
        turn->out, sizeof(*out));
    uint32_t ms[PACE_KEPT];
    size_t   kept = sorted(times, ms);

    entente__pace_times__init(out);
    out->count = times->count;
    if (kept == 0)
        return out;
    out->p50_ms = ms[(kept - 1) / 2];
    out->p90_ms = ms[(kept * 9 + 9) / 10 - 1];
    out->max_ms = ms[kept - 1];
    return out;
}

static Entente__Pace *
fill_class(const struct pace_class *of, unsigned precedence,
           struct context *turn)
{
    Entente__Pace *out = (Entente__Pace *)(void *)effects_alloc(turn->out,
                                                                sizeof(*out));

    entente__pace__init(out);
    out->precedence = (char *)(uintptr_t)precedence_name(precedence);
    out->received = fill_times(&of->to_receipt, turn);
    out->read = fill_times(&of->to_reading, turn);
    return out;
}

void
pace_fill(const struct pace *pace, struct context *turn,
          Entente__PeerStatus *out)
{
    out->paces = (Entente__Pace **)(void *)effects_alloc(
        turn->out, PRECEDENCE_COUNT * sizeof(Entente__Pace *));
    for (unsigned i = PRECEDENCE_COUNT; i-- > 0;)
        if (pace->of[i] != NULL)
            out->paces[out->n_paces++] = fill_class(pace->of[i], i, turn);
}
