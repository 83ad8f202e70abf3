/*
 * owed.c - a bounded list a peer, searched from end to end.
 *
 * Invariants:
 *  (I1) what changes a list is saved in the same turn, except owed_sent, which
 *       the OUT_ENTRY record tells;
 *  (I2) a file is dropped in the turn in which the last one that was owed it
 *       leaves its list, unless a submission that names it is under way.
 */
#include "node/core/attachment/owed.h"

#include "node/core/attachment/enclosed.h"
#include "node/core/attachment/feeding.h"
#include "node/core/grow.h"
#include "node/core/roster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- the list ------------------------------------------------------------- */

void
owed_clear(struct owed *owed)
{
    free(owed->list);
    *owed = (struct owed){0};
}

static bool
is_of(const struct owed_file *file, const struct message_id *id,
      const struct digest *digest)
{
    return memcmp(file->id.bytes, id->bytes, LIMIT_MESSAGE_ID) == 0 &&
           digest_equal(&file->digest, digest);
}

static size_t
place_of(const struct owed *owed, const struct message_id *id,
         const struct digest *digest)
{
    size_t i = 0;

    while (i < owed->count && !is_of(&owed->list[i], id, digest))
        i++;
    return i;
}

static void
add(struct owed *owed, const struct owed_file *file)
{
    assert(owed->count < LIMIT_OWED);
    owed->list = grow_list(owed->list, &owed->cap, owed->count + 1,
                           sizeof(*owed->list));
    owed->list[owed->count++] = *file;
}

static void
take_out(struct owed *owed, size_t at)
{
    assert(at < owed->count);
    owed->count--;
    memmove(&owed->list[at], &owed->list[at + 1],
            (owed->count - at) * sizeof(*owed->list));
}

struct owed_file *
owed_find(struct peer *peer, const struct digest *digest)
{
    for (size_t i = 0; i < peer->owed.count; i++)
        if (digest_equal(&peer->owed.list[i].digest, digest))
            return &peer->owed.list[i];
    return NULL;
}

/* --- records -------------------------------------------------------------- */

static void
save(struct context *turn, const struct peer *peer,
     const struct owed_file *file, enum record_attachment state)
{
    struct record record = {.kind = RECORD_ATTACHMENT,
                            .peer = peer->id,
                            .outgoing = 1,
                            .id = file->id,
                            .index = file->index,
                            .size = file->shape.stored,
                            .time = file->since_ms,
                            .state = (uint8_t)state,
                            .precedence = (uint8_t)file->precedence};

    memcpy(record.root, file->digest.bytes, LIMIT_DIGEST);
    if (file->channel != NULL)
        record.words = origin_span(&file->channel->text);
    context_save(turn, &record, NULL);
}

void
owed_save(const struct peer *peer, struct context *turn)
{
    for (size_t i = 0; i < peer->owed.count; i++)
        save(turn, peer, &peer->owed.list[i], ATTACHMENT_PARTIAL);
}

enum status
owed_restore(struct peer *peer, const struct record *record)
{
    struct owed_file file = {.id = record->id,
                             .precedence =
                                 (enum precedence)record->precedence,
                             .since_ms = record->time,
                             .index = record->index};
    size_t           at;

    if (record->outgoing > 1 || record->precedence == 0 ||
        record->precedence >= PRECEDENCE_COUNT || record->state == 0 ||
        record->state > ATTACHMENT_LAST)
        return STATUS_CORRUPT;
    if (!record->outgoing)
        return wanted_restore(peer, record);
    memcpy(file.digest.bytes, record->root, LIMIT_DIGEST);
    if (attachment_shape_of(record->size, &file.shape) != STATUS_OK)
        return STATUS_CORRUPT;
    if (record->words.len > 0) {
        file.channel = peer_channel_of(peer, record->words);
        if (file.channel == NULL)
            return STATUS_CORRUPT;
    }
    at = place_of(&peer->owed, &file.id, &file.digest);
    if (record->state != ATTACHMENT_PARTIAL) {
        if (at < peer->owed.count)
            take_out(&peer->owed, at);
        return STATUS_OK;
    }
    if (at == peer->owed.count && at == LIMIT_OWED)
        return STATUS_CORRUPT;
    if (at == peer->owed.count)
        add(&peer->owed, &file);
    return STATUS_OK;
}

/* --- begun ---------------------------------------------------------------- */

enum status
owed_check(const struct peer *peer, const Entente__Message *message)
{
    return peer->owed.count + message->n_attachments <= LIMIT_OWED
               ? STATUS_OK
               : STATUS_FULL;
}

void
owed_take(struct peer *peer, struct context *turn,
          const Entente__Message *message)
{
    for (size_t i = 0; i < message->n_attachments; i++) {
        const Entente__Attachment *said = message->attachments[i];
        struct owed_file           file = {
                      .precedence = (enum precedence)message->precedence,
                      .since_ms = turn->input->wall_ms};
        enum status st = attachment_shape_of(said->stored, &file.shape);

        assert(st == STATUS_OK); /* the message was judged */
        memcpy(file.id.bytes, message->id.data, LIMIT_MESSAGE_ID);
        memcpy(file.digest.bytes, said->digest.data, LIMIT_DIGEST);
        if (place_of(&peer->owed, &file.id, &file.digest) < peer->owed.count)
            continue;
        add(&peer->owed, &file);
        save(turn, peer, &file, ATTACHMENT_PARTIAL); /* (I1) */
    }
}

void
owed_sent(struct peer *peer, const struct message_id *id,
          const struct channel *channel, uint64_t index)
{
    for (size_t i = 0; i < peer->owed.count; i++) {
        struct owed_file *file = &peer->owed.list[i];

        if (memcmp(file->id.bytes, id->bytes, LIMIT_MESSAGE_ID) != 0)
            continue;
        file->channel = channel;
        file->index = index;
    }
}

/* --- ended ---------------------------------------------------------------- */

bool
owed_names(const struct node *node, const struct digest *digest)
{
    for (size_t i = 0; i < node->peer_count; i++)
        if (owed_find(node->peers[i], digest) != NULL)
            return true;
    return enclosed_names(node, digest);
}

/* (I2) */
static void
release(struct context *turn, const struct digest *digest)
{
    struct effect_file *file;

    if (owed_names(turn->node, digest))
        return;
    file = &effects_add(turn->out, EFFECT_DROP)->file;
    file->outgoing = true;
    memcpy(file->digest, digest->bytes, LIMIT_DIGEST);
}

/* (I1) */
static void
end(struct peer *peer, struct context *turn, size_t at,
    enum record_attachment state)
{
    struct owed_file file = peer->owed.list[at];

    save(turn, peer, &file, state);
    take_out(&peer->owed, at);
    if (owed_find(peer, &file.digest) == NULL)
        feeding_end(peer, turn, &file.digest);
    release(turn, &file.digest);
}

void
owed_complete(struct peer *peer, struct context *turn,
              const struct digest *digest, const struct channel *channel,
              uint64_t index)
{
    for (size_t i = 0; i < peer->owed.count; i++) {
        const struct owed_file *file = &peer->owed.list[i];

        if (digest_equal(&file->digest, digest) && file->channel == channel &&
            file->index == index) {
            end(peer, turn, i, ATTACHMENT_COMPLETE);
            return;
        }
    }
}

void
owed_refused(struct peer *peer, struct context *turn,
             const struct channel *channel, uint64_t first, uint64_t count)
{
    for (size_t i = peer->owed.count; i-- > 0;) {
        const struct owed_file *file = &peer->owed.list[i];

        if (file->channel == channel && file->index >= first &&
            file->index - first < count)
            end(peer, turn, i, ATTACHMENT_GIVEN_UP);
    }
}

void
owed_refused_all(struct peer *peer, struct context *turn)
{
    while (peer->owed.count > 0)
        end(peer, turn, peer->owed.count - 1, ATTACHMENT_GIVEN_UP);
}

void
owed_gone(struct peer *peer, struct context *turn, const struct digest *digest,
          enum status why)
{
    peer_alarm(peer, turn, why, digest_span(digest),
               "an attachment of ours is lost here before the peer had it");
    for (size_t i = peer->owed.count; i-- > 0;)
        if (digest_equal(&peer->owed.list[i].digest, digest))
            end(peer, turn, i, ATTACHMENT_GONE);
}
