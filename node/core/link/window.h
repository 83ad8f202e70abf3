/*
 * window.h - how much may be on its way: the dispatch window of one channel
 * and urgency class (DESIGN 2, Dispatch).
 *
 * Bytes dispatched and not yet cosigned are at most twice what the peer
 * cosigned in the last two seconds, or in one round trip from dispatch to
 * cosignature, whichever is longer; one entry is always allowed; at most
 * LIMIT_WINDOW_BYTES and LIMIT_WINDOW_ENTRIES.  With once instead of twice
 * the window starves itself at a round trip of two seconds.
 *
 * Both are the line's, not our own queue's before it; else a full line makes
 * a larger window, that a fuller line, and so on up to the maxima: minutes at
 * 64 kbit/s, and a FLASH is cosigned behind all of it.  So
 *  - the round trip is the shortest seen, until an entry that was alone on its
 *    way took longer (on a line that became longer the window shrinks until
 *    one is alone);
 *  - one receipt for much counts as evenly spread over the time that the line
 *    took to carry it: since the receipt before it or, where the line was
 *    free, since a round trip after dispatch.
 */
#ifndef CORE_WINDOW_H
#define CORE_WINDOW_H

#include "proto/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WINDOW_SAMPLES = 64 };

/* A value; zeroed memory is a fresh window. */
struct window {
    uint64_t bytes;   /* on their way */
    uint64_t entries; /* on their way */
    uint64_t round_trip_ms; /* 0: none yet */
    bool     alone; /* the newest found the line empty and was not followed */
    uint64_t receipt_ms, before_ms; /* the newest receipt, the one before */
    struct window_sample {
        uint64_t from_ms, to_ms;
        uint64_t bytes;
    } sample[WINDOW_SAMPLES]; /* what was cosigned, in slices of time */
    size_t newest;
};

/* What the window allows in all, in bytes; 0: nothing but one entry. */
uint64_t window_limit(const struct window *window, uint64_t now_ms);

/*
 * What one turn may dispatch, one entry aside: of a long round trip no more
 * than a quarter of the window.  A batch gets one receipt, and were the window
 * one batch, the line would stand still until that is here.
 */
uint64_t window_batch(const struct window *window, uint64_t now_ms);

/* Whether an entry of `len` bytes may be dispatched now. */
bool window_allows(const struct window *window, size_t len, uint64_t now_ms);

void window_dispatched(struct window *window, size_t len);

/* An entry of `len` bytes, dispatched at `then_ms`, was cosigned. */
void window_cosigned(struct window *window, size_t len, uint64_t then_ms,
                     uint64_t now_ms);

/* One of `len` bytes will not be: it does not count any more. */
void window_withdrawn(struct window *window, size_t len);

/* The link is gone: nothing is on its way, what was learnt stays. */
void window_reset(struct window *window);

#endif
