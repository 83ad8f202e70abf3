/*
 * flow.h - one direction of a connection: segments under way, in order.
 *
 * Owns the segments.  Knows when each leaves (the line carries so many bytes a
 * second) and when it arrives (delay and jitter on top); what was put later
 * never arrives earlier.  Reads no clock.
 */
#ifndef SIM_FLOW_H
#define SIM_FLOW_H

#include "node/sim/dice.h"

enum flow_kind {
    FLOW_DIAL,
    FLOW_ACCEPT,
    FLOW_DATA,
    FLOW_END,   /* no more in this direction, in order */
    FLOW_REFUSE /* connection refused or reset */
};

struct flow_segment {
    struct flow_segment *next;
    enum flow_kind       kind;
    uint64_t             at_ms;
    size_t               len;
    size_t               cap;
    uint8_t             *bytes;
};

struct flow {
    struct flow_segment *first;
    struct flow_segment *last;
    uint64_t             delay_ms;
    uint64_t             jitter_ms;
    uint64_t             bytes_per_s;
    uint64_t             free_at_us; /* the line carries nothing after that */
    uint64_t             last_at_ms;
};

void flow_clear(struct flow *flow);

/* Copies bytes.  Returns when the segment has left the sender. */
uint64_t flow_put(struct flow *flow, struct dice *dice, uint64_t now_ms,
                  enum flow_kind kind, struct span bytes);

/* When the first segment arrives; UINT64_MAX: nothing is under way. */
uint64_t flow_next_ms(const struct flow *flow);

/* Takes the first segment, whatever its time; NULL when there is none.  The
 * caller frees it by flow_segment_free. */
struct flow_segment *flow_take(struct flow *flow);
void                 flow_segment_free(struct flow_segment *segment);

/* What can happen to bytes on their way, by the dice.  The segment has one
 * byte or more before; flow_cut may leave none. */
void flow_flip(struct flow_segment *segment, struct dice *dice);
void flow_cut(struct flow_segment *segment, struct dice *dice);
void flow_splice(struct flow_segment *segment, struct dice *dice,
                 struct span foreign);

#endif
