/*
 * channel.c - appending, signing, and being cosigned.
 *
 * Invariants:
 *  (I1) frontier.size == the number of OUT_ENTRY records of this origin;
 *  (I2) a head is signed only over the frontier, once a size;
 *  (I3) cosigned.size never falls and never passes head.size;
 *  (I4) a closed channel is never appended to.
 */
#include "node/core/log/channel.h"

#include "node/core/grow.h"
#include "node/core/log/lane.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct channel *
channel_new(const struct origin *origin)
{
    struct channel *channel = grow_new(1, sizeof(*channel));

    channel->origin = *origin;
    channel->text = origin_format(origin);
    merkle_init(&channel->frontier);
    merkle_empty_root(&channel->head.root);
    merkle_empty_root(&channel->cosigned.root);
    return channel;
}

void
channel_free(struct channel *channel)
{
    if (channel == NULL)
        return;
    flight_clear(&channel->flight);
    free(channel->heads);
    free(channel);
}

struct window *
channel_window(struct channel *channel, enum precedence precedence)
{
    return &channel->window[precedence >= PRECEDENCE_IMMEDIATE];
}

/* The batch fields are drawn when the first entry of the turn comes. */
static enum status
batch_begin(struct channel *channel, struct context *turn,
            struct channel_batch *batch, const struct channel_to *to)
{
    struct dh_key ephemeral;
    enum status   st;

    *batch = (struct channel_batch){.begun = true};
    batch->fields.origin = origin_span(&channel->text);
    batch->fields.first_index = channel->frontier.size;
    context_random_dh(turn, &ephemeral);
    memcpy(batch->fields.ephemeral, ephemeral.public_key, LIMIT_KEY);
    context_random(turn, batch->fields.salt, LIMIT_SALT);
    batch->key = (struct seal_key){.suite = SUITE_CLASSIC,
                                   .number = to->sealing_key,
                                   .secret_epoch = to->secret_epoch,
                                   .pair_secret = to->pair_secret};
    memcpy(batch->key.public_key, to->public_key, LIMIT_KEY);
    st = seal_batch_sender(&batch->fields, &batch->key, &ephemeral.secret,
                           &batch->secret);
    dh_key_wipe(&ephemeral);
    if (st != STATUS_OK)
        *batch = (struct channel_batch){0};
    return st;
}

static void
save_entry(struct channel *channel, struct context *turn,
           const struct channel_batch *batch, const struct channel_say *say,
           const uint8_t *leaf, struct span body,
           const struct secret32 *content_key)
{
    struct record        record = {.kind = RECORD_OUT_ENTRY,
                                   .origin = channel->origin,
                                   .index = channel->frontier.size,
                                   .first = batch->fields.first_index,
                                   .leaf = {leaf, LEAF_LEN},
                                   .id = say->id,
                                   .number = say->number,
                                   .time = turn->input->wall_ms,
                                   .precedence = (uint8_t)say->precedence,
                                   .bytes = body};
    struct record_secret secret = say->row;

    memcpy(record.ephemeral, batch->fields.ephemeral, LIMIT_KEY);
    memcpy(record.salt, batch->fields.salt, LIMIT_SALT);
    if (!class_is_sealed(say->class)) {
        context_save(turn, &record, NULL);
        return;
    }
    memcpy(secret.content_key, content_key->bytes, LIMIT_KEY);
    secret.message = SPAN_EMPTY;
    context_save(turn, &record, &secret);
    secret_wipe(&secret);
}

/* Leaf and body as they travel, in memory of the turn. */
static enum status
make_entry(struct channel *channel, struct context *turn,
           const struct channel_batch *batch, const struct channel_say *say,
           struct leaf *leaf, struct span *body, struct secret32 *content_key)
{
    uint64_t index = channel->frontier.size;
    uint8_t *sealed;
    size_t   len = 0;
    enum status st;

    if (!class_is_sealed(say->class)) {
        *body = say->body;
        return seal_unsealed_leaf(say->class, say->precedence,
                                  origin_span(&channel->text), index,
                                  say->body, leaf);
    }
    if (say->body.len > SEAL_PLAINTEXT_MAX)
        return STATUS_TOO_LARGE;
    *leaf = (struct leaf){.suite = SUITE_CLASSIC,
                          .class = say->class,
                          .precedence = say->precedence,
                          .sealing_key = batch->key.number,
                          .secret_epoch = batch->key.secret_epoch};
    seal_content_key(&batch->secret, index, content_key);
    sealed = effects_alloc(turn->out, seal_sealed_len(say->body.len));
    st = seal_entry(content_key, &batch->fields, index, say->body, leaf,
                    sealed, &len);
    *body = (struct span){sealed, len};
    return st;
}

/* Into the flight, where the link will find it. */
static void
take_off(struct channel *channel, struct context *turn,
         const struct channel_batch *batch, const struct channel_say *say,
         const uint8_t leaf[static LEAF_LEN], struct span body)
{
    struct flight_entry *entry;

    if (!channel->live)
        return; /* resume loads it from the journal */
    flight_batch(&channel->flight, batch->fields.first_index,
                 batch->fields.ephemeral, batch->fields.salt);
    entry = flight_put(&channel->flight, channel->frontier.size, leaf, body,
                       turn->input->mono_ms);
    entry->id = say->id;
    entry->number = say->number;
    entry->follow = say->follow;
    window_dispatched(channel_window(channel, say->precedence), body.len);
}

enum status
channel_append(struct channel *channel, struct context *turn,
               struct channel_batch *batch, const struct channel_to *to,
               const struct channel_say *say)
{
    struct leaf     leaf = {0};
    struct span     body = SPAN_EMPTY;
    struct secret32 content_key = {0};
    struct digest   hash;
    uint8_t         encoded[LEAF_LEN];
    enum status     st = STATUS_OK;

    assert(!channel->closed); /* (I4) */
    if (!batch->begun)
        st = batch_begin(channel, turn, batch, to);
    if (st == STATUS_OK)
        st = make_entry(channel, turn, batch, say, &leaf, &body, &content_key);
    if (st != STATUS_OK)
        goto out;
    leaf_encode(&leaf, encoded);
    save_entry(channel, turn, batch, say, encoded, body, &content_key);
    take_off(channel, turn, batch, say, encoded, body);
    merkle_leaf_hash(SPAN_OF(encoded), &hash);
    merkle_append(&channel->frontier, &hash); /* (I1) */
out:
    secret_wipe(&content_key);
    return st;
}

void
channel_note_head(struct channel *channel, const struct head *head,
                  uint64_t now_ms)
{
    channel->heads =
        grow_list(channel->heads, &channel->head_cap, channel->head_count + 1,
                  sizeof(*channel->heads));
    channel->heads[channel->head_count++] =
        (struct channel_head){*head, now_ms};
}

void
channel_sign(struct channel *channel, struct context *turn,
             struct channel_batch *batch, const struct sign_key *log)
{
    struct record record = {.kind = RECORD_OUT_HEAD, .origin = channel->origin};
    enum status   st;

    secret_wipe(&batch->secret);
    batch->begun = false;
    if (channel->frontier.size == channel->head.size)
        return; /* the one entry did not fit: nothing to sign */
    channel->head.size = channel->frontier.size; /* (I2) */
    merkle_root(&channel->frontier, &channel->head.root);
    checkpoint_sign(origin_span(&channel->text), &channel->head, log,
                    channel->signature);
    st = checkpoint_verify(origin_span(&channel->text), &channel->head,
                           log->public_key, channel->signature);
    assert(st == STATUS_OK);
    channel_note_head(channel, &channel->head, turn->input->mono_ms);
    record.size = channel->head.size;
    memcpy(record.root, channel->head.root.bytes, LIMIT_DIGEST);
    memcpy(record.signature, channel->signature, LIMIT_SIGNATURE);
    record.time = turn->input->wall_ms;
    context_save(turn, &record, NULL);
}

const struct head *
channel_head_to_send(const struct channel *channel)
{
    uint64_t most = channel->cosigned.size +
                    lane_ahead(channel->origin.lane);
    size_t   i = channel->head_count;

    if (channel->origin.lane == LANE_COURIER &&
        flight_to(&channel->flight) < most)
        most = flight_to(&channel->flight);
    if (channel->head.size <= most || i == 0)
        return &channel->head;
    while (i > 1 && channel->heads[i - 1].head.size > most)
        i--;
    return &channel->heads[i - 1].head;
}

/* Whether we signed this head and no receipt covers it yet. */
static bool
is_signed(const struct channel *channel, const struct head *head)
{
    for (size_t i = 0; i < channel->head_count; i++)
        if (head_equal(&channel->heads[i].head, head))
            return true;
    return false;
}

void
channel_note_cosigned(struct channel *channel, const struct head *head,
                      const struct cosignature *cosignature)
{
    size_t covered = 0;

    channel->cosigned = *head; /* (I3) */
    channel->cosignature = *cosignature;
    while (covered < channel->head_count &&
           channel->heads[covered].head.size <= head->size)
        covered++;
    channel->head_count -= covered;
    if (covered == 0)
        return;
    memmove(channel->heads, channel->heads + covered,
            channel->head_count * sizeof(*channel->heads));
}

enum status
channel_cosigned(struct channel *channel, struct context *turn,
                 const struct head *head, const struct cosignature *cosignature,
                 const uint8_t *witness_key)
{
    struct record record = {.kind = RECORD_OUT_COSIGNED,
                            .origin = channel->origin};
    enum status   st;

    if (head->size <= channel->cosigned.size)
        return STATUS_DUPLICATE;
    if (!is_signed(channel, head))
        return STATUS_NOT_FOUND;
    st = cosignature_verify(origin_span(&channel->text), head, cosignature,
                            witness_key);
    if (st != STATUS_OK)
        return st;
    channel_note_cosigned(channel, head, cosignature);
    record.size = head->size;
    memcpy(record.root, head->root.bytes, LIMIT_DIGEST);
    memcpy(record.signature, cosignature->signature, LIMIT_SIGNATURE);
    record.time = cosignature->time_s;
    record.count = turn->input->wall_ms;
    context_save(turn, &record, NULL);
    return STATUS_OK;
}

void
channel_unlink(struct channel *channel)
{
    flight_clear(&channel->flight);
    channel->live = false;
    channel->loaded_to = 0;
    channel->load = 0;
    channel->unreadable = false;
    channel->wanted_count = 0;
    channel->leaves_sent = 0;
    channel->head_sent = 0;
    window_reset(&channel->window[0]);
    window_reset(&channel->window[1]);
}
