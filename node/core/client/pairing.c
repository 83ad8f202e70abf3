/*
 * pairing.c - cards in and out.
 *
 * Invariants:
 * (I1) Everything is judged before anything changes; a pair request that fails
 *      leaves no trace but its answer.
 * (I2) The digits are judged last, so who asks without any learns whether
 *      there is anything to compare them for.
 */
#include "node/core/client/pairing.h"

#include "crypto/safety.h"
#include "node/core/log/answer.h"
#include "node/core/client/follow.h"
#include "node/core/log/lane.h"
#include "node/core/roster.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void
pairing_card(struct context *turn, uint64_t client,
             const Entente__Request *request)
{
    const struct node     *node = turn->node;
    Entente__Response      response = ENTENTE__RESPONSE__INIT;
    Entente__CardResponse  answer = ENTENTE__CARD_RESPONSE__INIT;
    struct card            card = {.cert_bytes = node->certificate,
                                   .address_count = node->address_count,
                                   .expires_ms =
                                       node->first_contact_expires_ms};
    struct card_text       text;
    enum status            st;

    memcpy(card.address, node->addresses, sizeof(card.address));
    memcpy(card.first_contact, node->first_contact.public_key, LIMIT_KEY);
    st = card_write(&card, &node->log_key, &text);
    if (st != STATUS_OK) {
        desk_fail(turn, client, request->id, st, "card",
                     "an address of this node cannot stand in a card");
        return;
    }
    answer.card = text.text;
    response.kind_case = ENTENTE__RESPONSE__KIND_OWN_CARD;
    response.own_card = &answer;
    desk_answer(turn, client, request->id, true, &response);
}

static enum status
fail(struct context *turn, uint64_t client, const Entente__Request *request,
     enum status st, const char *path, const char *hint, const char *words)
{
    desk_fail_words(turn, client, request->id, st, path, hint, words);
    return st;
}

/* All 60 digits, or the 30 that the other side reads out. */
static enum status
check_safety(const struct node *node, const struct card *card,
             const char *digits)
{
    struct safety safety;
    enum status   st;

    st = safety_number(node->cert.org_key, card->cert.org_key, &safety);
    if (st != STATUS_OK)
        return st;
    st = safety_compare(&safety, SAFETY_ALL, span_text(digits));
    if (st == STATUS_BAD_FIELD)
        st = safety_compare(
            &safety, safety_typed_by(node->cert.org_key, card->cert.org_key),
            span_text(digits));
    return st;
}

/* The organisation of the card has paired with another key: a node of it by
 * its id, or its name and country; NULL: no. */
static const struct peer *
find_other_key(const struct node *node, const struct cert *cert)
{
    for (size_t i = 0; i < node->peer_count; i++) {
        const struct peer *peer = node->peers[i];
        const struct cert *known = &peer->card.cert;
        bool same_node = node_id_equal(&known->node, &cert->node);
        bool same_org = !peer_removed(peer) &&
                        strcmp(known->org_name, cert->org_name) == 0 &&
                        strcmp(known->country, cert->country) == 0;

        if ((same_node || same_org) &&
            !secret_equal(known->org_key, cert->org_key, LIMIT_KEY))
            return peer;
    }
    return NULL;
}

/* A node or organisation that we know, and what its card says now. */
static enum status
check_known(struct context *turn, uint64_t client,
            const Entente__Request *request, const struct peer *known,
            const struct cert *cert)
{
    const struct peer *other = find_other_key(turn->node, cert);
    char               words[2 * LIMIT_NAME + 128];

    if (other != NULL) {
        snprintf(words, sizeof(words),
                 "STOP: %s is known here under another organisation key, as "
                 "peer %s; nothing was changed",
                 cert->org_name, other->name);
        context_log(turn, "pair: %s", words);
        return fail(turn, client, request, STATUS_UNTRUSTED, "card",
                    "do not pair; speak to them by a way that you trust",
                    words);
    }
    if (known == NULL || peer_removed(known))
        return STATUS_OK;
    snprintf(words, sizeof(words), "this node is paired already, as %s",
             known->name);
    return fail(turn, client, request, STATUS_EXISTS, "card",
                "`entente peers` shows it", words);
}

/* A name that can be typed and cannot be mistaken for a reference. */
static bool
name_usable(const char *name)
{
    if (strcmp(name, "q") == 0 || name[0] == '-')
        return false;
    return cert_name_valid(span_text(name)) && strpbrk(name, "/, \t") == NULL;
}

/* The local name: as asked, or the card's in a form that can be typed. */
static void
choose_name(const Entente__PairRequest *pair, const struct card *card,
            char out[static LIMIT_NAME + 1])
{
    size_t len = 0;

    if (pair->name[0] != '\0') {
        /* What is too long is cut to an empty name, which is refused. */
        snprintf(out, LIMIT_NAME + 1, "%s",
                 strlen(pair->name) <= LIMIT_NAME ? pair->name : "");
        return;
    }
    for (const char *c = card->cert.node_name; *c != '\0'; c++)
        out[len++] = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a'
                            : *c == ' ' || *c == '/' || *c == ','
                                ? '-'
                                : *c);
    out[len] = '\0';
}

static enum status
check_request(struct context *turn, uint64_t client,
              const Entente__Request *request, const struct card *card,
              const char *name)
{
    const Entente__PairRequest *pair = request->pair;
    const struct node          *node = turn->node;
    const struct peer          *known =
        roster_peer_by_id(node, &card->cert.node);
    const struct peer *namesake = roster_peer_by_name(node, span_text(name));
    enum status        st;

    if (node_id_equal(&card->cert.node, &node->cert.node))
        return fail(turn, client, request, STATUS_BAD_FIELD, "card",
                    "hand it to them; here goes the card that they hand you",
                    "this is the node's own card");
    st = check_known(turn, client, request, known, &card->cert);
    if (st != STATUS_OK)
        return st;
    if (!name_usable(name))
        return fail(turn, client, request, STATUS_BAD_FIELD, "name",
                    "--as gives another; it stands in references: jmsdf/17",
                    "a peer's name has at most 64 bytes, no blank, slash or "
                    "comma, and is not q");
    if (namesake != NULL && namesake != known)
        return fail(turn, client, request, STATUS_EXISTS, "name",
                    "--as gives this one another name",
                    "another peer has this name already");
    if (pair->address[0] != '\0' &&
        !card_address_valid(span_text(pair->address)))
        return fail(turn, client, request, STATUS_BAD_FIELD, "address", NULL,
                    "an address is HOST:PORT");
    if (strlen(pair->ceiling) > LIMIT_NAME)
        return fail(turn, client, request, STATUS_TOO_LARGE, "ceiling", NULL,
                    "a classification has at most 64 bytes");
    if (pair->pair_secret.len != 0 && pair->pair_secret.len != LIMIT_KEY)
        return fail(turn, client, request, STATUS_BAD_FIELD, "pair_secret",
                    "`entente pair-secret` makes one",
                    "a pair secret has 32 bytes");
    if (node->peer_count >= LIMIT_PEERS)
        return fail(turn, client, request, STATUS_FULL, "peers", NULL,
                    "there are as many peers as may be (LIMIT_PEERS)");
    st = check_safety(node, card, pair->safety_number); /* (I2) */
    if (st != STATUS_OK)
        return fail(turn, client, request, st, "safety_number",
                    "compare them again, by voice",
                    "these are not the digits of the two organisations");
    return STATUS_OK;
}

/* Numbers of the keyring are never used again: the high half counts how often
 * these two were given a secret, the low half is its epoch. */
static uint64_t
next_secret_number(const struct node *node, const struct keyring_owner *owner)
{
    uint64_t given = 0;

    for (size_t i = 0; i < node->key_count; i++) {
        const struct node_key *key = &node->keys[i];

        if (key->kind == KEYRING_PAIR_SECRET &&
            secret_equal(key->owner, owner->bytes, LIMIT_KEY) &&
            given <= key->number >> 32)
            given = (key->number >> 32) + 1;
    }
    return given << 32 | 1;
}

static void
keep_secret(struct context *turn, struct peer *peer,
            const ProtobufCBinaryData *secret)
{
    struct keyring_owner owner = keyring_owner_peer(&peer->id);
    enum status          st;

    secret_wipe(&peer->pair_secret);
    peer->secret_number = 0;
    peer->secret_epoch = 0;
    if (secret->len == 0)
        return;
    memcpy(peer->pair_secret.bytes, secret->data, LIMIT_KEY);
    peer->secret_number = next_secret_number(turn->node, &owner);
    peer->secret_epoch = (uint32_t)peer->secret_number;
    peer->flags |= PEER_SECRET;
    st = roster_key(turn->node, KEYRING_PAIR_SECRET, KEYRING_CURRENT,
                    peer->secret_number, owner.bytes, &peer->pair_secret);
    assert(st == STATUS_OK);
    context_keep_key(turn, KEYRING_PAIR_SECRET, &owner, peer->secret_number,
                     &peer->pair_secret);
}

static void
answer_pair(struct context *turn, uint64_t client,
            const Entente__Request *request, const struct peer *peer)
{
    Entente__Response     response = ENTENTE__RESPONSE__INIT;
    Entente__PairResponse answer = ENTENTE__PAIR_RESPONSE__INIT;
    char                  node[2 * LIMIT_NODE_ID + 1];

    hex_encode(peer->id.bytes, LIMIT_NODE_ID, node);
    answer.name = (char *)(uintptr_t)peer->name;
    answer.node = node;
    answer.org = (char *)(uintptr_t)peer->card.cert.org_name;
    response.kind_case = ENTENTE__RESPONSE__KIND_PAIR;
    response.pair = &answer;
    desk_answer(turn, client, request->id, true, &response);
}

/* Fills what the request says of a peer that is new, or comes back. */
static void
fill_peer(struct context *turn, struct peer *peer,
          const Entente__PairRequest *pair)
{
    const char *address = pair->address;

    if (address[0] == '\0' && peer->card.address_count > 0)
        address = peer->card.address[0];
    snprintf(peer->address, sizeof(peer->address), "%s", address);
    snprintf(peer->ceiling, sizeof(peer->ceiling), "%s", pair->ceiling);
    peer->flags = pair->no_dial ? PEER_NO_DIAL : 0;
    peer->paired_ms = turn->input->wall_ms;
    peer->dial_at_ms = turn->input->mono_ms;
}

void
pairing_pair(struct context *turn, uint64_t client,
             const Entente__Request *request)
{
    const Entente__PairRequest *pair = request->pair;
    char                        name[LIMIT_NAME + 1];
    struct card                 card;
    struct peer                *peer;
    size_t                      line = 0;
    enum status                 st;

    st = card_parse(span_text(pair->card), &card, &line);
    if (st != STATUS_OK) {
        char where[32];

        snprintf(where, sizeof(where), "card line %zu", line);
        desk_fail(turn, client, request->id, st, where,
                     "the card was changed on its way; ask for it again");
        return;
    }
    choose_name(pair, &card, name);
    if (check_request(turn, client, request, &card, name) != STATUS_OK)
        return;
    peer = roster_peer_by_id(turn->node, &card.cert.node);
    if (peer == NULL) {
        peer = peer_new(&card, span_text(pair->card), span_text(name));
        roster_peer_add(turn->node, peer);
    } else {
        peer_take_card(peer, &card, span_text(pair->card), span_text(name));
    }
    fill_peer(turn, peer, pair);
    keep_secret(turn, peer, &pair->pair_secret);
    /* A turn that was lost before its commit may have left our keys. */
    st = roster_attach_keys(turn->node, peer);
    assert(st == STATUS_OK);
    peer_save(peer, turn);
    peer_open_epoch(peer, turn, LANE_WIRE,
                    ENTENTE__ENTRY_OPEN__REASON__PAIRING, NULL);
    context_log(turn, "pair: paired with %s (%s)", peer->name,
                peer->card.cert.org_name);
    answer_pair(turn, client, request, peer);
}

/* Those that are not yet its link, too. */
static void
close_links(struct context *turn, const struct peer *peer)
{
    struct node *node = turn->node;

    for (size_t i = 0; i < node->session_count; i++)
        if (node->sessions[i]->peer == peer)
            session_close(node->sessions[i], turn, STATUS_OK);
}

void
pairing_remove(struct context *turn, uint64_t client,
               const Entente__Request *request)
{
    Entente__Response response = ENTENTE__RESPONSE__INIT;
    Entente__Nothing  nothing = ENTENTE__NOTHING__INIT;
    struct peer      *peer =
        roster_peer_by_name(turn->node, span_text(request->peer_remove->name));

    if (peer == NULL || peer_removed(peer)) {
        desk_fail_peer(turn, client, request->id, "name",
                       span_text(request->peer_remove->name));
        return;
    }
    answer_say(peer, turn);
    peer_sign(peer, turn);
    peer->flags |= PEER_REMOVED;
    peer_save(peer, turn);
    awaiting_settle_all(peer, turn);
    owed_refused_all(peer, turn);
    close_links(turn, peer);
    follow_end(turn, peer, NULL, STATUS_UNTRUSTED,
               "the peer was removed: what waits for it stays here",
               "`entente show` tells how far a message came");
    context_log(turn, "pair: %s was removed; its log is kept", peer->name);
    response.kind_case = ENTENTE__RESPONSE__KIND_DONE;
    response.done = &nothing;
    desk_answer(turn, client, request->id, true, &response);
}

/* NULL: no such peer, or it has no such alarm; the client was told. */
static struct peer *
alarmed_peer(struct context *turn, uint64_t client,
             const Entente__Request *request)
{
    const Entente__ClearAlarm *clear = request->clear_alarm;
    struct peer *peer = roster_peer_by_name(turn->node, span_text(clear->name));

    if (peer == NULL)
        desk_fail_peer(turn, client, request->id, "name",
                       span_text(clear->name));
    else if (peer->alarm[0] == '\0')
        (void)fail(turn, client, request, STATUS_NOT_FOUND, "name",
                   "`entente peers` shows what stands where",
                   "no alarm stands at this peer");
    else if (strcmp(peer->alarm, clear->words) != 0)
        (void)fail(turn, client, request, STATUS_AGAIN, "words",
                   "look at it first", "another alarm stands there now");
    else if (lane_stopped(peer) != NULL)
        (void)fail(turn, client, request, STATUS_BAD_STATE, "name",
                   lane_stopped(peer), "this alarm is not ended by words");
    else
        return peer;
    return NULL;
}

void
pairing_clear_alarm(struct context *turn, uint64_t client,
                    const Entente__Request *request)
{
    Entente__Response response = ENTENTE__RESPONSE__INIT;
    Entente__Nothing  nothing = ENTENTE__NOTHING__INIT;
    struct peer      *peer = alarmed_peer(turn, client, request);

    if (peer == NULL)
        return;
    peer_clear_alarm(peer, turn);
    response.kind_case = ENTENTE__RESPONSE__KIND_DONE;
    response.done = &nothing;
    desk_answer(turn, client, request->id, true, &response);
}
