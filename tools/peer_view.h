/*
 * peer_view.h - peers as a table and as JSON, the same for status and peers.
 */
#ifndef TOOLS_PEER_VIEW_H
#define TOOLS_PEER_VIEW_H

#include "control.pb-c.h"
#include "proto/status.h"

#include <jansson.h>
#include <stdio.h>

/* [{name, link, queued, sent, received, unread, ...}]; NULL: no memory. */
json_t *peer_view_json(Entente__PeerStatus *const *peers, size_t count);

/* As wide as the terminal, where standard output is one. */
NODISCARD enum status peer_view_table(Entente__PeerStatus *const *peers,
                                      size_t count, FILE *out);

/* All that is known of one, a line each, on standard output. */
void peer_view_one(const Entente__PeerStatus *peer);

#endif
