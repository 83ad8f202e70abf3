/*
 * rate.h - how many bytes a link carried in the last 250 ms, and how much
 * may therefore be handed to TCP at a time.
 *
 * Fed with a counter that only grows (bytes that the peer's TCP has
 * acknowledged).  A value; reads no clock.
 */
#ifndef NET_RATE_H
#define NET_RATE_H

#include "proto/limits.h"

#include <stddef.h>
#include <stdint.h>

enum { RATE_SPAN_MS = 250, RATE_SAMPLES = 8, RATE_STEP_MS = 42 };

struct rate {
    struct {
        uint64_t ms;
        uint64_t total;
    } at[RATE_SAMPLES]; /* oldest first */
    size_t count;
};

/* The counter stood at `total` at now_ms; neither ever falls. */
void rate_note(struct rate *rate, uint64_t now_ms, uint64_t total);

/*
 * Bytes in the RATE_SPAN_MS that end with the newest note; between two notes
 * taken as even.  A shorter history counts as it is.
 */
uint64_t rate_carried(const struct rate *rate);

/* rate_carried, held between LIMIT_ROOM_MIN and LIMIT_ROOM_MAX. */
uint32_t rate_room(const struct rate *rate);

/* The longest frame for a room: a quarter, held between LIMIT_FRAME_MIN and
 * LIMIT_FRAME. */
uint32_t rate_frame_max(uint32_t room);

#endif
