/*
 * restore.c - one function a kind of record.
 *
 * What only the index needs (bodies, trails of single messages, verdicts)
 * passes through here without a trace.
 */
#include "node/core/restore.h"

#include "node/core/log/answer.h"
#include "node/core/log/lane.h"
#include "node/core/log/receipt.h"
#include "node/core/restore_channel.h"
#include "node/core/roster.h"

#include <stdio.h>
#include <string.h>

void
restore_forget(struct node *node)
{
    for (size_t i = 0; i < node->peer_count; i++)
        peer_free(node->peers[i]);
    node->peer_count = 0;
}

static struct peer *
peer_of_channel(struct node *node, const struct record *record)
{
    return roster_peer_by_id(node, &record->origin.recipient);
}

static struct peer *
peer_of_witness(struct node *node, const struct record *record)
{
    return roster_peer_by_id(node, &record->origin.sender);
}

static struct channel *
channel_of(struct node *node, const struct record *record)
{
    struct peer       *peer = peer_of_channel(node, record);
    struct origin_text text = origin_format(&record->origin);

    return peer != NULL ? peer_channel_of(peer, origin_span(&text)) : NULL;
}

static struct witness *
witness_of(struct node *node, const struct record *record)
{
    struct peer       *peer = peer_of_witness(node, record);
    struct origin_text text = origin_format(&record->origin);

    return peer != NULL ? peer_witness_of(peer, origin_span(&text)) : NULL;
}

static struct head
head_of(const struct record *record)
{
    struct head head = {.size = record->size};

    memcpy(head.root.bytes, record->root, LIMIT_DIGEST);
    return head;
}

/* --- peers --------------------------------------------------------------- */

static enum status
on_peer(struct node *node, const struct record *record)
{
    struct peer  *peer = roster_peer_by_id(node, &record->peer);
    struct reader in = reader_of(record->bytes);
    struct span   text = reader_take32(&in, LIMIT_CARD);
    struct span   address = reader_take16(&in, LIMIT_ADDRESS);
    struct span   ceiling = reader_take16(&in, LIMIT_NAME);
    struct card   card;
    size_t        line;

    if (reader_end(&in) != STATUS_OK || record->words.len > LIMIT_NAME ||
        card_parse(text, &card, &line) != STATUS_OK)
        return STATUS_CORRUPT;
    if (peer == NULL) {
        peer = peer_new(&card, text, record->words);
        roster_peer_add(node, peer);
    } else {
        peer_take_card(peer, &card, text, record->words);
    }
    memcpy(peer->address, address.ptr, address.len);
    peer->address[address.len] = '\0';
    memcpy(peer->ceiling, ceiling.ptr, ceiling.len);
    peer->ceiling[ceiling.len] = '\0';
    peer->paired_ms = record->time;
    peer->flags = record->state;
    secret_wipe(&peer->pair_secret); /* the keyring has the one in use */
    peer->secret_number = record->number;
    peer->secret_epoch = (uint32_t)record->number;
    return roster_attach_keys(node, peer);
}

static enum status
on_stamp(struct peer *peer, const struct record *record)
{
    peer->stamp_used = record->number;
    peer->stamp_seen = record->count;
    return STATUS_OK;
}

static enum status
on_bundles(struct peer *peer, const struct record *record)
{
    peer->bundle_used = record->number;
    peer->bundle_taken = record->count;
    return STATUS_OK;
}

static enum status
on_chain(struct peer *peer, const struct record *record)
{
    memcpy(peer->confirmed, record->key, LIMIT_DIGEST);
    memcpy(peer->pending, record->root, LIMIT_DIGEST);
    return STATUS_OK;
}

static enum status
on_sealkey(struct peer *peer, const struct record *record)
{
    struct peer_announced said = {.number = record->vault,
                                  .secret_epoch = (uint32_t)record->count};

    if (record->outgoing)
        return peer_own_key(peer, record->vault) != NULL ? STATUS_OK
                                                         : STATUS_CORRUPT;
    if (dh_public_check(record->key) != STATUS_OK)
        return STATUS_CORRUPT;
    memcpy(said.key, record->key, LIMIT_KEY);
    if (record->state == 1) {
        peer->seal_to = said;
        peer->changed_at = record->size;
        return STATUS_OK;
    }
    peer->announced = said;
    peer->announced_at = record->size;
    return origin_parse(record->words, &peer->announced_in) == STATUS_OK
               ? STATUS_OK
               : STATUS_CORRUPT;
}

static enum status
on_key_size(struct node *node, const struct record *record)
{
    struct peer *peer = peer_of_channel(node, record);

    if (peer == NULL || peer->announced.number != record->vault)
        return STATUS_CORRUPT;
    peer->seal_to = peer->announced;
    peer->changed_at = record->size;
    return STATUS_OK;
}

static enum status
on_number(struct peer *peer, const struct record *record)
{
    peer->number = record->number;
    peer->received = record->size;
    peer->read = record->count;
    return STATUS_OK;
}

static enum status
on_alarm(struct peer *peer, const struct record *record)
{
    snprintf(peer->alarm, sizeof(peer->alarm), "%.*s",
             (int)record->words.len, (const char *)record->words.ptr);
    return STATUS_OK;
}

static enum status
on_recovery(struct peer *peer, const struct record *record)
{
    peer->recovery = record->state;
    if ((record->state & RECOVERY_LACKS) == 0)
        said_clear(&peer->said);
    return STATUS_OK;
}

static enum status
on_pending(struct peer *peer, const struct record *record)
{
    struct outbox_item item = {.id = record->id,
                               .precedence =
                                   (enum precedence)record->precedence,
                               .time_ms = record->time,
                               .len = (uint32_t)record->count,
                               .saved = true};

    if (item.precedence == 0 || item.precedence >= PRECEDENCE_COUNT)
        return STATUS_CORRUPT;
    return outbox_put(&peer->outbox, &item, NULL);
}

static enum status
on_struck(struct peer *peer, const struct record *record)
{
    if (outbox_strike(&peer->outbox, &record->id) != STATUS_OK)
        return STATUS_CORRUPT;
    return STATUS_OK;
}

/* --- what they say -------------------------------------------------------- */

static enum status
on_in_channel(struct node *node, const struct record *record)
{
    struct peer           *peer = peer_of_witness(node, record);
    struct reader          in = reader_of(record->bytes);
    struct merkle_frontier frontier;

    if (peer == NULL || merkle_decode(&in, &frontier) != STATUS_OK ||
        reader_end(&in) != STATUS_OK || record->count > frontier.size ||
        frontier.size - record->count > lane_ahead(record->origin.lane))
        return STATUS_CORRUPT;
    witness_restore(peer_witness_add(peer, &record->origin), &frontier,
                    record->count, record->state != 0);
    return STATUS_OK;
}

static enum status
on_missing(struct node *node, const struct record *record)
{
    struct witness *witness = witness_of(node, record);

    return witness == NULL ? STATUS_CORRUPT
                           : witness_restore_missing(witness, record);
}

static enum status
on_in_leaves(struct node *node, const struct record *record)
{
    struct peer    *peer = peer_of_witness(node, record);
    struct witness *witness = witness_of(node, record);
    bool            given;
    enum status     st;

    if (peer == NULL)
        return STATUS_CORRUPT;
    if (witness == NULL && record->index == 0)
        witness = peer_witness_add(peer, &record->origin);
    if (witness == NULL)
        return STATUS_CORRUPT;
    given = witness->given;
    witness->given = true; /* as some were, when that was written */
    st = witness_leaves(witness, record->first, record->ephemeral,
                        record->salt, record->index, record->bytes);
    witness->given = given;
    return st == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
}

static enum status
on_in_head(struct node *node, const struct record *record)
{
    struct witness *witness = witness_of(node, record);
    struct head     head = head_of(record);

    return witness == NULL ? STATUS_CORRUPT
                           : witness_restore_head(witness, &head,
                                                  record->signature);
}

static enum status
on_stopped(struct node *node, const struct record *record)
{
    struct peer    *peer = peer_of_witness(node, record);
    struct witness *witness = witness_of(node, record);

    if (peer == NULL)
        return STATUS_CORRUPT;
    if (witness == NULL) /* its first head was the wrong one */
        witness = peer_witness_add(peer, &record->origin);
    witness->stopped = true;
    return STATUS_OK;
}

static enum status
on_in_entry(struct node *node, const struct record *record)
{
    struct peer    *peer = peer_of_witness(node, record);
    struct witness *witness = witness_of(node, record);

    if (witness == NULL || witness_wanted(witness, record->index) == NULL)
        return STATUS_CORRUPT;
    witness_settle(witness, record->index);
    if (record->state == STATE_NEW || record->state == STATE_READ ||
        record->state == STATE_QUARANTINED)
        peer->received++;
    peer->read += record->state == STATE_QUARANTINED;
    return STATUS_OK;
}

static enum status
on_in_cosigned(struct node *node, const struct record *record)
{
    struct witness    *witness = witness_of(node, record);
    struct head        head = head_of(record);
    struct cosignature cosignature = {.time_s = record->time};

    if (witness == NULL || head.size > witness->head.size)
        return STATUS_CORRUPT;
    memcpy(cosignature.signature, record->signature, LIMIT_SIGNATURE);
    receipt_restore(witness, &head, &cosignature);
    return STATUS_OK;
}

static enum status
on_trail(struct peer *peer, const struct record *record)
{
    if (!record->outgoing && record->state == STATE_READ)
        peer->read++;
    return STATUS_OK;
}

static enum status
on_due(struct node *node, const struct record *record)
{
    struct peer    *peer = peer_of_witness(node, record);
    struct witness *witness = witness_of(node, record);

    if (witness == NULL || record->index >= witness->head.size ||
        record->count > witness->head.size - record->index ||
        record->precedence >= PRECEDENCE_COUNT)
        return STATUS_CORRUPT;
    answer_restore(peer, witness, record);
    return STATUS_OK;
}

/* --- all ------------------------------------------------------------------ */

/* What people here had done before a loss; a body that never comes. */
static enum status
on_verdict(struct node *node, const struct record *record)
{
    struct peer    *peer = peer_of_witness(node, record);
    struct witness *witness = witness_of(node, record);

    if (record->outgoing)
        return STATUS_OK;
    if (record->state != STATE_REFUSED && record->state != STATE_LOST) {
        if (peer == NULL)
            return STATUS_CORRUPT;
        said_restore(&peer->said, record);
        return STATUS_OK;
    }
    if (witness == NULL || witness_wanted(witness, record->index) == NULL)
        return STATUS_CORRUPT;
    witness_settle(witness, record->index);
    return STATUS_OK;
}

static enum status
on_vaults(struct node *node, const struct record *record)
{
    vaults_replay(&node->vaults, record);
    return STATUS_OK;
}

static enum status
on_snapshot(struct node *node, const struct record *record)
{
    restore_forget(node);
    node->next_dial = record->number;
    node->next_token = record->count;
    return STATUS_OK;
}

static enum status (*const of_peer[RECORD_LAST + 1])(
    struct peer *peer, const struct record *record) = {
    [RECORD_STAMP] = on_stamp,
    [RECORD_CHAIN] = on_chain,
    [RECORD_BUNDLES] = on_bundles,
    [RECORD_RECOVERY] = on_recovery,
    [RECORD_PENDING] = on_pending,
    [RECORD_STRUCK] = on_struck,
    [RECORD_TRAIL] = on_trail,
    [RECORD_SEALKEY] = on_sealkey,
    [RECORD_ALARM] = on_alarm,
    [RECORD_PENDING_REF] = on_pending,
    [RECORD_NUMBER] = on_number,
    [RECORD_AWAIT] = awaiting_restore,
    [RECORD_ATTACHMENT] = owed_restore,
    [RECORD_CHUNKS] = wanted_restore_chunks,
};

/* Of one log of ours, which may be new. */
static enum status (*const of_channel[RECORD_LAST + 1])(
    struct peer *peer, struct channel *channel, const struct record *record) = {
    [RECORD_OUT_CHANNEL] = restore_channel_begin,
    [RECORD_OUT_ENTRY] = restore_channel_entry,
    [RECORD_OUT_HEAD] = restore_channel_head,
    [RECORD_OUT_COSIGNED] = restore_channel_cosigned,
    [RECORD_CLOSED] = restore_channel_closed,
    [RECORD_REGAINED] = restore_channel_regained,
};

static enum status (*const of_node[RECORD_LAST + 1])(
    struct node *node, const struct record *record) = {
    [RECORD_PEER] = on_peer,
    [RECORD_IN_LEAVES] = on_in_leaves,
    [RECORD_IN_HEAD] = on_in_head,
    [RECORD_IN_ENTRY] = on_in_entry,
    [RECORD_IN_COSIGNED] = on_in_cosigned,
    [RECORD_VERDICT] = on_verdict,
    [RECORD_SNAPSHOT] = on_snapshot,
    [RECORD_IN_CHANNEL] = on_in_channel,
    [RECORD_MISSING] = on_missing,
    [RECORD_VAULTS] = on_vaults,
    [RECORD_KEY_SIZE] = on_key_size,
    [RECORD_STOPPED] = on_stopped,
    [RECORD_DUE] = on_due,
};

enum status
restore_record(struct node *node, const struct record *record)
{
    struct peer *peer;

    if (record->kind == RECORD_SNAPSHOT_END ||
        record->kind == RECORD_REFERS || record->kind == RECORD_DEED)
        return STATUS_OK;
    if (record->kind > RECORD_LAST)
        return STATUS_CORRUPT;
    if (of_channel[record->kind] != NULL)
        return of_channel[record->kind](peer_of_channel(node, record),
                                        channel_of(node, record), record);
    if (of_node[record->kind] != NULL)
        return of_node[record->kind](node, record);
    peer = roster_peer_by_id(node, &record->peer);
    if (peer == NULL || of_peer[record->kind] == NULL)
        return STATUS_CORRUPT;
    return of_peer[record->kind](peer, record);
}
