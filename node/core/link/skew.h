/*
 * skew.h - how far a peer's wall clock is from ours, as its receipts prove.
 *
 * A receipt was signed after its entries were dispatched and before it came
 * here.  A time outside of that, by our clock, is wrong by so much at least,
 * however long the way was; a time inside of it proves nothing.  Told to
 * people, and nothing depends on it.
 *
 * Receipts of one log never go back (DESIGN 2): after a clock that was ahead
 * was set right they say one time again and again.  Such a one proves nothing.
 */
#ifndef CORE_SKEW_H
#define CORE_SKEW_H

#include "node/core/peer.h"

enum {
    SKEW_TOLD_S = 60, /* less is said nowhere but in numbers */
    SKEW_STANDS_MS = 2500 /* so long one time again: its clock is not ahead */
};

/*
 * Seconds that the clock which said `receipt_s` is ahead of ours; below 0: it
 * is behind; 0: nothing is proven.  dispatched_ms 0: it is not known.
 */
int64_t skew_of_receipt(uint64_t receipt_s, uint64_t dispatched_ms,
                        uint64_t now_ms);

/* A receipt of `size` entries came, and they are still in flight. */
void skew_note(struct context *turn, struct peer *peer,
               const struct channel *channel, uint64_t size,
               uint64_t receipt_s);

#endif
