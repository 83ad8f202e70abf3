/* restore_channel.c - one function a kind of record. */
#include "node/core/restore_channel.h"

#include "node/core/log/answer.h"
#include "node/core/roster.h"

#include <string.h>

static struct head
head_of(const struct record *record)
{
    struct head head = {.size = record->size};

    memcpy(head.root.bytes, record->root, LIMIT_DIGEST);
    return head;
}

enum status
restore_channel_begin(struct peer *peer, struct channel *channel,
                      const struct record *record)
{
    struct reader          in = reader_of(record->bytes);
    struct merkle_frontier frontier;

    if (peer == NULL || merkle_decode(&in, &frontier) != STATUS_OK ||
        reader_end(&in) != STATUS_OK)
        return STATUS_CORRUPT;
    channel = peer_channel_add(peer, &record->origin);
    channel->frontier = frontier;
    channel->given_back = record->number;
    channel->closed = record->state != 0;
    return STATUS_OK;
}

/* A message of ours is this entry. */
static void
sent(struct peer *peer, const struct channel *channel,
     const struct record *record)
{
    if (record->number > peer->number)
        peer->number = record->number;
    if (record->number == 0)
        return;
    awaiting_sent(peer, &record->id, channel, record->index, record->number);
    owed_sent(peer, &record->id, channel, record->index);
}

enum status
restore_channel_entry(struct peer *peer, struct channel *channel,
                      const struct record *record)
{
    struct digest hash;
    struct leaf   leaf;

    if (peer == NULL)
        return STATUS_CORRUPT;
    if (channel == NULL && record->index == 0)
        channel = peer_channel_add(peer, &record->origin);
    if (channel != NULL && channel->regained &&
        record->index < channel->frontier.size) {
        sent(peer, channel, record); /* it was opened */
        return STATUS_OK;
    }
    if (channel == NULL || channel->frontier.size != record->index)
        return STATUS_CORRUPT;
    merkle_leaf_hash(record->leaf, &hash);
    merkle_append(&channel->frontier, &hash);
    if (!channel->regained && /* what comes back said nothing now */
        leaf_decode(record->leaf, &leaf) == STATUS_OK &&
        leaf.class == CLASS_ANSWER)
        answer_forget(peer);
    sent(peer, channel, record);
    if (channel->regained)
        channel->given_back = channel->frontier.size;
    if (record->number == 0)
        return STATUS_OK;
    if (outbox_strike(&peer->outbox, &record->id) != STATUS_OK)
        return STATUS_OK; /* dispatched in the turn that brought it */
    return STATUS_OK;
}

enum status
restore_channel_head(struct peer *peer, struct channel *channel,
                     const struct record *record)
{
    struct head   head = head_of(record);
    struct digest root;

    (void)peer;
    if (channel == NULL || head.size > channel->frontier.size)
        return STATUS_CORRUPT;
    if (head.size == channel->frontier.size) {
        merkle_root(&channel->frontier, &root);
        if (!digest_equal(&root, &head.root))
            return STATUS_CORRUPT;
        channel->head = head;
        memcpy(channel->signature, record->signature, LIMIT_SIGNATURE);
    }
    channel_note_head(channel, &head, 0);
    return STATUS_OK;
}

enum status
restore_channel_cosigned(struct peer *peer, struct channel *channel,
                         const struct record *record)
{
    struct head        head = head_of(record);
    struct cosignature cosignature = {.time_s = record->time};

    (void)peer;
    if (channel == NULL || head.size > channel->frontier.size)
        return STATUS_CORRUPT;
    memcpy(cosignature.signature, record->signature, LIMIT_SIGNATURE);
    channel_note_cosigned(channel, &head, &cosignature);
    return STATUS_OK;
}

enum status
restore_channel_closed(struct peer *peer, struct channel *channel,
                       const struct record *record)
{
    (void)peer;
    if (channel == NULL || record->size > channel->frontier.size)
        return STATUS_CORRUPT;
    channel->given_back = record->size;
    return STATUS_OK;
}

enum status
restore_channel_regained(struct peer *peer, struct channel *channel,
                         const struct record *record)
{
    (void)peer;
    if (channel == NULL || record->index > channel->frontier.size ||
        record->size > channel->frontier.size)
        return STATUS_CORRUPT;
    channel->regained = true;
    channel->retraced = record->index;
    channel->had = record->size;
    if (channel->frontier.size > record->size)
        channel->given_back = channel->frontier.size;
    return STATUS_OK;
}
