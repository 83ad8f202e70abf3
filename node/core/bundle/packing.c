/*
 * packing.c - one step of a bundle for each request of its client.
 *
 * Invariants:
 *  (I1) a bundle's number is saved in the turn that tells its first piece, and
 *       so are the heads over what was dispatched for it;
 *  (I2) a piece is told only to a request for one; between requests one LOAD
 *       at most is under way;
 *  (I3) a peer has one bundle under way, a client too.
 */
#include "node/core/bundle/packing.h"

#include "node/core/bundle/cargo.h"
#include "node/core/bundle/greeting.h"
#include "node/core/grow.h"
#include "node/core/message/hold.h"
#include "node/core/log/lane.h"
#include "node/core/roster.h"
#include "node/core/message/submit.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TURN_BYTES = 16777216, /* of bodies dispatched in a turn */
    HEAD_BYTES = 1048576,  /* under one head, so that a link moves on with it */
    LOOK_MS = 100
};

struct packing {
    uint64_t             client;
    uint64_t             request; /* waits for a piece; 0: none does */
    struct peer         *peer;
    bool                 dispatching;
    size_t               left; /* messages that were waiting at the start */
    uint64_t             turn_bytes, head_bytes;
    uint64_t             dispatched, receipts;
    uint64_t             token; /* of the LOAD under way; 0: none */
    struct cargo         cargo;
    struct bundle_writer writer;
};

/* --- life ----------------------------------------------------------------- */

static struct packing **
slot_of(struct node *node, const struct packing *packing)
{
    for (size_t i = 0; i < LIMIT_BUNDLES; i++)
        if (node->packings[i] == packing)
            return &node->packings[i];
    return NULL;
}

static struct packing *
of_client(const struct node *node, uint64_t client)
{
    for (size_t i = 0; i < LIMIT_BUNDLES; i++)
        if (node->packings[i] != NULL && node->packings[i]->client == client)
            return node->packings[i];
    return NULL;
}

static void
drop(struct node *node, struct packing *packing)
{
    packing->peer->packing = NULL;
    *slot_of(node, packing) = NULL;
    bundle_writer_clear(&packing->writer);
    free(packing);
}

static void
fail(struct context *turn, struct packing *packing, enum status st,
     const char *words, const char *hint)
{
    if (packing->request != 0)
        desk_fail_words(turn, packing->client, packing->request, st, NULL,
                        hint, words);
    drop(turn->node, packing);
}

/* --- dispatching ---------------------------------------------------------- */

bool
packing_dispatches(const struct peer *peer)
{
    return peer->packing != NULL && peer->packing->dispatching;
}

/* What is in the log and not receipted fits what its reader takes. */
static bool
has_quota(const struct peer *peer)
{
    const struct channel *channel = lane_channel(peer, LANE_COURIER);

    return channel->frontier.size - channel->cosigned.size <
           LIMIT_PENDING_COUNT - LIMIT_BATCH; /* the rest is for answers */
}

static bool
may_leave(const struct peer *peer, size_t len)
{
    const struct packing *packing = peer->packing;

    return packing->left > 0 && !peer_removed(peer) && has_quota(peer) &&
           packing->turn_bytes + len <= TURN_BYTES;
}

static void
count_one(struct peer *peer, struct context *turn, size_t len)
{
    struct packing       *packing = peer->packing;
    const struct channel *channel = lane_channel(peer, LANE_COURIER);

    packing->left--;
    packing->dispatched++;
    packing->turn_bytes += len;
    packing->head_bytes += len;
    if (packing->head_bytes < HEAD_BYTES &&
        channel->frontier.size - channel->head.size < LIMIT_BATCH)
        return;
    packing->head_bytes = 0;
    peer_sign(peer, turn);
}

struct outbox_item *
packing_dispatch(struct context *turn, struct peer *peer, unsigned floor)
{
    struct channel     *channel = lane_channel(peer, LANE_COURIER);
    struct outbox_item *item;

    while ((item = outbox_first(&peer->outbox)) != NULL &&
           item->precedence >= floor && item->plain.len > 0) {
        size_t len = seal_sealed_len(item->len);

        if (!may_leave(peer, len))
            break;
        submit_leave(turn, peer, channel, item);
        count_one(peer, turn, len);
    }
    return item;
}

static bool
is_dispatched(const struct packing *packing, const struct context *turn)
{
    struct peer              *peer = packing->peer;
    const struct outbox_item *first = outbox_first(&peer->outbox);

    return packing->left == 0 || !has_quota(peer) || first == NULL ||
           first->precedence < hold_floor(turn->node, peer);
}

/* --- the bundle ----------------------------------------------------------- */

static void
tell_piece(struct context *turn, struct packing *packing, struct span piece,
           bool whole)
{
    Entente__Response             response = ENTENTE__RESPONSE__INIT;
    Entente__BundleExportResponse said =
        ENTENTE__BUNDLE_EXPORT_RESPONSE__INIT;
    const struct peer *peer = packing->peer;

    said.piece = (ProtobufCBinaryData){
        piece.len, (uint8_t *)(uintptr_t)piece.ptr};
    said.whole = whole;
    if (whole) {
        said.peer = (char *)(uintptr_t)peer->name;
        said.number = packing->writer.bundle.number;
        said.dispatched = packing->dispatched;
        said.entries = packing->cargo.entries;
        said.receipts = packing->receipts;
        said.waiting = peer->outbox.count;
    }
    response.kind_case = ENTENTE__RESPONSE__KIND_BUNDLE_EXPORT;
    response.bundle_export = &said;
    desk_answer(turn, packing->client, packing->request, true, &response);
    packing->request = 0; /* (I2) */
}

static void
close_record(struct context *turn, struct packing *packing)
{
    struct span piece;
    enum status st = bundle_writer_record(&packing->writer,
                                          &turn->node->log_key, &piece);

    if (st == STATUS_OK)
        tell_piece(turn, packing, piece, false);
    else
        fail(turn, packing, STATUS_TOO_LARGE,
             "more waits for this peer than a bundle holds",
             "let them read what was brought before, and bring back their "
             "answer");
}

static void
finish(struct context *turn, struct packing *packing)
{
    struct span piece;
    enum status st = bundle_writer_end(&packing->writer,
                                       &turn->node->log_key, &piece);

    assert(st == STATUS_OK); /* record 0 has what it must have */
    context_log(turn, "bundle: number %llu for %s was made",
                (unsigned long long)packing->writer.bundle.number,
                packing->peer->name);
    for (enum lane lane = 0; lane < LANE_COUNT; lane++)
        if (lane_channel(packing->peer, lane) != NULL)
            lane_channel(packing->peer, lane)->asked = false;
    tell_piece(turn, packing, piece, true);
    drop(turn->node, packing);
}

/* Where a piece is waited for: the next part of a log, or the end. */
static void
go_on(struct context *turn, struct packing *packing)
{
    struct query   query;
    struct load   *load;
    struct effect *effect;

    if (packing->request == 0 || packing->token != 0 || packing->dispatching)
        return;
    if (!cargo_query(&packing->cargo, &query)) {
        finish(turn, packing);
        return;
    }
    load = roster_load_new(turn->node, LOAD_PACKING);
    effect = effects_add(turn->out, EFFECT_LOAD);
    effect->token = packing->token = load->token;
    effect->query = query;
}

void
packing_loaded(struct context *turn, const struct load *load, enum status st,
               struct span answer)
{
    struct packing *packing = NULL;

    for (size_t i = 0; i < LIMIT_BUNDLES; i++)
        if (turn->node->packings[i] != NULL &&
            turn->node->packings[i]->token == load->token)
            packing = turn->node->packings[i];
    if (packing == NULL)
        return; /* it was broken off */
    packing->token = 0;
    if (st == STATUS_OK)
        st = cargo_fill(&packing->cargo, turn, &packing->writer, answer);
    if (st == STATUS_FULL)
        close_record(turn, packing);
    else if (st == STATUS_OK)
        go_on(turn, packing);
    else
        fail(turn, packing, st, "our log towards this peer cannot be read",
             "`entente doctor` tells what is wrong with this home");
}

/* All is dispatched and signed: what the bundle says stands. (I1) */
static void
begin(struct context *turn, struct packing *packing)
{
    const struct node *node = turn->node;
    struct peer       *peer = packing->peer;
    struct record      record = {.kind = RECORD_BUNDLES, .peer = peer->id};
    struct seal_key    to = {.suite = SUITE_CLASSIC,
                             .number = peer->seal_to.number,
                             .secret_epoch = peer->secret_epoch};
    struct bundle      fields = {.sender = node->cert.node,
                                 .recipient = peer->id,
                                 .serial = node->cert.serial};
    uint8_t            salt[LIMIT_SALT];
    struct dh_key      ephemeral;
    enum status        st;

    packing->dispatching = false;
    fields.number = record.number = ++peer->bundle_used;
    record.count = peer->bundle_taken;
    context_save(turn, &record, NULL);
    memcpy(to.public_key, peer->seal_to.key, LIMIT_KEY);
    if (peer->secret_epoch > 0)
        to.pair_secret = &peer->pair_secret;
    context_random_dh(turn, &ephemeral);
    context_random(turn, salt, sizeof(salt));
    st = bundle_writer_init(
        &packing->writer, &fields, &to, &ephemeral.secret, salt,
        (struct span){node->certificate.bytes, node->certificate.len});
    assert(st == STATUS_OK); /* the peer's key was checked when it came */
    dh_key_wipe(&ephemeral);
    greeting_put(peer, turn, &packing->writer, &packing->receipts);
    cargo_init(&packing->cargo, peer);
}

void
packing_tick(struct context *turn)
{
    for (size_t i = 0; i < LIMIT_BUNDLES; i++) {
        struct packing *packing = turn->node->packings[i];

        if (packing == NULL || !packing->dispatching)
            continue;
        if (peer_removed(packing->peer)) {
            fail(turn, packing, STATUS_UNTRUSTED, "the peer was removed", NULL);
            continue;
        }
        packing->turn_bytes = 0;
        packing->head_bytes = 0;
        if (!is_dispatched(packing, turn))
            continue;
        begin(turn, packing);
        go_on(turn, packing);
    }
}

uint64_t
packing_wake_ms(const struct context *turn)
{
    for (size_t i = 0; i < LIMIT_BUNDLES; i++)
        if (turn->node->packings[i] != NULL &&
            turn->node->packings[i]->dispatching)
            return turn->input->mono_ms + LOOK_MS;
    return UINT64_MAX;
}

/* --- requests ------------------------------------------------------------- */

static struct packing *
new_packing(struct context *turn, uint64_t client, struct peer *peer)
{
    struct packing **slot = slot_of(turn->node, NULL);
    struct packing  *packing;

    if (slot == NULL)
        return NULL;
    packing = grow_new(1, sizeof(*packing));
    *slot = peer->packing = packing;
    packing->client = client;
    packing->peer = peer;
    packing->dispatching = true;
    packing->left = peer->outbox.count;
    if (lane_channel(peer, LANE_COURIER) == NULL)
        peer_open_epoch(peer, turn, LANE_COURIER,
                        ENTENTE__ENTRY_OPEN__REASON__PAIRING, NULL);
    return packing;
}

/* A new bundle; NULL: it was refused, and said so. */
static struct packing *
begin_for(struct context *turn, uint64_t client,
          const Entente__Request *request)
{
    struct span     name = span_text(request->bundle_export->to);
    struct peer    *peer = roster_peer_by_name(turn->node, name);
    struct packing *packing = NULL;
    char            words[LIMIT_NAME + 64];

    if (peer == NULL || peer_removed(peer)) {
        desk_fail_peer(turn, client, request->id, "to", name);
        return NULL;
    }
    snprintf(words, sizeof(words), "a bundle for %s is being made already",
             peer->name);
    if (peer->packing == NULL && of_client(turn->node, client) == NULL)
        packing = new_packing(turn, client, peer); /* (I3) */
    if (packing == NULL)
        desk_fail_words(turn, client, request->id, STATUS_FULL, "to",
                        "ask again when it is done; a node makes at most 8 "
                        "at a time, one for each peer and client",
                        peer->packing != NULL ? words
                                              : "too many bundles are made");
    return packing;
}

void
packing_request(struct context *turn, uint64_t client,
                const Entente__Request *request)
{
    bool            first = request->bundle_export->to[0] != '\0';
    struct packing *packing = first ? begin_for(turn, client, request)
                                    : of_client(turn->node, client);

    if (packing == NULL && first)
        return;
    if (packing == NULL || packing->request != 0) {
        desk_fail(turn, client, request->id, STATUS_BAD_STATE, "to",
                  "a bundle begins with the name of its peer, and is asked "
                  "for piece by piece");
        return;
    }
    packing->request = request->id;
    go_on(turn, packing);
}

void
packing_forget(struct node *node, uint64_t client)
{
    struct packing *packing = of_client(node, client);

    if (packing != NULL)
        drop(node, packing);
}

void
packing_clear(struct node *node)
{
    for (size_t i = 0; i < LIMIT_BUNDLES; i++)
        if (node->packings[i] != NULL)
            drop(node, node->packings[i]);
}

void
packing_end(struct context *turn)
{
    for (size_t i = 0; i < LIMIT_BUNDLES; i++)
        if (turn->node->packings[i] != NULL)
            fail(turn, turn->node->packings[i], STATUS_AGAIN,
                 "the node closes, to end or for a capture: the bundle was "
                 "broken off",
                 "ask again; the next one has all that was in it");
}
