/*
 * regrow.c - the checks are those of witness.c, the records those of our own
 * log.
 *
 * Invariants:
 *  (I1) nothing is saved that is not below a head which this node signed and
 *       whose root is that of the leaves;
 *  (I2) `frontier` of such a channel covers exactly what is saved, and the
 *       channel is closed.
 */
#include "node/core/recovery/regrow.h"

#include "node/core/recovery/lacking.h"
#include "node/core/recovery/retrace.h"
#include "node/core/roster.h"

#include <assert.h>
#include <string.h>

void
regrow_free(struct peer *peer)
{
    witness_free(peer->regrow);
    peer->regrow = NULL;
}

struct witness *
regrow_of(const struct peer *peer, struct span origin)
{
    return peer->regrow != NULL &&
                   span_equal(origin_span(&peer->regrow->text), origin)
               ? peer->regrow
               : NULL;
}

void
regrow_open(struct peer *peer, const struct origin *origin)
{
    struct origin_text     text = origin_format(origin);
    struct channel        *channel = peer_channel_of(peer, origin_span(&text));
    struct merkle_frontier frontier;

    merkle_init(&frontier);
    if (channel != NULL)
        frontier = channel->frontier;
    regrow_free(peer);
    peer->regrow = witness_new(origin);
    witness_restore(peer->regrow, &frontier, frontier.size, false);
    peer->regrow->given = peer->regrow->ours = true;
}

void
regrow_spoil(struct peer *peer, struct context *turn, enum status st,
             struct span evidence)
{
    if (!peer->regrow->stopped)
        peer_alarm(peer, turn, st, evidence,
                   "what the peer gives back is not what this node signed");
    peer->regrow->stopped = true;
}

void
regrow_head(struct peer *peer, struct context *turn, const struct head *head,
            const uint8_t *signature)
{
    struct witness *own = peer->regrow;
    enum status     st = STATUS_BAD_STATE;

    if (head->size > own->head.size)
        st = witness_head(own, turn, head, signature,
                          turn->node->log_key.public_key);
    if (st != STATUS_OK)
        regrow_spoil(peer, turn, st,
                     (struct span){signature, LIMIT_SIGNATURE});
}

/* (I2) */
static void
append(struct peer *peer, struct context *turn, uint64_t index,
       struct span body)
{
    struct witness            *own = peer->regrow;
    const struct witness_leaf *leaf = witness_wanted(own, index);
    const struct witness_batch *batch = witness_batch_of(own, leaf);
    struct channel *channel = peer_channel_of(peer, origin_span(&own->text));
    struct record   record = {.kind = RECORD_OUT_ENTRY,
                              .origin = own->origin,
                              .index = index,
                              .first = batch->first,
                              .leaf = SPAN_OF(leaf->bytes),
                              .time = turn->input->wall_ms,
                              .precedence = leaf->bytes[3],
                              .bytes = body};
    struct digest   hash;

    if (channel == NULL)
        channel = peer_channel_add(peer, &own->origin);
    channel->closed = true;
    assert(channel->frontier.size == index);
    memcpy(record.ephemeral, batch->ephemeral, LIMIT_KEY);
    memcpy(record.salt, batch->salt, LIMIT_SALT);
    context_save(turn, &record, NULL);
    merkle_leaf_hash(record.leaf, &hash);
    merkle_append(&channel->frontier, &hash);
    if (!channel->regained)
        retrace_mark(turn, channel, 0, 0);
    channel->given_back = channel->frontier.size;
    witness_settle(own, index);
    peer->regain_came++;
}

/* Entries whose bodies the peer has not: their leaves alone. */
static void
append_bare(struct peer *peer, struct context *turn, uint64_t to)
{
    const struct witness *own = peer->regrow;

    while (own->whole < to) {
        struct record lost = {.kind = RECORD_VERDICT,
                              .origin = own->origin,
                              .index = own->whole,
                              .count = 1,
                              .outgoing = 1,
                              .time = turn->input->wall_ms,
                              .state = STATE_LOST};

        append(peer, turn, own->whole, SPAN_EMPTY);
        context_save(turn, &lost, NULL);
        peer->regain_lost++;
    }
}

void
regrow_body(struct peer *peer, struct context *turn, uint64_t index,
            struct span body)
{
    append_bare(peer, turn, index);
    append(peer, turn, index, body);
}

bool
regrow_close(struct peer *peer, struct context *turn,
             const Entente__Held *held)
{
    struct witness *own = peer->regrow;
    struct channel *channel;
    struct record   record = {.kind = RECORD_OUT_HEAD,
                              .origin = own->origin,
                              .size = own->head.size,
                              .time = turn->input->wall_ms};
    bool            grew = own->head_count > 0 && !own->stopped;

    if (grew) {
        append_bare(peer, turn, own->head.size);
        channel = peer_channel_of(peer, origin_span(&own->text));
        channel->head = own->head;
        memcpy(channel->signature, own->signature, LIMIT_SIGNATURE);
        channel_note_head(channel, &channel->head, turn->input->mono_ms);
        memcpy(record.root, channel->head.root.bytes, LIMIT_DIGEST);
        memcpy(record.signature, channel->signature, LIMIT_SIGNATURE);
        context_save(turn, &record, NULL);
        retrace_mark(turn, channel, channel->retraced, channel->had);
        if (held->n_reads == 1)
            (void)lacking_receipt(peer, turn, channel, held->reads[0]);
    }
    regrow_free(peer);
    return grew;
}
