/*
 * unpacking.h - a peer's bundle as it is read (PROTOCOL 6.10).
 *
 *   first piece --proven--> record after record --> end
 *
 * The client brings one piece of the file at a time and is answered when what
 * the piece changed is durable.  What would close a link ends the reading of
 * that log in this bundle; what is damaged is passed over.  Reading a bundle
 * twice, or late, or not to its end, changes nothing that another way of the
 * same entries would not.
 *
 * Holds one record, whatever the size of the bundle.
 */
#ifndef CORE_UNPACKING_H
#define CORE_UNPACKING_H

#include "node/core/client/desk.h"
#include "node/core/peer.h"

struct unpacking;

/* BundleImportRequest: begins to read a bundle, goes on, or ends. */
void unpacking_request(struct context *turn, uint64_t client,
                       const Entente__Request *request);

/* The client is gone; or the node closes (all of them; the next piece of each
 * is refused). */
void unpacking_forget(struct node *node, uint64_t client);
void unpacking_clear(struct node *node);

#endif
