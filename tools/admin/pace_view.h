/*
 * pace_view.h - how long messages to a peer took, as JSON and as lines.
 */
#ifndef TOOLS_PACE_VIEW_H
#define TOOLS_PACE_VIEW_H

#include "control.pb-c.h"

#include <jansson.h>
#include <stdio.h>

/* [{precedence, received: {count, p50_ms, p90_ms, max_ms}, read: {...}}] */
json_t *pace_view_json(const Entente__PeerStatus *peer);

/* A line for each precedence that was sent. */
void pace_view_lines(const Entente__PeerStatus *peer, FILE *out);

/* The same for each peer that has some, after its name; of many peers only
 * where to ask. */
void pace_view_all(Entente__PeerStatus *const *peers, size_t count, FILE *out);

/* Summaries in the Prometheus text format, of all peers but the removed. */
void pace_view_metrics(const Entente__StatusResponse *status, FILE *out);

#endif
