/*
 * packing.h - a bundle that is being made for one peer (PROTOCOL 6.10).
 *
 *   request --> DISPATCH --all that waits is signed--> LEAVES -> BODIES -> end
 *
 * The client asks for one piece at a time and writes it to a file.  The first
 * piece leaves after the bundle's number, and what was dispatched for it, are
 * durable; from then on nothing that the bundle says changes any more.  When
 * the client goes, the bundle is broken off and never gone on with: what was
 * dispatched for it waits in lane courier for the next one, or for a link.
 *
 * Holds one record, whatever the size of the bundle.
 */
#ifndef CORE_PACKING_H
#define CORE_PACKING_H

#include "node/core/client/desk.h"
#include "node/core/peer.h"

struct packing;

/* BundleExportRequest: begins a bundle, or asks for its next piece. */
void packing_request(struct context *turn, uint64_t client,
                     const Entente__Request *request);

/* Whether what waits for this peer is dispatched into lane courier now. */
bool packing_dispatches(const struct peer *peer);
/* While it is: as much as may go of precedence `floor` and above, most urgent
 * first.  What is next; NULL: nothing waits. */
struct outbox_item *packing_dispatch(struct context *turn, struct peer *peer,
                                     unsigned floor);

/* After the peers' part of the turn: bundles for which all is dispatched. */
void packing_tick(struct context *turn);
/* When to look again (monotonic ms); UINT64_MAX: when something happens. */
uint64_t packing_wake_ms(const struct context *turn);

/* A piece of a log came from the store. */
void packing_loaded(struct context *turn, const struct load *load,
                    enum status st, struct span answer);

/* The client is gone; or the node closes (all of them, which are told). */
void packing_forget(struct node *node, uint64_t client);
void packing_end(struct context *turn);
void packing_clear(struct node *node);

#endif
