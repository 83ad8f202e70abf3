/*
 * resume.c - sizes, and filling the flight again.
 *
 * Invariants:
 *  (I1) a channel is live exactly when its flight holds every entry from
 *       flight_from to frontier.size; only a live one dispatches messages by
 *       itself.  One of lane courier never is: what was dispatched for a stick
 *       has no window that bounds it, so its flight is a piece of the log that
 *       moves on with the receipts;
 *  (I2) that piece is loaded_to - flight_from entries, and holds the whole of
 *       the oldest head that waits for a receipt, so that it does move on.
 */
#include "node/core/link/resume.h"

#include "node/core/recovery/behind.h"
#include "node/core/link/inbound.h"
#include "node/core/recovery/loss.h"
#include "node/core/log/receipt.h"
#include "node/core/recovery/regain.h"
#include "node/core/roster.h"
#include "node/core/link/sizes.h"

#include <assert.h>
#include <string.h>

size_t
resume_missing(const struct witness *witness,
               Entente__Range        ranges[static LIMIT_RANGES],
               Entente__Range       *list[static LIMIT_RANGES])
{
    size_t count = 0;

    for (uint64_t i = witness->whole; i < witness->head.size; i++) {
        Entente__Range *last = &ranges[count > 0 ? count - 1 : 0];

        if (witness_wanted(witness, i) == NULL)
            continue;
        if (count > 0 &&
            (last->first + last->count == i || count == LIMIT_RANGES)) {
            last->count = i + 1 - last->first;
            continue;
        }
        entente__range__init(&ranges[count]);
        ranges[count].first = i;
        ranges[count].count = 1;
        list[count] = &ranges[count];
        count++;
    }
    return count;
}

void
resume_send_sizes(struct session *session, struct context *turn)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;

    frame.kind_case = ENTENTE__FRAME__KIND_SIZES;
    frame.sizes = sizes_of(session->peer, turn);
    session_send(session, turn, &frame);
}

static void
load_portion(struct context *turn, struct peer *peer, struct channel *channel)
{
    struct query query = {.kind = QUERY_ENTRIES,
                          .origin = channel->origin,
                          .from = channel->loaded_to,
                          .count = LIMIT_BATCH,
                          .bytes_max = RESUME_PORTION};
    struct load *load = roster_ask(turn, LOAD_FLIGHT, peer, &query);

    load->channel = channel;
    channel->load = load->token;
}

/* Loads the next portion, or all is there. */
static void
go_on(struct context *turn, struct peer *peer, struct channel *channel)
{
    if (channel->origin.lane != LANE_WIRE)
        return; /* resume_flow does, at the turn's end */
    if (channel->loaded_to < channel->frontier.size) {
        load_portion(turn, peer, channel);
        return;
    }
    channel->live = true;
    channel->wanted_count = 0;
}

/* (I2) */
static bool
holds_enough(const struct channel *channel)
{
    return channel->flight.bytes >= LIMIT_WINDOW_BYTES &&
           (channel->head_count == 0 ||
            channel->loaded_to >= channel->heads[0].head.size);
}

void
resume_flow(struct context *turn, struct peer *peer, struct channel *channel)
{
    assert(channel->origin.lane == LANE_COURIER);
    if (channel->loaded_to < channel->cosigned.size &&
        channel->reader_size >= channel->cosigned.size &&
        channel->flight.count == 0) {
        channel->loaded_to = channel->cosigned.size; /* by another way */
        channel->load = 0;
    }
    if (channel->load == 0 && !channel->unreadable &&
        channel->loaded_to < channel->head.size && !holds_enough(channel))
        load_portion(turn, peer, channel);
}

static bool
is_wanted(const struct channel *channel, uint64_t index)
{
    for (size_t i = 0; i < channel->wanted_count; i++)
        if (index >= channel->wanted[i].first &&
            index - channel->wanted[i].first < channel->wanted[i].count)
            return true;
    return index >= channel->reader_size;
}

static void
take_entry(struct channel *channel, struct context *turn,
           const struct record *record)
{
    struct flight_entry *entry;
    struct leaf          leaf;

    flight_batch(&channel->flight, record->first, record->ephemeral,
                 record->salt);
    if (leaf_decode(record->leaf, &leaf) != STATUS_OK)
        return; /* the journal checked it: not reached */
    entry = flight_put(&channel->flight, record->index, record->leaf.ptr,
                       record->bytes, turn->input->mono_ms);
    entry->id = record->id;
    entry->number = record->number;
    if (record->index >= channel->cosigned.size)
        window_dispatched(channel_window(channel, leaf.precedence),
                          record->bytes.len);
    if (!is_wanted(channel, record->index))
        flight_skip(&channel->flight, record->index);
    channel->loaded_to = record->index + 1;
}

/* What the reader lost is more than it takes above its receipt, or than we
 * would hold in memory: there is no way on for this log.  HELD: not now. */
static enum status
give_up(struct context *turn, struct peer *peer, struct channel *channel)
{
    flight_clear(&channel->flight);
    if (!peer_may_renew(peer, turn))
        return STATUS_HELD;
    peer_alarm(peer, turn, STATUS_FORK, origin_span(&channel->text),
               "the peer lost more of our log than can be sent again");
    peer_renew(peer, turn, channel->origin.lane,
               ENTENTE__ENTRY_OPEN__REASON__READER_BEHIND, NULL);
    return STATUS_OK;
}

void
resume_loaded(struct context *turn, const struct load *load, enum status st,
              struct span answer)
{
    struct channel *channel = load->channel;
    struct reader   in = reader_of(answer);
    struct record   record;
    uint64_t        before = channel->loaded_to;

    if (load->token != channel->load)
        return; /* of a link that is gone */
    channel->load = 0;
    while (st == STATUS_OK) {
        st = record_list_next(&in, &record);
        if (st == STATUS_OK && (record.kind != RECORD_OUT_ENTRY ||
                                record.index != channel->loaded_to))
            st = STATUS_CORRUPT;
        if (st == STATUS_OK)
            take_entry(channel, turn, &record);
    }
    if (channel->loaded_to < channel->cosigned.size &&
        channel->flight.bytes > RESUME_AGAIN) {
        if (give_up(turn, load->peer, channel) != STATUS_OK)
            session_close(load->peer->link, turn, STATUS_HELD);
        return;
    }
    if (st == STATUS_AGAIN && channel->loaded_to > before) {
        go_on(turn, load->peer, channel);
        return;
    }
    channel->unreadable = true;
    context_log(turn, "resume: entry %llu of %s is not readable (%s)",
                (unsigned long long)channel->loaded_to, channel->text.text,
                status_name(st));
    peer_alarm(load->peer, turn, STATUS_CORRUPT, origin_span(&channel->text),
               "our log towards this peer cannot be read; nothing is sent");
}

void
resume_fetch(struct channel *channel, uint64_t first, uint64_t count)
{
    uint64_t from = flight_from(&channel->flight);
    uint64_t to = flight_to(&channel->flight);

    if (!channel->live && channel->wanted_count < CHANNEL_WANTED)
        channel->wanted[channel->wanted_count++] =
            (struct channel_wanted){first, count};
    for (uint64_t i = first > from ? first : from;
         i < to && i - first < count; i++)
        flight_resend(&channel->flight, i);
}

/* The reader shows our own signature on what we do not hold, in that epoch:
 * more than ours, or another root. */
static enum status
own_signature(struct peer *peer, struct context *turn,
              const Entente__ChannelSize *size, uint64_t epoch)
{
    struct head head;
    enum status st = sizes_head(size, turn->node->log_key.public_key, &head);

    if (st != STATUS_OK)
        return st;
    if (peer->epoch_told < epoch)
        peer->epoch_told = epoch;
    peer_alarm(peer, turn, STATUS_FORK,
               (struct span){size->signature.data, LIMIT_SIGNATURE},
               "the peer holds of our log what we do not");
    loss_found(turn, peer, ENTENTE__ENTRY_OPEN__REASON__OWN_SIGNATURE);
    regain_found(peer, turn);
    return STATUS_OK;
}

/* An epoch of ours that is not below the present one, and that we do not know:
 * we were set back to before it was opened. */
static bool
is_lost_epoch(const struct peer *peer, const struct context *turn,
              struct span text, struct origin *out)
{
    const struct channel *channel;

    if (origin_parse(text, out) != STATUS_OK ||
        !origin_is_between(out, &turn->node->cert.node, &peer->id) ||
        peer_channel_of(peer, text) != NULL)
        return false;
    channel = lane_channel(peer, out->lane);
    return channel == NULL || out->epoch >= channel->origin.epoch;
}

static bool
same_root(const Entente__ChannelSize *size, const struct head *head)
{
    return size->root.len == LIMIT_DIGEST &&
           memcmp(size->root.data, head->root.bytes, LIMIT_DIGEST) == 0;
}

/* Whether what the reader holds is the beginning of our log.  It holds heads
 * of ours only; of those below its newest receipt we keep no roots. */
static bool
is_our_beginning(const struct channel *channel,
                 const Entente__ChannelSize *size)
{
    if (size->size > channel->head.size)
        return false;
    if (size->size == 0 || size->size < channel->cosigned.size)
        return true;
    if (size->size == channel->cosigned.size)
        return same_root(size, &channel->cosigned);
    for (size_t i = 0; i < channel->head_count; i++)
        if (channel->heads[i].head.size == size->size)
            return same_root(size, &channel->heads[i].head);
    return false;
}

static void
tell_lost(struct peer *peer, struct context *turn,
          const struct channel *channel)
{
    peer_alarm(peer, turn, STATUS_FORK,
               (struct span){channel->cosignature.signature, LIMIT_SIGNATURE},
               "the peer lost state: it holds less than it cosigned");
}

/* What the reader has of our open channel. */
static enum status
take_read(struct session *session, struct context *turn,
          struct channel *channel, const Entente__ChannelSize *size)
{
    enum status st = STATUS_OK;

    channel->wanted_count = 0;
    if (!is_our_beginning(channel, size))
        return own_signature(session->peer, turn, size,
                             channel->origin.epoch);
    if (size->cosigned != NULL)
        st = inbound_receipt(session, turn, size->cosigned);
    if (st == STATUS_OK && behind_has_less(channel, size))
        tell_lost(session->peer, turn, channel);
    channel->reader_size = size->size;
    for (size_t i = 0; i < size->n_missing && i < CHANNEL_WANTED; i++)
        channel->wanted[channel->wanted_count++] = (struct channel_wanted){
            size->missing[i]->first, size->missing[i]->count};
    return st;
}

/* One that the reader holds of our logs; listed: those of which it told. */
static enum status
take_one(struct session *session, struct context *turn,
         const Entente__ChannelSize *size, bool listed[static LANE_COUNT])
{
    struct peer    *peer = session->peer;
    struct span     text = span_text(size->origin);
    struct channel *channel = peer_channel_of(peer, text);
    struct origin   lost;

    if (channel != NULL && !channel->closed) {
        listed[channel->origin.lane] = true;
        return take_read(session, turn, channel, size);
    }
    if (size->size > 0 && is_lost_epoch(peer, turn, text, &lost))
        return own_signature(peer, turn, size, lost.epoch);
    return STATUS_OK;
}

static enum status
take_reads(struct session *session, struct context *turn,
           const Entente__Sizes *sizes)
{
    struct peer    *peer = session->peer;
    struct channel *channels[LANE_COUNT];
    bool            listed[LANE_COUNT] = {false};
    enum status     st = STATUS_OK;

    for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
        channels[lane] = lane_channel(peer, lane);
        if (channels[lane] != NULL)
            channels[lane]->reader_size = 0;
    }
    for (size_t i = 0; st == STATUS_OK && i < sizes->n_reads; i++)
        st = take_one(session, turn, sizes->reads[i], listed);
    for (enum lane lane = 0; st == STATUS_OK && lane < LANE_COUNT; lane++)
        if (channels[lane] != NULL && !listed[lane] &&
            !channels[lane]->closed && behind_has_less(channels[lane], NULL))
            tell_lost(peer, turn, channels[lane]);
    return st;
}

/* What the writer of a log has from us: our newest cosignature. */
static enum status
take_write(struct peer *peer, struct context *turn,
           const Entente__ChannelSize *size)
{
    const Entente__Cosigned *said = size->cosigned;
    struct witness          *witness;
    struct head              head;
    struct cosignature       cosignature;

    if (said == NULL)
        return STATUS_OK;
    if (said->root.len != LIMIT_DIGEST ||
        said->signature.len != LIMIT_SIGNATURE)
        return STATUS_BAD_FIELD;
    witness = peer_witness_of(peer, span_text(size->origin));
    if (witness == NULL &&
        peer_witness_open(peer, turn, span_text(size->origin), &witness) !=
            STATUS_OK)
        return STATUS_OK; /* its leaves will be refused with a reason */
    head.size = said->size;
    memcpy(head.root.bytes, said->root.data, LIMIT_DIGEST);
    cosignature.time_s = said->time;
    memcpy(cosignature.signature, said->signature.data, LIMIT_SIGNATURE);
    if (witness->told < said->size)
        witness->told = said->size;
    return receipt_shown(witness, &head, &cosignature,
                         turn->node->witness_key.public_key);
}

/* A log of ours as a bundle says that the peer holds it: maybe long ago. */
static enum status
take_carried(struct session *session, struct context *turn,
             const Entente__ChannelSize *size)
{
    struct peer          *peer = session->peer;
    struct span           text = span_text(size->origin);
    const struct channel *channel = peer_channel_of(peer, text);
    struct origin         lost;

    if (channel == NULL)
        return size->size > 0 && is_lost_epoch(peer, turn, text, &lost)
                   ? own_signature(peer, turn, size, lost.epoch)
                   : STATUS_OK;
    if (!channel->closed && !is_our_beginning(channel, size))
        return own_signature(peer, turn, size, channel->origin.epoch);
    return size->cosigned != NULL
               ? inbound_receipt(session, turn, size->cosigned)
               : STATUS_OK;
}

enum status
resume_carried(struct session *session, struct context *turn,
               const Entente__Sizes *sizes)
{
    enum status st = STATUS_OK, one;

    if (sizes->n_reads > LIMIT_CHANNELS_PER_LINK ||
        sizes->n_writes > LIMIT_CHANNELS_PER_LINK)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < sizes->n_reads; i++) {
        one = take_carried(session, turn, sizes->reads[i]);
        st = st == STATUS_OK ? one : st;
    }
    for (size_t i = 0; i < sizes->n_writes; i++) {
        one = take_write(session->peer, turn, sizes->writes[i]);
        st = st == STATUS_OK ? one : st;
    }
    return st;
}

/* From here on the reader needs something: bodies that it lost, or misses, or
 * what it has not cosigned. */
static uint64_t
needed_from(const struct channel *channel)
{
    uint64_t from = channel->cosigned.size;

    if (channel->reader_size < from)
        from = channel->reader_size;
    for (size_t i = 0; i < channel->wanted_count; i++)
        if (channel->wanted[i].first < from)
            from = channel->wanted[i].first;
    return from;
}

/* Goes on from what the reader has.  HELD: as give_up. */
static enum status
begin(struct context *turn, struct peer *peer, struct channel *channel)
{
    if (channel->live)
        return STATUS_OK; /* a new epoch */
    channel->leaves_sent = channel->reader_size;
    channel->head_sent = channel->reader_size;
    channel->loaded_to = needed_from(channel);
    if (channel->cosigned.size - channel->loaded_to >
        lane_ahead(channel->origin.lane))
        return give_up(turn, peer, channel);
    go_on(turn, peer, channel);
    return STATUS_OK;
}

enum status
resume_take_sizes(struct session *session, struct context *turn,
                  const Entente__Sizes *sizes)
{
    struct peer *peer = session->peer;
    enum status  st;

    if (sizes->n_reads > LIMIT_CHANNELS_PER_LINK ||
        sizes->n_writes > LIMIT_CHANNELS_PER_LINK)
        return STATUS_TOO_LARGE;
    behind_look(session, turn, sizes);
    st = take_reads(session, turn, sizes);
    for (size_t i = 0; st == STATUS_OK && i < sizes->n_writes; i++)
        st = take_write(peer, turn, sizes->writes[i]);
    for (enum lane lane = 0; st == STATUS_OK && lane < LANE_COUNT; lane++)
        if (lane_channel(peer, lane) != NULL)
            st = begin(turn, peer, lane_channel(peer, lane));
    return st;
}
