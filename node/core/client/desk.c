/*
 * desk.c - the table of requests, and answers made from memory alone.
 *
 * The lists and what needs the store are in lookup.c, pairing in pairing.c.
 */
#include "node/core/client/desk.h"

#include "node/core/message/acknowledge.h"
#include "node/core/log/disclose.h"
#include "node/core/client/follow.h"
#include "node/core/grow.h"
#include "node/core/message/hold.h"
#include "node/core/log/logbook.h"
#include "node/core/client/lookup.h"
#include "node/core/message/overdue.h"
#include "node/core/roster.h"
#include "node/core/bundle/packing.h"
#include "node/core/client/pairing.h"
#include "node/core/link/ping.h"
#include "node/core/message/submit.h"
#include "node/core/bundle/unpacking.h"
#include "node/core/client/watching.h"
#include "proto/words.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000, FAILURE_TEXT = 8192 };

/* --- requests of several parts ------------------------------------------- */

void
desk_parts(struct node *node, uint64_t client, uint64_t request, size_t count)
{
    if (count < 2)
        return;
    node->parts = grow_list(node->parts, &node->parts_cap,
                            node->parts_count + 1, sizeof(*node->parts));
    node->parts[node->parts_count++] = (struct parts){client, request, count};
}

/* One part less; true: there is no other. */
static bool
is_last_part(struct node *node, uint64_t client, uint64_t request)
{
    for (size_t i = 0; i < node->parts_count; i++) {
        struct parts *parts = &node->parts[i];

        if (parts->client != client || parts->request != request)
            continue;
        if (--parts->left > 0)
            return false;
        *parts = node->parts[--node->parts_count];
        return true;
    }
    return true;
}

void
desk_forget(struct node *node, uint64_t client)
{
    for (size_t i = node->parts_count; i-- > 0;)
        if (node->parts[i].client == client)
            node->parts[i] = node->parts[--node->parts_count];
    for (size_t i = 0; i < node->load_cap; i++)
        if (node->loads[i].client == client)
            node->loads[i].client = 0;
}

/* --- answers ------------------------------------------------------------- */

void
desk_answer(struct context *turn, uint64_t client, uint64_t request,
            bool last, Entente__Response *response)
{
    if (client == 0)
        return; /* nobody waits any more */
    response->id = request;
    response->last = last && is_last_part(turn->node, client, request);
    context_tell(turn, client, &response->base);
}

void
desk_fail_words(struct context *turn, uint64_t client, uint64_t request,
                enum status st, const char *path, const char *hint,
                const char *words)
{
    Entente__Response response = ENTENTE__RESPONSE__INIT;
    Entente__Failure  failure = ENTENTE__FAILURE__INIT;

    failure.code = (char *)(uintptr_t)status_name(st);
    failure.message = (char *)(uintptr_t)words;
    if (path != NULL)
        failure.path = (char *)(uintptr_t)path;
    if (hint != NULL)
        failure.hint = (char *)(uintptr_t)hint;
    response.kind_case = ENTENTE__RESPONSE__KIND_FAILURE;
    response.failure = &failure;
    desk_answer(turn, client, request, true, &response);
}

void
desk_fail(struct context *turn, uint64_t client, uint64_t request,
          enum status st, const char *path, const char *hint)
{
    desk_fail_words(turn, client, request, st, path, hint, status_words(st));
}

/* The name of a peer that was most likely meant; NULL: none is near. */
static const char *
nearest_peer(struct context *turn, struct span name)
{
    const struct node *node = turn->node;
    const char       **names = (const char **)(void *)effects_alloc(
        turn->out, (node->peer_count + 1) * sizeof(*names));
    size_t             count = 0;

    for (size_t i = 0; i < node->peer_count; i++)
        if (!peer_removed(node->peers[i]))
            names[count++] = node->peers[i]->name;
    return words_nearest(name, names, count);
}

void
desk_fail_peer(struct context *turn, uint64_t client, uint64_t request,
               const char *path, struct span name)
{
    const char *near = NULL;
    char        words[LIMIT_NAME + 64] = "a peer's name has at most 64 bytes";
    char        hint[LIMIT_NAME + 64] = "`entente peers` lists them";

    if (roster_peer_by_name(turn->node, name) != NULL) {
        snprintf(words, sizeof(words), "%.*s was removed", (int)name.len,
                 (const char *)name.ptr);
        snprintf(hint, sizeof(hint), "`entente pair` pairs with it again");
    } else if (name.len <= LIMIT_NAME) {
        snprintf(words, sizeof(words), "no peer is called %.*s", (int)name.len,
                 (const char *)name.ptr);
        near = nearest_peer(turn, name);
    }
    if (near != NULL)
        snprintf(hint, sizeof(hint), "did you mean %s?", near);
    desk_fail_words(turn, client, request, STATUS_NOT_FOUND, path, hint, words);
}

void
desk_fail_message(struct context *turn, uint64_t client, uint64_t request,
                  const struct message_faults *faults)
{
    char   text[FAILURE_TEXT] = "";
    size_t len = 0;

    for (size_t i = 0; i < faults->count && len < sizeof(text); i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s: %s",
                                i > 0 ? "\n" : "", faults->list[i].path,
                                faults->list[i].words);
    desk_fail_words(turn, client, request, STATUS_BAD_FIELD,
                    faults->count > 0 ? faults->list[0].path : "message",
                    NULL, text);
}

const char *
desk_link_word(const struct peer *peer)
{
    if (peer_removed(peer))
        return "removed";
    if (peer->link != NULL)
        return peer->link->state == SESSION_OPEN ? "up" : "dialling";
    if (peer->dialling != 0)
        return "dialling";
    if (peer->address[0] == '\0' || (peer->flags & PEER_NO_DIAL) != 0)
        return "waiting"; /* for them to call */
    return "down";
}

static void
fill_counts(const struct peer *peer, Entente__PeerStatus *out)
{
    for (size_t i = 0; i < peer->channel_count; i++) {
        out->sent += peer->channels[i]->head.size;
        out->cosigned += peer->channels[i]->cosigned.size;
    }
    out->queued = peer->outbox.count;
    out->sent_messages = peer->number;
    out->received = peer->received;
    out->unread = peer->received - peer->read; /* each was read once */
    out->oldest_queued_ms = outbox_oldest_ms(&peer->outbox);
}

static Entente__PeerStatus *
peer_status(struct context *turn, const struct peer *peer, bool times)
{
    Entente__PeerStatus *out = (Entente__PeerStatus *)(void *)effects_alloc(
        turn->out, sizeof(*out));
    char *node =
        (char *)effects_alloc(turn->out, 2 * LIMIT_NODE_ID + 1);

    entente__peer_status__init(out);
    hex_encode(peer->id.bytes, LIMIT_NODE_ID, node);
    out->name = (char *)(uintptr_t)peer->name;
    out->node = node;
    out->org = (char *)(uintptr_t)peer->card.cert.org_name;
    out->country = (char *)(uintptr_t)peer->card.cert.country;
    out->link = (char *)(uintptr_t)desk_link_word(peer);
    out->address = (char *)(uintptr_t)peer->address;
    out->alarm = (char *)(uintptr_t)peer->alarm;
    out->removed = peer_removed(peer);
    out->last_heard_ms = peer->heard_ms;
    out->clock_ahead_s = peer->skew_s;
    out->key_days_left = ((int64_t)peer->card.cert.renew_by_ms -
                          (int64_t)turn->input->wall_ms) /
                         DAY_MS;
    fill_counts(peer, out);
    overdue_fill_peer(peer, out);
    hold_fill(turn->node, peer, out);
    if (times)
        pace_fill(&peer->pace, turn, out);
    return out;
}

/* All peers, in memory of the turn. */
static Entente__PeerStatus **
all_peers(struct context *turn, bool times, size_t *count)
{
    const struct node    *node = turn->node;
    Entente__PeerStatus **out = (Entente__PeerStatus **)(void *)effects_alloc(
        turn->out, (node->peer_count + 1) * sizeof(*out));

    *count = node->peer_count;
    for (size_t i = 0; i < *count; i++)
        out[i] = peer_status(turn, node->peers[i], times);
    return out;
}

enum { OWN_ALARMS = 2 };

/* What is wrong with this node itself. */
static size_t
own_alarms(struct context *turn, char *out[static OWN_ALARMS])
{
    const char *held = hold_alarm(turn);
    const char *keys = "this node's keys are past their renew-by date";
    size_t      count = 0;

    if (held != NULL)
        out[count++] = (char *)(uintptr_t)held;
    if (turn->node->cert.renew_by_ms < turn->input->wall_ms)
        out[count++] = (char *)(uintptr_t)keys;
    return count;
}

static void
on_status(struct context *turn, uint64_t client,
          const Entente__Request *request)
{
    const struct node       *node = turn->node;
    Entente__Response        response = ENTENTE__RESPONSE__INIT;
    Entente__StatusResponse  status = ENTENTE__STATUS_RESPONSE__INIT;
    char                     id[2 * LIMIT_NODE_ID + 1];
    char                    *alarms[OWN_ALARMS];

    hex_encode(node->cert.node.bytes, LIMIT_NODE_ID, id);
    status.node = id;
    status.name = (char *)(uintptr_t)node->cert.node_name;
    status.org = (char *)(uintptr_t)node->cert.org_name;
    status.version = (char *)(uintptr_t)ENTENTE_VERSION;
    status.listen = (char *)(uintptr_t)node->listen;
    status.uptime_s = (turn->input->mono_ms - node->started_ms) / 1000;
    status.peers = all_peers(turn, request->times, &status.n_peers);
    status.n_alarms = own_alarms(turn, alarms);
    status.alarms = alarms;
    overdue_fill(turn, &status);
    response.kind_case = ENTENTE__RESPONSE__KIND_STATUS;
    response.status = &status;
    desk_answer(turn, client, request->id, true, &response);
}

static void
on_peers(struct context *turn, uint64_t client,
         const Entente__Request *request)
{
    Entente__Response      response = ENTENTE__RESPONSE__INIT;
    Entente__PeersResponse peers = ENTENTE__PEERS_RESPONSE__INIT;

    peers.peers = all_peers(turn, request->times, &peers.n_peers);
    response.kind_case = ENTENTE__RESPONSE__KIND_PEERS;
    response.peers = &peers;
    desk_answer(turn, client, request->id, true, &response);
}

/* --- all that is asked ---------------------------------------------------- */

/* What is asked beyond this has to wait for answers to be read. */
static bool
is_too_much(const struct context *turn, uint64_t client)
{
    const struct node *node = turn->node;
    size_t             count = 0;

    for (size_t i = 0; i < node->load_cap; i++)
        count += node->loads[i].token != 0 && node->loads[i].client == client;
    return count >= DESK_LOADS || turn->told > DESK_ANSWERS;
}

void
desk_end(struct context *turn)
{
    struct node *node = turn->node;

    for (size_t i = 0; i < node->load_cap; i++) {
        struct load *load = &node->loads[i];

        if (load->token != 0)
            desk_fail_words(turn, load->client, load->request, STATUS_AGAIN,
                            NULL, "ask again; nothing was sent or changed",
                            "the node closes its links, to end or for a "
                            "capture, and answers nothing from before");
        roster_load_free(load);
    }
    watching_end(turn);
    follow_end(turn, NULL, NULL, STATUS_AGAIN,
               "the node closes its links, to end or for a capture, and "
               "follows this message no longer",
               "the message is safe and goes on by itself; `entente show` "
               "tells how far it is");
    node->parts_count = 0;
}

/* X(kind, handler): the requests that the core answers */
#define REQUEST_LIST(X)                                                        \
    X(STATUS, on_status)                                                       \
    X(PEERS, on_peers)                                                         \
    X(OWN_CARD, pairing_card)                                                  \
    X(PAIR, pairing_pair)                                                      \
    X(PEER_REMOVE, pairing_remove)                                             \
    X(CLEAR_ALARM, pairing_clear_alarm)                                        \
    X(SUBMIT, submit_request)                                                  \
    X(LIST, lookup_list)                                                       \
    X(SHOW, lookup_show)                                                       \
    X(ANSWER, acknowledge_request)                                             \
    X(EVIDENCE, disclose_request)                                              \
    X(LOG, logbook_request)                                                    \
    X(STATE, lookup_state)                                                     \
    X(PING, ping_request)                                                      \
    X(EVENTS, watching_request)                                                \
    X(BUNDLE_EXPORT, packing_request)                                          \
    X(BUNDLE_IMPORT, unpacking_request)

void
desk_take(struct context *turn, uint64_t client, struct span bytes)
{
    const Entente__Request *request = (const Entente__Request *)context_parse(
        turn, &entente__request__descriptor, bytes);

    if (request == NULL) {
        desk_fail(turn, client, 0, STATUS_BAD_ENCODING, "request",
                  "not a request of this version's control.proto");
        return;
    }
    if (is_too_much(turn, client)) {
        desk_fail(turn, client, request->id, STATUS_FULL, NULL,
                  "too much is asked at once: read the answers to what is "
                  "under way, then ask again");
        return;
    }
    switch (request->kind_case) {
#define REQUEST_CASE(kind, handler)                                            \
    case ENTENTE__REQUEST__KIND_##kind:                                        \
        handler(turn, client, request);                                        \
        return;
        REQUEST_LIST(REQUEST_CASE)
#undef REQUEST_CASE
    default:
        desk_fail(turn, client, request->id, STATUS_BAD_ENCODING, "kind",
                  "this request is not answered here");
    }
}
