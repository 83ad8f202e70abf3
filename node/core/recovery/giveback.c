/*
 * giveback.c - from entries of a closed epoch to items of the outbox, and to
 * answers that are due.
 *
 * Invariants:
 *  (I1) below given_back no message waits for this: it was cosigned, put back,
 *       or passed over with an alarm; and what an answer said is due again;
 *  (I2) given_back moves in the turn, and so in the group, that puts back.
 */
#include "node/core/recovery/giveback.h"

#include "crypto/unseal.h"
#include "node/core/client/follow.h"
#include "node/core/recovery/reanswer.h"
#include "node/core/roster.h"

enum { PORTION_BYTES = 1 << 20 };

void
giveback_begin(struct context *turn, struct peer *peer, struct channel *channel)
{
    struct query query = {.kind = QUERY_ENTRIES,
                          .origin = channel->origin,
                          .count = LIMIT_BATCH,
                          .bytes_max = PORTION_BYTES};
    struct load *load;

    if (channel->given_back < channel->cosigned.size)
        channel->given_back = channel->cosigned.size;
    if (channel->given_back >= channel->frontier.size)
        return;
    query.from = channel->given_back;
    load = roster_ask(turn, LOAD_GIVE_BACK, peer, &query);
    load->channel = channel;
    load->from = channel->given_back;
}

/* The message of an entry, in memory of the turn. */
static enum status
open_entry(struct context *turn, const struct record *record,
           const struct leaf *leaf, struct outbox_item *item)
{
    struct record_secret secret;
    uint8_t             *plain = effects_alloc(turn->out, record->bytes.len);
    size_t               len = 0;
    enum status          st = record_secret_decode(record->secret, &secret);

    if (st != STATUS_OK)
        return st;
    st = unseal_entry(record, &secret, plain, &len);
    *item = (struct outbox_item){.id = record->id,
                                 .time_ms = record->time,
                                 .precedence = leaf->precedence,
                                 .len = (uint32_t)len,
                                 .plain = {plain, len},
                                 .kind = secret.kind,
                                 .status = secret.status,
                                 .subject = secret.subject};
    secret_wipe(&secret);
    return st;
}

/* FULL: it stays in the closed epoch. */
static enum status
put_back(struct context *turn, struct peer *peer, struct channel *channel,
         const struct record *record)
{
    struct outbox_item  item;
    struct leaf         leaf;
    enum status         st;

    if (record->kind == RECORD_MISSING ||
        record->index < channel->cosigned.size)
        return STATUS_OK; /* forgotten, or receipted since */
    st = leaf_decode(record->leaf, &leaf);
    if (st == STATUS_OK && leaf.class != CLASS_MESSAGE &&
        leaf.class != CLASS_ANSWER)
        return STATUS_OK;
    if (st == STATUS_OK)
        st = open_entry(turn, record, &leaf, &item);
    if (st == STATUS_OK && leaf.class == CLASS_ANSWER) {
        reanswer_entry(peer, turn, item.plain);
        return STATUS_OK;
    }
    if (st != STATUS_OK) {
        peer_alarm(peer, turn, STATUS_CORRUPT, record->leaf,
                   "a message of a closed epoch cannot be read again");
        follow_end(turn, peer, &record->id, STATUS_CORRUPT,
                   "the message cannot be read again and was not sent", NULL);
        awaiting_settle(peer, turn, true, &record->id);
        return STATUS_OK;
    }
    st = outbox_put(&peer->outbox, &item, NULL);
    if (st == STATUS_OK)
        follow_back(turn->node, channel, record->index);
    return st;
}

void
giveback_loaded(struct context *turn, const struct load *load, enum status st,
                struct span answer)
{
    struct channel *channel = load->channel;
    struct reader   in = reader_of(answer);
    struct record   record;
    struct record   closed = {.kind = RECORD_CLOSED, .origin = channel->origin};

    if (load->from != channel->given_back)
        return; /* another answer came first */
    while (st == STATUS_OK) {
        st = record_list_next(&in, &record);
        if (st == STATUS_OK && record.index != channel->given_back)
            st = STATUS_CORRUPT;
        if (st == STATUS_OK)
            st = put_back(turn, load->peer, channel, &record);
        if (st == STATUS_OK)
            channel->given_back = record.index + 1; /* (I2) */
    }
    if (channel->given_back == load->from) {
        peer_alarm(load->peer, turn, st, origin_span(&channel->text),
                   "messages of a closed epoch could not be given back");
        return;
    }
    closed.size = channel->given_back;
    context_save(turn, &closed, NULL);
    giveback_begin(turn, load->peer, channel);
}
