/*
 * snapshot.h - records from state; restore.h reads them back.
 *
 * A journal segment begins with one, so that a start reads one segment, not
 * the whole past; a capture begins with one, so that it replays alone.
 */
#ifndef CORE_SNAPSHOT_H
#define CORE_SNAPSHOT_H

#include "node/core/context.h"

/* The whole state as SAVE effects of this turn. */
void snapshot_save(struct context *turn);

/* The same, and before it the keys that the node holds, as KEY effects
 * without nonces.  Links and clients must be closed. */
void snapshot_export(struct node *node, struct effects *out);

#endif
