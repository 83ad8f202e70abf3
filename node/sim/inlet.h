/*
 * inlet.h - the links of one simulated machine, and what came in on each,
 * cut into frames: u16 length, then that many bytes.
 *
 * Owns the bytes.  Plays the part of node/net: who was accepted is made known
 * with his first whole frame only, gets no second one before he was answered,
 * and no long one; an absurd length ends the link.
 */
#ifndef SIM_INLET_H
#define SIM_INLET_H

#include "proto/bytes.h"

enum { INLET_LINKS = 128 };

struct inlet {
    uint64_t link; /* 0: a free place */
    uint64_t source;
    bool     dialled;
    bool     opened;   /* LINK_OPENED was posted */
    bool     answered; /* the core has sent on it */
    uint64_t frames;   /* taken */
    uint64_t room_due; /* bytes that left and were not lent again yet */
    uint8_t *bytes;
    size_t   len;
    size_t   cap;
    size_t   taken; /* of bytes, given out as frames */
};

struct inlet_table {
    struct inlet list[INLET_LINKS];
};

/* NULL: no free place. */
struct inlet *inlet_open(struct inlet_table *table, uint64_t link,
                         bool dialled, uint64_t source);
/* NULL: none of that number. */
struct inlet *inlet_find(struct inlet_table *table, uint64_t link);
void          inlet_close(struct inlet *inlet);
void          inlet_clear(struct inlet_table *table);

void inlet_put(struct inlet *inlet, struct span bytes);

/*
 * The first frame that is whole, lent until inlet_put; it stays until
 * inlet_taken.  AGAIN: not yet.  BAD_ENCODING, TOO_LARGE: the link must end.
 */
NODISCARD enum status inlet_frame(const struct inlet *inlet,
                                  struct span        *frame);
void                  inlet_taken(struct inlet *inlet);

#endif
