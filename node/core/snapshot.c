/* snapshot.c - one function for each thing that restore.c reads. */
#include "node/core/snapshot.h"

#include "node/core/log/answer.h"
#include "node/core/log/held.h"
#include "node/core/recovery/retrace.h"
#include "node/core/roster.h"

#include <assert.h>
#include <string.h>

static struct span
encode_frontier(struct context *turn, const struct merkle_frontier *frontier)
{
    uint8_t      *at = effects_alloc(turn->out, MERKLE_ENCODED_MAX);
    struct writer out = writer_of(at, MERKLE_ENCODED_MAX);

    merkle_encode(frontier, &out);
    assert(writer_end(&out) == STATUS_OK);
    return writer_span(&out);
}

static void
save_head(struct context *turn, enum record_kind kind,
          const struct origin *origin, const struct head *head,
          const uint8_t *signature)
{
    struct record record = {
        .kind = kind, .origin = *origin, .size = head->size};

    memcpy(record.root, head->root.bytes, LIMIT_DIGEST);
    if (signature != NULL)
        memcpy(record.signature, signature, LIMIT_SIGNATURE);
    context_save(turn, &record, NULL);
}

static void
save_cosigned(struct context *turn, enum record_kind kind,
              const struct origin *origin, const struct head *head,
              const struct cosignature *cosignature)
{
    struct record record = {.kind = kind,
                            .origin = *origin,
                            .size = head->size,
                            .time = cosignature->time_s};

    if (head->size == 0)
        return;
    memcpy(record.root, head->root.bytes, LIMIT_DIGEST);
    memcpy(record.signature, cosignature->signature, LIMIT_SIGNATURE);
    context_save(turn, &record, NULL);
}

static void
save_channel(struct context *turn, struct channel *channel)
{
    struct record record = {.kind = RECORD_OUT_CHANNEL,
                            .origin = channel->origin,
                            .number = channel->given_back,
                            .state = channel->closed};

    record.bytes = encode_frontier(turn, &channel->frontier);
    context_save(turn, &record, NULL);
    /* Older signatures are in the journal and never sent again. */
    for (size_t i = 0; i < channel->head_count; i++)
        if (channel->heads[i].head.size < channel->head.size)
            save_head(turn, RECORD_OUT_HEAD, &channel->origin,
                      &channel->heads[i].head, NULL);
    if (channel->head.size > 0)
        save_head(turn, RECORD_OUT_HEAD, &channel->origin, &channel->head,
                  channel->signature);
    save_cosigned(turn, RECORD_OUT_COSIGNED, &channel->origin,
                  &channel->cosigned, &channel->cosignature);
    if (channel->regained)
        retrace_mark(turn, channel, channel->retraced, channel->had);
}

static void
save_missing(struct context *turn, const struct witness *witness)
{
    for (uint64_t i = witness->whole; i < witness->head.size; i++) {
        const struct witness_leaf  *leaf = witness_wanted(witness, i);
        const struct witness_batch *batch;
        struct record               record = {.kind = RECORD_MISSING,
                                              .origin = witness->origin,
                                              .index = i};

        if (leaf == NULL)
            continue;
        batch = witness_batch_of(witness, leaf);
        record.first = batch->first;
        memcpy(record.ephemeral, batch->ephemeral, LIMIT_KEY);
        memcpy(record.salt, batch->salt, LIMIT_SALT);
        record.leaf = SPAN_OF(leaf->bytes);
        context_save(turn, &record, NULL);
    }
}

static void
save_witness(struct context *turn, const struct witness *witness)
{
    struct record record = {.kind = RECORD_IN_CHANNEL,
                            .origin = witness->origin,
                            .count = witness->whole,
                            .state = witness->stopped};

    record.bytes = encode_frontier(turn, &witness->frontier);
    context_save(turn, &record, NULL);
    save_missing(turn, witness);
    for (size_t i = 0; i < witness->head_count; i++)
        if (witness->heads[i].size < witness->head.size)
            save_head(turn, RECORD_IN_HEAD, &witness->origin,
                      &witness->heads[i], NULL);
    if (witness->head.size > 0)
        save_head(turn, RECORD_IN_HEAD, &witness->origin, &witness->head,
                  witness->signature);
    save_cosigned(turn, RECORD_IN_COSIGNED, &witness->origin,
                  &witness->cosigned, &witness->cosignature);
}

static void
save_keys(struct context *turn, const struct peer *peer)
{
    struct record own = {.kind = RECORD_SEALKEY,
                         .peer = peer->id,
                         .outgoing = 1,
                         .words = span_text(REALM_ACTUAL)};
    struct record theirs = {.kind = RECORD_SEALKEY, .peer = peer->id};
    struct origin_text text;

    for (size_t i = 0; i < peer->own_count; i++) {
        own.vault = peer->own[i].number;
        memcpy(own.key, peer->own[i].key.public_key, LIMIT_KEY);
        context_save(turn, &own, NULL);
    }
    if (peer->seal_to.number > 0) {
        theirs.state = 1;
        theirs.vault = peer->seal_to.number;
        theirs.count = peer->seal_to.secret_epoch;
        theirs.size = peer->changed_at;
        memcpy(theirs.key, peer->seal_to.key, LIMIT_KEY);
        context_save(turn, &theirs, NULL);
    }
    if (peer->announced.number == 0)
        return;
    text = origin_format(&peer->announced_in);
    theirs.state = 2;
    theirs.vault = peer->announced.number;
    theirs.count = peer->announced.secret_epoch;
    theirs.size = peer->announced_at;
    theirs.words = origin_span(&text);
    memcpy(theirs.key, peer->announced.key, LIMIT_KEY);
    context_save(turn, &theirs, NULL);
}

static void
save_outbox(struct context *turn, const struct peer *peer)
{
    const struct outbox_item *item;
    size_t                    cursor = 0;

    while ((item = outbox_next(&peer->outbox, &cursor)) != NULL) {
        struct record record = {.kind = RECORD_PENDING_REF,
                                .peer = peer->id,
                                .id = item->id,
                                .time = item->time_ms,
                                .precedence = (uint8_t)item->precedence,
                                .count = item->len,
                                .words = span_text(REALM_ACTUAL)};

        context_save(turn, &record, NULL);
    }
}

static void
save_peer(struct context *turn, struct peer *peer)
{
    struct record stamp = {.kind = RECORD_STAMP,
                           .peer = peer->id,
                           .number = peer->stamp_used,
                           .count = peer->stamp_seen};
    struct record chain = {.kind = RECORD_CHAIN, .peer = peer->id};
    struct record number = {.kind = RECORD_NUMBER,
                            .peer = peer->id,
                            .number = peer->number,
                            .size = peer->received,
                            .count = peer->read};
    struct record alarm = {.kind = RECORD_ALARM,
                           .peer = peer->id,
                           .words = span_text(peer->alarm)};
    struct record bundles = {.kind = RECORD_BUNDLES,
                             .peer = peer->id,
                             .number = peer->bundle_used,
                             .count = peer->bundle_taken};

    peer_save(peer, turn);
    context_save(turn, &stamp, NULL);
    memcpy(chain.key, peer->confirmed, LIMIT_DIGEST);
    memcpy(chain.root, peer->pending, LIMIT_DIGEST);
    context_save(turn, &chain, NULL);
    context_save(turn, &number, NULL);
    if (bundles.number != 0 || bundles.count != 0)
        context_save(turn, &bundles, NULL);
    if (peer->alarm[0] != '\0')
        context_save(turn, &alarm, NULL);
    save_keys(turn, peer);
    for (size_t i = 0; i < peer->channel_count; i++)
        save_channel(turn, peer->channels[i]);
    /* A log that was only named is no fact. */
    for (size_t i = 0; i < peer->witness_count; i++)
        if (peer->witnesses[i]->head.size > 0 || peer->witnesses[i]->stopped)
            save_witness(turn, peer->witnesses[i]);
    if (peer->recovery != 0)
        held_save(peer, turn);
    said_save(&peer->said, turn);
    answer_save(peer, turn, true);
    awaiting_save(peer, turn);
    owed_save(peer, turn);
    wanted_save(peer, turn);
    save_outbox(turn, peer);
}

void
snapshot_save(struct context *turn)
{
    struct node  *node = turn->node;
    struct record begin = {.kind = RECORD_SNAPSHOT,
                           .number = node->next_dial,
                           .count = node->next_token};
    struct record vaults = {.kind = RECORD_VAULTS,
                            .vault = node->vaults.current,
                            .number = node->vaults.made};
    struct record end = {.kind = RECORD_SNAPSHOT_END};
    size_t        before = turn->out->count;

    context_save(turn, &begin, NULL);
    context_save(turn, &vaults, NULL);
    for (size_t i = 0; i < node->peer_count; i++)
        save_peer(turn, node->peers[i]);
    end.count = turn->out->count - before - 1;
    context_save(turn, &end, NULL);
}

static void
export_key(struct effects *out, enum keyring_kind kind, uint64_t number,
           const uint8_t *owner, const struct secret32 *secret)
{
    struct effect *effect = effects_add(out, EFFECT_KEY);

    effect->key.kind = (uint8_t)kind;
    effect->key.state = KEYRING_CURRENT;
    effect->key.number = number;
    effect->key.secret = *secret;
    if (owner != NULL)
        memcpy(effect->key.owner, owner, LIMIT_KEY);
}

static void
export_peer_keys(const struct peer *peer, struct effects *out)
{
    struct keyring_owner sealing =
        keyring_owner_of(&peer->id, span_text(REALM_ACTUAL));
    struct keyring_owner secret = keyring_owner_peer(&peer->id);

    for (size_t i = 0; i < peer->own_count; i++)
        export_key(out, KEYRING_SEALING, peer->own[i].number, sealing.bytes,
                   &peer->own[i].key.secret);
    if (peer->secret_epoch > 0)
        export_key(out, KEYRING_PAIR_SECRET, peer->secret_number,
                   secret.bytes, &peer->pair_secret);
}

void
snapshot_export(struct node *node, struct effects *out)
{
    struct turn_input input = {0};
    struct secret32   zero = {0};
    struct context    turn = {.node = node,
                              .input = &input,
                              .out = out,
                              .vaults = &node->vaults};
    struct secret32   seed;

    memcpy(seed.bytes, node->log_key.secret.bytes, LIMIT_KEY);
    export_key(out, KEYRING_LOG, 1, NULL, &seed);
    memcpy(seed.bytes, node->witness_key.secret.bytes, LIMIT_KEY);
    export_key(out, KEYRING_WITNESS, 1, NULL, &seed);
    secret_wipe(&seed);
    export_key(out, KEYRING_LINK, 1, NULL, &node->link_key.secret);
    export_key(out, KEYRING_FIRST_CONTACT, 1, NULL,
               &node->first_contact.secret);
    for (uint32_t i = node->vaults.current + 1; i <= node->vaults.made; i++)
        export_key(out, KEYRING_VAULT, i, NULL, &zero); /* made ahead */
    for (size_t i = 0; i < node->peer_count; i++)
        export_peer_keys(node->peers[i], out);
    snapshot_save(&turn);
    effects_order(out);
}
