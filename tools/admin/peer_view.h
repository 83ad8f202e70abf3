/*
 * peer_view.h - peers as a table and as JSON, the same for status and peers.
 */
#ifndef TOOLS_PEER_VIEW_H
#define TOOLS_PEER_VIEW_H

#include "control.pb-c.h"
#include "tools/cli/cli.h"

#include <jansson.h>
#include <stdio.h>

/* [{name, link, queued, sent, received, unread, ...}]; NULL: no memory. */
json_t *peer_view_json(Entente__PeerStatus *const *peers, size_t count);
/* The same list as {"peers"}, and one of it. */
json_t *peer_view_all_json(const Entente__PeersResponse *peers);
json_t *peer_view_one_json(const Entente__PeerStatus *peer);

/* A line for each peer whose outbox fills, or for which something is held. */
void peer_view_room(Entente__PeerStatus *const *peers, size_t count,
                    FILE *out);

/* As wide as the terminal, where standard output is one. */
NODISCARD enum status peer_view_table(Entente__PeerStatus *const *peers,
                                      size_t count, FILE *out);

/* All that is known of one, a line each, on standard output. */
void peer_view_one(const Entente__PeerStatus *peer);

#endif
