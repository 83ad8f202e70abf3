/*
 * conveyed.h - how far the attachments of a message have come, for SHOW.
 */
#ifndef CORE_CONVEYED_H
#define CORE_CONVEYED_H

#include "control.pb-c.h"
#include "node/core/context.h"

struct peer;

/* The journal says nothing of it: its message was read back after a loss.
 * Whether a file of theirs is here then, a ChunkRequest tells. */
#define CONVEYED_UNKNOWN "unknown"

/* One for each attachment of the message `plain`, in memory of the turn;
 * `trail` is what QUERY_TRAIL answered. */
void conveyed_fill(struct context *turn, struct peer *peer, struct span plain,
                   struct span trail, Entente__ShowResponse *out);

#endif
