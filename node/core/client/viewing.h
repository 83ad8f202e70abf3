/*
 * viewing.h - one message shown to a person: its row, its entry opened with
 * the content key, its trail, and what is proven about it.
 *
 * The first time that a person sees the body of a message from a peer, READ
 * goes out, once (DESIGN 7, rule 10), however many look at the same time; a
 * peek sends none, and neither does what is shown to a client that is gone.
 */
#ifndef CORE_VIEWING_H
#define CORE_VIEWING_H

#include "node/core/client/lookup.h"

/* Answers of the store, each but the last beginning the next step. */
void viewing_row(struct context *turn, const struct load *load,
                 struct span answer);
void viewing_entry(struct context *turn, const struct load *load,
                   struct span answer);
void viewing_trail(struct context *turn, const struct load *load,
                   struct span answer);

/* What to ask the store for the body of this row's message. */
void viewing_query(const struct record_row *row, struct query *out);
/* The plaintext of what it answers, in memory of the turn; empty: gone. */
struct span viewing_plain(struct context *turn, const struct record *record);

#endif
