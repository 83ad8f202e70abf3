/*
 * flow.c - a queue whose segments wait for the line, and then travel.
 *
 * Invariant: at_ms never falls from one segment to the next.
 */
#include "node/sim/flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
flow_clear(struct flow *flow)
{
    struct flow_segment *segment;

    while ((segment = flow_take(flow)) != NULL)
        flow_segment_free(segment);
}

static struct flow_segment *
segment_new(enum flow_kind kind, struct span bytes)
{
    struct flow_segment *segment = calloc(1, sizeof(*segment));

    if (segment == NULL)
        abort();
    segment->kind = kind;
    segment->cap = bytes.len + 1;
    segment->bytes = malloc(segment->cap);
    if (segment->bytes == NULL)
        abort();
    segment->len = bytes.len;
    if (bytes.len > 0)
        memcpy(segment->bytes, bytes.ptr, bytes.len);
    return segment;
}

uint64_t
flow_put(struct flow *flow, struct dice *dice, uint64_t now_ms,
         enum flow_kind kind, struct span bytes)
{
    struct flow_segment *segment = segment_new(kind, bytes);
    uint64_t             leaves_ms;

    if (flow->free_at_us < now_ms * 1000)
        flow->free_at_us = now_ms * 1000;
    if (flow->bytes_per_s > 0)
        flow->free_at_us += bytes.len * 1000000 / flow->bytes_per_s;
    leaves_ms = flow->free_at_us / 1000;
    segment->at_ms = leaves_ms + flow->delay_ms +
                     dice_below(dice, flow->jitter_ms + 1);
    if (segment->at_ms < flow->last_at_ms)
        segment->at_ms = flow->last_at_ms;
    flow->last_at_ms = segment->at_ms;
    if (flow->last != NULL)
        flow->last->next = segment;
    else
        flow->first = segment;
    flow->last = segment;
    return leaves_ms;
}

uint64_t
flow_next_ms(const struct flow *flow)
{
    return flow->first != NULL ? flow->first->at_ms : UINT64_MAX;
}

struct flow_segment *
flow_take(struct flow *flow)
{
    struct flow_segment *segment = flow->first;

    if (segment == NULL)
        return NULL;
    flow->first = segment->next;
    if (flow->first == NULL)
        flow->last = NULL;
    segment->next = NULL;
    return segment;
}

void
flow_segment_free(struct flow_segment *segment)
{
    free(segment->bytes);
    free(segment);
}

void
flow_flip(struct flow_segment *segment, struct dice *dice)
{
    size_t   at;
    unsigned bit;

    assert(segment->len > 0);
    at = (size_t)dice_below(dice, segment->len);
    bit = (unsigned)dice_below(dice, 8);
    segment->bytes[at] ^= (uint8_t)(1u << bit);
}

void
flow_cut(struct flow_segment *segment, struct dice *dice)
{
    size_t at;
    size_t len;

    assert(segment->len > 0);
    at = (size_t)dice_below(dice, segment->len);
    len = (size_t)dice_between(dice, 1, segment->len - at);
    memmove(segment->bytes + at, segment->bytes + at + len,
            segment->len - at - len);
    segment->len -= len;
}

void
flow_splice(struct flow_segment *segment, struct dice *dice,
            struct span foreign)
{
    size_t at;

    assert(segment->len > 0);
    at = (size_t)dice_below(dice, segment->len);
    segment->cap = segment->len + foreign.len + 1;
    segment->bytes = realloc(segment->bytes, segment->cap);
    if (segment->bytes == NULL)
        abort();
    memmove(segment->bytes + at + foreign.len, segment->bytes + at,
            segment->len - at);
    if (foreign.len > 0)
        memcpy(segment->bytes + at, foreign.ptr, foreign.len);
    segment->len += foreign.len;
}
