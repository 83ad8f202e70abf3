/*
 * disclose.h - one message's entry with its content key, and the entries that
 * answer it: what evidence is made of (PROTOCOL 7.8).
 *
 * A content key opens its own entry and no other.  The key of the message and
 * those of the ANSWER entries that name it leave the node, with a line in the
 * log that says so; no other does.  Proofs are made of what logbook.h gives.
 */
#ifndef CORE_DISCLOSE_H
#define CORE_DISCLOSE_H

#include "node/core/client/lookup.h"

/* BAD_STATE: it has not left yet, or nobody here has a key to it; NOT_FOUND. */
void disclose_request(struct context *turn, uint64_t client,
                      const Entente__Request *request);

/* The store's answers: which message, its entry, the log that answers it. */
void disclose_row(struct context *turn, const struct load *load,
                  struct span answer);
void disclose_entry(struct context *turn, const struct load *load,
                    struct span answer);
void disclose_answers(struct context *turn, const struct load *load,
                      struct span answer);

#endif
