/*
 * viewing.h - one message shown to a person: its row, its entry opened with
 * the content key, its trail, and what is proven about it.
 *
 * The first time that a person sees the body of a message from a peer, READ
 * goes out, once (DESIGN 7, rule 10); a peek sends none.
 */
#ifndef CORE_VIEWING_H
#define CORE_VIEWING_H

#include "node/core/lookup.h"

/* Answers of the store, each but the last beginning the next step. */
void viewing_row(struct context *turn, const struct load *load,
                 struct span answer);
void viewing_entry(struct context *turn, const struct load *load,
                   struct span answer);
void viewing_trail(struct context *turn, const struct load *load,
                   struct span answer);

#endif
