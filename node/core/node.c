/*
 * node.c - a turn: events in, then what became due, effects out.
 *
 *   events -> sessions, requests, loads -> per peer: answers, dispatch, sign,
 *   cosign -> per link: frames -> timers
 *
 * Invariants:
 *  (I1) a turn's state change and its records are one: whatever changes what
 *       must survive saves it in the same turn;
 *  (I2) sessions closed in a turn are freed at its end, so pointers to them
 *       are good throughout;
 *  (I3) a turn with a SNAPSHOT event saves the state before it first, so that
 *       its group begins with it.
 */
#include "node/core/node.h"

#include "node/core/attachment/retry.h"
#include "node/core/link/addresses.h"
#include "node/core/log/answer.h"
#include "node/core/client/deed.h"
#include "node/core/link/dialling.h"
#include "node/core/client/follow.h"
#include "node/core/recovery/giveback.h"
#include "node/core/grow.h"
#include "node/core/message/hold.h"
#include "node/core/loaded.h"
#include "node/core/recovery/loss.h"
#include "node/core/roster.h"
#include "node/core/link/outbound.h"
#include "node/core/bundle/packing.h"
#include "node/core/link/ping.h"
#include "node/core/client/desk.h"
#include "node/core/recovery/regain.h"
#include "node/core/restore.h"
#include "node/core/snapshot.h"
#include "node/core/message/submit.h"
#include "node/core/bundle/unpacking.h"
#include "node/core/client/watching.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- life ----------------------------------------------------------------- */

static enum status
copy_text(struct span from, char *out, size_t cap)
{
    if (from.len >= cap)
        return STATUS_TOO_LARGE;
    if (from.len > 0)
        memcpy(out, from.ptr, from.len);
    out[from.len] = '\0';
    return STATUS_OK;
}

static enum status
take_config(struct node *node, const struct node_config *config)
{
    enum status st;

    st = cert_verify(config->certificate, NULL, &node->cert);
    if (st != STATUS_OK)
        return st;
    memcpy(node->certificate.bytes, config->certificate.ptr,
           config->certificate.len);
    node->certificate.len = config->certificate.len;
    assert(config->address_count <= LIMIT_ADDRESSES);
    node->address_count = config->address_count;
    node->first_contact_expires_ms = config->first_contact_expires_ms;
    st = copy_text(config->listen, node->listen, sizeof(node->listen));
    for (size_t i = 0; st == STATUS_OK && i < node->address_count; i++)
        st = copy_text(config->addresses[i], node->addresses[i],
                       sizeof(node->addresses[i]));
    return st;
}

enum status
node_new(const struct node_config *config, struct node **out)
{
    struct node *node = grow_new(1, sizeof(*node));
    enum status  st = take_config(node, config);

    if (st != STATUS_OK) {
        free(node);
        return st;
    }
    node->parse = grow_new(NODE_PARSE_BYTES, 1);
    node->plain = grow_new(LIMIT_SEALED, 1);
    *out = node;
    return STATUS_OK;
}

void
node_free(struct node *node)
{
    if (node == NULL)
        return;
    packing_clear(node);
    unpacking_clear(node);
    restore_forget(node);
    free(node->peers);
    for (size_t i = 0; i < node->session_count; i++)
        session_free(node->sessions[i]);
    free(node->sessions);
    for (size_t i = 0; i < node->load_cap; i++)
        roster_load_free(&node->loads[i]);
    free(node->loads);
    free(node->followers);
    free(node->parts);
    free(node->pings);
    free(node->watches);
    if (node->keys != NULL)
        secret_wipe_bytes(node->keys, node->key_cap * sizeof(*node->keys));
    free(node->keys);
    recent_clear(&node->recent);
    heard_clear(&node->heard);
    free(node->parse);
    free(node->plain);
    secret_wipe_bytes(node, sizeof(*node));
    free(node);
}

enum status
node_key(struct node *node, uint8_t kind, uint8_t state, uint64_t number,
         const uint8_t owner[static LIMIT_KEY], const struct secret32 *secret)
{
    return roster_key(node, kind, state, number, owner, secret);
}

enum status
node_replay(struct node *node, const struct record *record)
{
    return restore_record(node, record);
}

enum status
node_start(struct node *node)
{
    const struct cert *cert = &node->cert;

    if (secret_is_zero(node->log_key.public_key, LIMIT_KEY) ||
        secret_is_zero(node->witness_key.public_key, LIMIT_KEY) ||
        secret_is_zero(node->link_key.public_key, LIMIT_KEY) ||
        secret_is_zero(node->first_contact.public_key, LIMIT_KEY))
        return STATUS_NOT_FOUND;
    if (!secret_equal(node->log_key.public_key, cert->log_key, LIMIT_KEY) ||
        !secret_equal(node->witness_key.public_key, cert->witness_key,
                      LIMIT_KEY) ||
        !secret_equal(node->link_key.public_key, cert->link_key, LIMIT_KEY))
        return STATUS_UNTRUSTED;
    vaults_start(&node->vaults);
    node->starting = true;
    return STATUS_OK;
}

/* (I2) */
static void
free_closed(struct context *turn)
{
    struct node *node = turn->node;

    for (size_t i = node->session_count; i-- > 0;)
        if (node->sessions[i]->closed) {
            ping_ended(turn, node->sessions[i]);
            session_free(node->sessions[i]);
            node->sessions[i] = node->sessions[--node->session_count];
        }
}

/* --- events --------------------------------------------------------------- */

static void
on_opened(struct context *turn, const struct event *event)
{
    struct session *session = roster_session(turn->node, event->link);

    if (session != NULL)
        session_connected(session, turn);
    else
        roster_session_add(turn->node,
                         session_new(turn, event->link, NULL, event->source));
}

static void
on_closed(struct context *turn, const struct event *event)
{
    struct session *session = roster_session(turn->node, event->link);

    if (session != NULL)
        session_lost(session, turn);
}

static void
on_room(struct context *turn, const struct event *event)
{
    struct session *session = roster_session(turn->node, event->link);

    if (session == NULL)
        return;
    session->room += event->room;
    session->frame_max = event->frame_max < LIMIT_FRAME ? event->frame_max
                                                        : LIMIT_FRAME;
}

static void
on_frame(struct context *turn, const struct event *event)
{
    struct session *session = roster_session(turn->node, event->link);

    if (session != NULL)
        session_frame(session, turn, event->bytes);
}

static void
on_client_gone(struct node *node, uint64_t client)
{
    follow_forget(node, client);
    desk_forget(node, client);
    ping_forget(node, client);
    watching_forget(node, client);
    packing_forget(node, client);
    unpacking_forget(node, client);
}

/* Peers hear that it is meant. */
static void
close_links(struct context *turn)
{
    struct node *node = turn->node;

    for (size_t i = 0; i < node->session_count; i++)
        if (node->sessions[i]->state == SESSION_OPEN)
            session_bye(node->sessions[i], turn, STATUS_OK);
        else
            session_close(node->sessions[i], turn, STATUS_OK);
}

/* All links closed, all requests ended; what is not in records is as after a
 * start. */
static void
quiesce(struct context *turn)
{
    struct node *node = turn->node;

    close_links(turn);
    desk_end(turn);
    packing_end(turn);
    unpacking_clear(node);
    for (size_t i = 0; i < node->peer_count; i++) {
        struct peer *peer = node->peers[i];

        peer->dial_at_ms = 0;
        peer->backoff_ms = 0;
        peer->heard_ms = 0;
        peer->loads = 0;
        peer_quiesce(peer);
        outbox_forget(&peer->outbox);
        for (size_t k = 0; k < peer->channel_count; k++)
            memset(peer->channels[k]->window, 0,
                   sizeof(peer->channels[k]->window));
    }
    memset(node->sources, 0, sizeof(node->sources));
    node->handshake_ms = 0;
    node->handshake_tokens = 0;
    node->last_echo = 0;
    node->disk_floor = 0;
    node->started_ms = 0;
    node->loss_answered = false;
    node->wake_at_ms = 0;
    recent_clear(&node->recent);
    heard_clear(&node->heard);
    vaults_start(&node->vaults);
    node->starting = true;
}

static void
take_event(struct context *turn, const struct event *event)
{
    strict_arena_reset(&turn->arena);
    switch (event->kind) {
    case EVENT_LINK_OPENED: on_opened(turn, event); break;
    case EVENT_LINK_FRAME: on_frame(turn, event); break;
    case EVENT_LINK_ROOM: on_room(turn, event); break;
    case EVENT_LINK_CLOSED: on_closed(turn, event); break;
    case EVENT_REQUEST: desk_take(turn, event->client, event->bytes); break;
    case EVENT_CLIENT_GONE: on_client_gone(turn->node, event->client); break;
    case EVENT_LOADED: loaded_take(turn, event); break;
    case EVENT_STATE_LOST:
        loss_found(turn, NULL, ENTENTE__ENTRY_OPEN__REASON__KEYRING_AHEAD);
        break;
    case EVENT_ADDRESSES: addresses_take(turn, event->bytes); break;
    case EVENT_DEED: deed_take(turn, event->bytes); break;
    case EVENT_DISK: hold_disk(turn->node, event); break;
    case EVENT_QUIESCE:
    case EVENT_TIMER:
    case EVENT_SNAPSHOT: break; /* done at the turn's ends */
    default: assert(event->kind < EVENT_KIND_COUNT);
    }
}

/* --- the turn's end ------------------------------------------------------ */

/* What a start owes: messages of closed epochs that were not given back. */
static void
start(struct context *turn)
{
    struct node *node = turn->node;

    node->started_ms = turn->input->mono_ms;
    node->starting = false;
    for (size_t i = 0; i < node->peer_count; i++)
        for (size_t k = 0; k < node->peers[i]->channel_count; k++)
            if (node->peers[i]->channels[k]->closed)
                giveback_begin(turn, node->peers[i],
                               node->peers[i]->channels[k]);
}

static void
end_peer(struct context *turn, struct peer *peer)
{
    if (peer_removed(peer)) {
        submit_dispatch(turn, peer); /* what waits is saved, and lends not */
        return;
    }
    regain_step(peer->link, turn);
    awaiting_tick(peer, turn);
    retry_tick(peer, turn);
    wanted_save_grown(peer, turn);
    answer_say(peer, turn);
    submit_dispatch(turn, peer);
    peer_sign(peer, turn);
    peer_cosign(peer, turn);
}

static void
set_timer(struct context *turn)
{
    struct node *node = turn->node;
    uint64_t     wake = packing_wake_ms(turn);

    /* What is late is closed first, so that its peer is dialled again. */
    for (size_t i = 0; i < node->session_count; i++)
        (void)session_tick(node->sessions[i], turn);
    for (size_t i = 0; i < node->peer_count; i++) {
        uint64_t at = dialling_tick(node->peers[i], turn);
        uint64_t look = awaiting_wake_ms(node->peers[i], turn);

        wake = at < wake ? at : wake;
        wake = look < wake ? look : wake;
        look = retry_wake_ms(node->peers[i]);
        wake = look < wake ? look : wake;
        if (node->peers[i]->waits_for_turn)
            wake = turn->input->mono_ms;
    }
    for (size_t i = 0; i < node->session_count; i++) {
        uint64_t at = session_tick(node->sessions[i], turn);

        wake = at < wake ? at : wake;
    }
    if (wake == UINT64_MAX)
        return;
    effects_add(turn->out, EFFECT_WAKE_AT)->mono_ms = wake;
}

/* What the turn owes the journal. */
static void
end_peers(struct context *turn)
{
    struct node *node = turn->node;

    if (node->starting)
        start(turn);
    for (size_t i = 0; i < node->peer_count; i++)
        end_peer(turn, node->peers[i]);
    packing_tick(turn);
}

/* What it owes the links. */
static void
end_links(struct context *turn)
{
    struct node *node = turn->node;

    for (size_t i = 0; i < node->session_count; i++)
        outbound_fill(node->sessions[i], turn);
    set_timer(turn);
}

static bool
has_event(const struct event *events, size_t count, enum event_kind kind)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == kind)
            return true;
    return false;
}

static void
begin_turn(struct context *turn, struct node *node,
           const struct turn_input *input, struct effects *out)
{
    struct secret32 seed;

    *turn = (struct context){.node = node,
                             .input = input,
                             .out = out,
                             .vaults = &node->vaults,
                             .rows_taken = node->rows_taken};
    memcpy(seed.bytes, input->seed, sizeof(seed.bytes));
    seed_stream_init(&turn->seeds, &seed);
    secret_wipe(&seed);
    turn->arena = strict_arena_of(node->parse, NODE_PARSE_BYTES);
    context_random(turn, out->nonce, sizeof(out->nonce));
}

void
node_turn(struct node *node, const struct turn_input *input,
          const struct event *events, size_t count, struct effects *out)
{
    struct context turn;

    begin_turn(&turn, node, input, out);
    if (has_event(events, count, EVENT_SNAPSHOT))
        snapshot_save(&turn); /* (I3) */
    for (size_t i = 0; i < count; i++)
        take_event(&turn, &events[i]);
    end_peers(&turn);
    if (has_event(events, count, EVENT_QUIESCE))
        quiesce(&turn);
    else
        end_links(&turn);
    free_closed(&turn);
    watching_saved(&turn);
    effects_order(out);
    seed_stream_wipe(&turn.seeds);
}

void
node_export(struct node *node, struct effects *out)
{
    snapshot_export(node, out);
}

const char *
node_name(const struct node *node)
{
    return node->cert.node_name;
}

const char *
node_link_peer(const struct node *node, uint64_t link)
{
    const struct session *session = roster_session(node, link);

    return session != NULL && session->peer != NULL ? session->peer->name : "";
}

size_t
node_row_count(const struct node *node)
{
    (void)node;
    return SESSION_ROWS;
}

const char *
node_row_name(const struct node *node, size_t row)
{
    (void)node;
    return session_row_name(row);
}

uint64_t
node_row_taken(const struct node *node, size_t row)
{
    assert(row < SESSION_ROWS);
    return node->rows_taken[row];
}
