/*
 * metrics.h - a node's status in the Prometheus text exposition format 0.0.4.
 *
 * Names are stable: one is never given another meaning.  The table of them is
 * METRICS_LIST and METRICS_PEER_LIST; the second have a label `peer`.
 */
#ifndef TOOLS_METRICS_H
#define TOOLS_METRICS_H

#include "control.pb-c.h"

#include <jansson.h>
#include <stdio.h>

/* X(name, type, value from struct metrics_now *now, meaning) */
#define METRICS_LIST(X)                                                        \
    X("entente_up", gauge, now->up, "1 when the node answers")                 \
    X("entente_uptime_seconds", gauge, now->uptime_s,                          \
      "since the node started")                                                \
    X("entente_peers", gauge, now->peers, "paired nodes")                      \
    X("entente_links_up", gauge, now->links_up, "of these, with a link")       \
    X("entente_alarms", gauge, now->alarms, "alarms that stand")               \
    X("entente_overdue", gauge, now->overdue,                                  \
      "messages that nobody acknowledged in time")                             \
    X("entente_capture_on", gauge, now->capture, "1 while one is written")     \
    X("entente_key_days_left", gauge, now->key_days,                           \
      "until the node's certificate is due")                                   \
    X("entente_disk_free_bytes", gauge, now->free_bytes,                       \
      "on the home's disk")                                                    \
    X("entente_disk_free_percent", gauge, now->free_percent,                   \
      "of the home's disk; at 5 new messages are held")                        \
    X("entente_unattended", gauge, now->unattended,                            \
      "1 when it starts without a passphrase")                                 \
    X("entente_strangers_refused_total", counter, now->strangers_refused,      \
      "connections since the start that ended without a proof")

/* X(name, type, value from Entente__PeerStatus *peer, meaning) */
#define METRICS_PEER_LIST(X)                                                   \
    X("entente_peer_link_up", gauge, strcmp(peer->link, "up") == 0,            \
      "1 while there is a link")                                               \
    X("entente_peer_last_heard_timestamp_seconds", gauge,                      \
      peer->last_heard_ms / 1000, "wall clock; 0: not since the start")        \
    X("entente_peer_queued", gauge, peer->queued, "messages that wait")        \
    X("entente_peer_oldest_queued_timestamp_seconds", gauge,                   \
      peer->oldest_queued_ms / 1000, "wall clock; 0: none waits")              \
    X("entente_peer_quota_percent", gauge, peer->quota_percent,                \
      "of what may wait; from 90 on precedences are refused, lowest first")    \
    X("entente_peer_held", gauge, peer->held_below[0] != '\0',                \
      "1 while what waits is held for want of room")                           \
    X("entente_peer_unread", gauge, peer->unread, "that nobody has read")      \
    X("entente_peer_unanswered", gauge, peer->unanswered,                      \
      "ours that they have yet to acknowledge by a time")                      \
    X("entente_peer_oldest_unanswered_timestamp_seconds", gauge,               \
      peer->oldest_unanswered_ms / 1000, "wall clock; 0: none")                \
    X("entente_peer_to_answer", gauge, peer->to_answer,                        \
      "theirs that we have yet to acknowledge by a time")                      \
    X("entente_peer_overdue", gauge, peer->overdue,                            \
      "of both, those whose time has passed")                                  \
    X("entente_peer_key_days_left", gauge, peer->key_days_left,                \
      "until the peer's certificate is due")                                   \
    X("entente_peer_alarm", gauge, peer->alarm[0] != '\0',                     \
      "1 while an alarm stands")                                               \
    X("entente_peer_sent_messages_total", counter, peer->sent_messages,        \
      "messages dispatched to it")                                             \
    X("entente_peer_received_messages_total", counter, peer->received,         \
      "messages that came from it")                                            \
    X("entente_peer_entries_total", counter, peer->sent,                       \
      "entries of the log to it")                                              \
    X("entente_peer_entries_receipted_total", counter, peer->cosigned,         \
      "of these, with its signed receipt")

/* What is not of one peer. */
struct metrics_now {
    int64_t up;
    int64_t uptime_s;
    int64_t peers;
    int64_t links_up;
    int64_t alarms;
    int64_t overdue;
    int64_t capture;
    int64_t key_days;
    int64_t free_bytes;
    int64_t free_percent;
    int64_t unattended;
    int64_t strangers_refused;
};

/* The parts that `status` tells; NULL: the node does not answer. */
void metrics_take(struct metrics_now                *now,
                  const Entente__StatusResponse     *status);

/* Peers that were removed are left out. */
void metrics_print(const struct metrics_now      *now,
                   const Entente__StatusResponse *status, FILE *out);

/* A label's value as the format asks, without its quotes. */
void metrics_label(const char *text, FILE *out);

/* {"name": value, ..., "peers": [{"peer", ...}]}: a new reference. */
json_t *metrics_json(const struct metrics_now      *now,
                     const Entente__StatusResponse *status);

#endif
