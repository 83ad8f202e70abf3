/*
 * conveyed.h - how far the attachments of a message have come, for SHOW.
 */
#ifndef CORE_CONVEYED_H
#define CORE_CONVEYED_H

#include "control.pb-c.h"
#include "node/core/context.h"

struct peer;

/* Where nothing is under way any more the state is "settled": whether a file
 * of theirs is here then, a ChunkRequest tells. */
#define CONVEYED_SETTLED "settled"

/* One for each attachment of the message `plain`, in memory of the turn. */
void conveyed_fill(struct context *turn, struct peer *peer, struct span plain,
                   Entente__ShowResponse *out);

#endif
