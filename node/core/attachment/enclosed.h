/*
 * enclosed.h - whether the files are here that a submitted message names: asked
 * of the store before the message is taken.
 */
#ifndef CORE_ENCLOSED_H
#define CORE_ENCLOSED_H

#include "crypto/kdf.h"
#include "node/core/client/desk.h"

/* Asks; the request goes on, or is refused, when the store has answered. */
void enclosed_ask(struct context *turn, uint64_t client,
                  const Entente__Request *request,
                  const Entente__Message *message);

/* What it answered: their stored sizes. */
void enclosed_loaded(struct context *turn, const struct load *load,
                     enum status st, struct span answer);

/* Whether a submission that waits for this answer names the file. */
bool enclosed_names(const struct node *node, const struct digest *digest);

#endif
