/*
 * roster.c - the node's lists: keys of the keyring, peers, loads under
 * way.
 */
#include "node/core/roster.h"

#include "node/core/grow.h"
#include "node/core/link/session.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum status
roster_key(struct node *node, uint8_t kind, uint8_t state, uint64_t number,
           const uint8_t *owner, const struct secret32 *secret)
{
    struct node_key *key;

    if (kind == KEYRING_VAULT) {
        vaults_known(&node->vaults, number);
        return STATUS_OK;
    }
    if (state != KEYRING_CURRENT && state != KEYRING_OLD)
        return STATUS_OK;
    if (kind == KEYRING_LOG && state == KEYRING_CURRENT)
        sign_key_from_seed(secret, &node->log_key);
    if (kind == KEYRING_WITNESS && state == KEYRING_CURRENT)
        sign_key_from_seed(secret, &node->witness_key);
    if (kind == KEYRING_LINK && state == KEYRING_CURRENT)
        dh_key_from_secret(secret, &node->link_key);
    if (kind == KEYRING_FIRST_CONTACT && state == KEYRING_CURRENT)
        dh_key_from_secret(secret, &node->first_contact);
    if (kind != KEYRING_SEALING && kind != KEYRING_PAIR_SECRET)
        return STATUS_OK;
    if (node->key_count == node->key_cap) {
        size_t           cap = node->key_cap + 64;
        struct node_key *list = grow_new(cap, sizeof(*list));

        if (node->key_count > 0) {
            memcpy(list, node->keys, node->key_count * sizeof(*list));
            secret_wipe_bytes(node->keys, node->key_count * sizeof(*list));
        }
        free(node->keys);
        node->keys = list;
        node->key_cap = cap;
    }
    key = &node->keys[node->key_count++];
    *key = (struct node_key){kind, number, {0}, *secret};
    memcpy(key->owner, owner, LIMIT_KEY);
    return STATUS_OK;
}

enum status
roster_attach_keys(struct node *node, struct peer *peer)
{
    struct keyring_owner sealing =
        keyring_owner_of(&peer->id, span_text(REALM_ACTUAL));
    struct keyring_owner secret = keyring_owner_peer(&peer->id);

    for (size_t i = 0; i < node->key_count; i++) {
        const struct node_key *key = &node->keys[i];

        if (key->kind == KEYRING_SEALING &&
            secret_equal(key->owner, sealing.bytes, LIMIT_KEY) &&
            peer_own_key(peer, (uint32_t)key->number) == NULL) {
            if (peer->own_count == PEER_SEALING_KEYS)
                return STATUS_FULL;
            peer->own[peer->own_count].number = (uint32_t)key->number;
            dh_key_from_secret(&key->secret, &peer->own[peer->own_count].key);
            peer->own_count++;
        }
        if (key->kind == KEYRING_PAIR_SECRET &&
            key->number == peer->secret_number &&
            secret_equal(key->owner, secret.bytes, LIMIT_KEY))
            peer->pair_secret = key->secret;
    }
    return STATUS_OK;
}

struct peer *
roster_peer_by_id(const struct node *node, const struct node_id *id)
{
    for (size_t i = 0; i < node->peer_count; i++)
        if (node_id_equal(&node->peers[i]->id, id))
            return node->peers[i];
    return NULL;
}

struct peer *
roster_peer_by_name(const struct node *node, struct span name)
{
    for (size_t i = 0; i < node->peer_count; i++)
        if (span_equal(span_text(node->peers[i]->name), name))
            return node->peers[i];
    return NULL;
}

struct peer *
roster_peer_by_link_key(const struct node *node, const uint8_t *key)
{
    for (size_t i = 0; i < node->peer_count; i++)
        if (secret_equal(node->peers[i]->card.cert.link_key, key, LIMIT_KEY))
            return node->peers[i];
    return NULL;
}

void
roster_peer_add(struct node *node, struct peer *peer)
{
    node->peers = grow_list(node->peers, &node->peer_cap, node->peer_count + 1,
                            sizeof(struct peer *));
    node->peers[node->peer_count++] = peer;
}

struct load *
roster_load_new(struct node *node, enum load_step step)
{
    size_t i = 0;

    while (i < node->load_cap && node->loads[i].token != 0)
        i++;
    node->loads = grow_list(node->loads, &node->load_cap, i + 1,
                            sizeof(*node->loads));
    node->loads[i] =
        (struct load){.token = ++node->next_token, .step = step};
    return &node->loads[i];
}

struct load *
roster_load_next(struct node *node, const struct load *before,
                 enum load_step step)
{
    struct load *load = roster_load_new(node, step);

    load->client = before->client;
    load->request = before->request;
    load->flag = before->flag;
    load->peer = before->peer;
    return load;
}

struct load *
roster_ask(struct context *turn, enum load_step step, struct peer *peer,
           const struct query *query)
{
    struct load   *load = roster_load_new(turn->node, step);
    struct effect *effect = effects_add(turn->out, EFFECT_LOAD);

    load->peer = peer;
    effect->token = load->token;
    effect->query = *query;
    return load;
}

void
roster_load_free(struct load *load)
{
    if (load->held != NULL)
        secret_wipe_bytes(load->held, load->held_len);
    free(load->held);
    *load = (struct load){0};
}

void
roster_load_hold(struct load *load, struct span first, struct span second)
{
    size_t        room = first.len + second.len + 8;
    struct writer out = writer_of(grow_new(room, 1), room);

    assert(load->held == NULL);
    writer_put32(&out, first);
    writer_put32(&out, second);
    assert(writer_end(&out) == STATUS_OK);
    load->held = out.ptr;
    load->held_len = out.len;
}

void
roster_load_held(const struct load *load, struct span *first,
                 struct span *second)
{
    struct reader in = reader_of((struct span){load->held, load->held_len});

    *first = reader_take32(&in, LIMIT_RECORD);
    *second = reader_take32(&in, LIMIT_RECORD);
    assert(reader_end(&in) == STATUS_OK);
}

void
roster_session_add(struct node *node, struct session *session)
{
    node->sessions = grow_list(node->sessions, &node->session_cap,
                               node->session_count + 1,
                               sizeof(struct session *));
    node->sessions[node->session_count++] = session;
}

struct session *
roster_session(const struct node *node, uint64_t link)
{
    for (size_t i = 0; i < node->session_count; i++)
        if (node->sessions[i]->link == link)
            return node->sessions[i];
    return NULL;
}
