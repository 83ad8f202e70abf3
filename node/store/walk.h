/*
 * walk.h - groups of the journal read back, in order or by place.
 *
 * Belongs to one thread; the journal may go on growing in another.  Gives
 * only groups that are whole and durable.
 */
#ifndef STORE_WALK_H
#define STORE_WALK_H

#include "node/store/journal.h"

struct walk; /* opaque: walk_new / walk_free */

/* Borrows the journal.  NULL: no memory. */
struct walk *walk_new(struct journal *journal);
void         walk_free(struct walk *walk);

/*
 * Reads the group at *place into `buffer`.  CORRUPT: there is no whole group,
 * or not with that sequence; a sequence of 0 is not looked at.  FULL: no
 * memory.  IO.
 */
NODISCARD enum status walk_read(struct walk              *walk,
                                const struct group_place *place,
                                struct group_buffer      *buffer);

/*
 * Reads the group with the sequence of *place, which stands there or, at the
 * end of a segment, at the beginning of the next; *found is where, and *place
 * moves behind it.  AGAIN: it is not yet written.  Else as walk_read.
 */
NODISCARD enum status walk_next(struct walk *walk, struct group_place *place,
                                struct group_place  *found,
                                struct group_buffer *buffer);

#endif
