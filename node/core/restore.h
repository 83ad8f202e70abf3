/*
 * restore.h - state from records; snapshot.h makes records from state.
 *
 * A snapshot, replayed into an empty node, gives the state it was taken from;
 * so does replaying everything since the first record.  Every record is
 * checked against the state before it: what does not fit is CORRUPT.
 */
#ifndef CORE_RESTORE_H
#define CORE_RESTORE_H

#include "node/core/context.h"

/* The state before is void (a SNAPSHOT record). */
void restore_forget(struct node *node);

NODISCARD enum status restore_record(struct node         *node,
                                     const struct record *record);

#endif
