/*
 * shelf.h - records of the journal by place, from groups that were opened
 * lately.
 *
 * Holds plaintext of what it has open, in memory only, and wipes it when it
 * lets go.  For one thread.
 */
#ifndef STORE_SHELF_H
#define STORE_SHELF_H

#include "node/store/walk.h"

/*
 * Segment, page and record of a group as one number that grows along the
 * journal.  Asserts: segment below 2^23, offset below 4 GiB, ordinal below
 * GROUP_RECORDS_MAX.
 */
int64_t shelf_place(const struct group_place *group, size_t ordinal);

struct shelf; /* opaque: shelf_new / shelf_free */

/* Borrows the walk and the keys' owner.  NULL: no memory. */
struct shelf *shelf_new(struct walk *walk, const struct group_keys *keys);
void          shelf_free(struct shelf *shelf);

/* Lets go of everything: a vault key was destroyed. */
void shelf_clear(struct shelf *shelf);

/* The record at a place; its spans are good until the next shelf call.
 * CORRUPT: there is none.  FULL: no memory.  IO. */
NODISCARD enum status shelf_record(struct shelf *shelf, int64_t place,
                                   const struct group_record **out);

#endif
