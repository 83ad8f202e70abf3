/*
 * greeting.h - what a bundle begins with: the frames that its writer says but
 * does not sign one by one, and that the bundle's own signature covers.
 */
#ifndef CORE_GREETING_H
#define CORE_GREETING_H

#include "crypto/bundle_writer.h"
#include "node/core/peer.h"

/* Puts Hello, Sizes, Cosigned and Fetch.  What has no room waits for the next
 * bundle.  *receipts: logs of theirs whose receipt is in it. */
void greeting_put(const struct peer *peer, struct context *turn,
                  struct bundle_writer *writer, uint64_t *receipts);

/* Of the peer's logs, one whose writer may not have our newest receipt, or
 * that we have lost entries of. */
bool greeting_is_due(const struct peer *peer);

#endif
