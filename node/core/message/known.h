/*
 * known.h - whether the id of a message that a program hands in went to that
 * peer before, and whether for the same message.
 *
 *   submit --> KNOWN (row) --none--> outbox
 *                 |
 *                 +--there--> KNOWN_TEXT --same--> its state is told, followed
 *                                   +----other--> DUPLICATE, of `id`
 *
 * Same is what says the same: its dtg, which `send` fills anew each time, and
 * its number, which the node gives, are not compared.  What was forgotten
 * cannot be compared, and counts as the same.
 */
#ifndef CORE_KNOWN_H
#define CORE_KNOWN_H

#include "node/core/client/desk.h"
#include "node/core/peer.h"

/* Looks this message up in the store; it goes on from there. */
void known_ask(struct context *turn, struct peer *peer,
               const struct outbox_item *item);

/* Answers of the store. */
void known_row(struct context *turn, const struct load *load, enum status st,
               struct span answer);
void known_text(struct context *turn, const struct load *load, enum status st,
                struct span answer);

#endif
