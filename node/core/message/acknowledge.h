/*
 * acknowledge.h - a person answers a message of a peer's: acknowledged, or
 * declined with the reason, in the name of a post (DESIGN 7, rule 10).
 *
 * The answer is durable when the client hears that it is done, and goes out
 * as an ANSWER entry with the link that is up, or the next one.
 */
#ifndef CORE_ACKNOWLEDGE_H
#define CORE_ACKNOWLEDGE_H

#include "node/core/client/lookup.h"

/* BAD_FIELD: verdict, text.  BAD_STATE: the message is ours, or nobody here
 * could read it. */
void acknowledge_request(struct context *turn, uint64_t client,
                         const Entente__Request *request);

/* The store's answer: which message is meant. */
void acknowledge_loaded(struct context *turn, const struct load *load,
                        struct span answer);

#endif
