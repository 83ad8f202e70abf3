/*
 * loss.h - state of this node was lost: an older disk was put back, or its
 * keyring knows of more than its journal shows.
 *
 * From then on nothing may be appended to an epoch that was open: its next
 * entries may have been written and signed before.  New epochs are opened
 * towards all peers, whether their links are up or not (DESIGN 2, Origin).
 */
#ifndef CORE_LOSS_H
#define CORE_LOSS_H

#include "node/core/peer.h"

/*
 * A loss was found.  With `who`, by what that peer showed: its epoch is opened
 * in any case, those of the others once a start, since a node loses state
 * while it is down.
 */
void loss_found(struct context *turn, struct peer *who,
                Entente__EntryOpen__Reason reason);

#endif
