/* logbook.c - hands out what log verify and log export are made of. */
#include "node/core/log/logbook.h"

#include "node/core/roster.h"

#include <assert.h>

enum {
    ENTRIES_MAX = 2048,
    BYTES_MAX = LIMIT_CONTROL_FRAME / 2,
    CHANNELS_BYTES = LIMIT_CONTROL_FRAME - 4096,
    CHANNEL_EDGE = 8 /* tag and length of one in the list */
};

/* Channels of an answer as they are collected. */
struct listing {
    struct context       *turn;
    Entente__LogChannel **list;
    size_t                count, cap, bytes;
    bool                  both; /* signatures on the cosigned head */
};

static ProtobufCBinaryData
lend(const uint8_t *bytes, size_t len)
{
    return (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)bytes};
}

static Entente__LogChannel *
new_channel(struct context *turn, const struct peer *peer,
            const struct origin_text *text, const struct head *head,
            const uint8_t *signature, const struct head *cosigned,
            const struct cosignature *cosignature)
{
    Entente__LogChannel *out = (Entente__LogChannel *)(void *)effects_alloc(
        turn->out, sizeof(*out));

    entente__log_channel__init(out);
    out->peer = (char *)(uintptr_t)peer->name;
    out->origin = (char *)(uintptr_t)text->text;
    out->size = head->size;
    out->root = lend(head->root.bytes, LIMIT_DIGEST);
    if (head->size > 0)
        out->signature = lend(signature, LIMIT_SIGNATURE);
    out->cosigned_size = cosigned->size;
    out->cosigned_root = lend(cosigned->root.bytes, LIMIT_DIGEST);
    if (cosigned->size > 0) {
        out->cosigned_time = cosignature->time_s;
        out->cosignature = lend(cosignature->signature, LIMIT_SIGNATURE);
    }
    return out;
}

static void
add(struct listing *listing, Entente__LogChannel *channel)
{
    assert(listing->count < listing->cap);
    listing->list[listing->count++] = channel;
    listing->bytes +=
        CHANNEL_EDGE + entente__log_channel__get_packed_size(channel);
}

/*
 * Ours on the cosigned head, made again: a signature by Ed25519 is the same
 * each time, and this head was signed before the peer could cosign it.
 */
static ProtobufCBinaryData
own_signature(struct context *turn, const struct channel *channel)
{
    uint8_t *out;

    if (channel->cosigned.size == 0)
        return (ProtobufCBinaryData){0, NULL};
    out = effects_alloc(turn->out, LIMIT_SIGNATURE);
    checkpoint_sign(origin_span(&channel->text), &channel->cosigned,
                    &turn->node->log_key, out);
    return lend(out, LIMIT_SIGNATURE);
}

static void
add_peer(struct listing *listing, const struct peer *peer)
{
    struct context    *turn = listing->turn;
    const struct cert *self = &turn->node->cert;
    const struct cert *other = &peer->card.cert;
    const ProtobufCBinaryData certificate =
        lend(peer->card.cert_bytes.bytes, peer->card.cert_bytes.len);

    for (size_t i = 0; i < peer->channel_count; i++) {
        const struct channel *channel = peer->channels[i];
        Entente__LogChannel  *out;

        out = new_channel(turn, peer, &channel->text, &channel->head,
                          channel->signature, &channel->cosigned,
                          &channel->cosignature);
        out->log_key = lend(self->log_key, LIMIT_KEY);
        out->witness_key = lend(other->witness_key, LIMIT_KEY);
        if (listing->both)
            out->cosigned_signature = own_signature(turn, channel);
        out->certificate = certificate;
        add(listing, out);
    }
    for (size_t i = 0; i < peer->witness_count; i++) {
        const struct witness *witness = peer->witnesses[i];
        Entente__LogChannel  *out;

        if (witness->given && witness->head.size == 0)
            continue; /* asked for, and not come yet */
        out = new_channel(turn, peer, &witness->text, &witness->head,
                          witness->signature, &witness->cosigned,
                          &witness->cosignature);
        out->incoming = true;
        if (listing->both && witness->cosigned.size > 0 &&
            head_equal(&witness->head, &witness->cosigned))
            out->cosigned_signature = out->signature;
        out->log_key = lend(other->log_key, LIMIT_KEY);
        out->witness_key = lend(self->witness_key, LIMIT_KEY);
        out->certificate = certificate;
        add(listing, out);
    }
}

/* Channels of the peers of this name, or of all. */
static struct listing
list_of(struct context *turn, struct span name, bool both)
{
    const struct node *node = turn->node;
    struct listing     listing = {.turn = turn, .both = both};

    for (size_t i = 0; i < node->peer_count; i++)
        listing.cap +=
            node->peers[i]->channel_count + node->peers[i]->witness_count;
    listing.list = (Entente__LogChannel **)(void *)effects_alloc(
        turn->out, (listing.cap + 1) * sizeof(*listing.list));
    for (size_t i = 0; i < node->peer_count; i++)
        if (name.len == 0 || span_equal(name, span_text(node->peers[i]->name)))
            add_peer(&listing, node->peers[i]);
    return listing;
}

static void
answer_channels(struct context *turn, uint64_t client,
                const Entente__Request *request)
{
    Entente__Response    response = ENTENTE__RESPONSE__INIT;
    Entente__LogResponse log = ENTENTE__LOG_RESPONSE__INIT;
    const struct node   *node = turn->node;
    struct span          name = span_text(request->log->peer);
    struct listing       listing;

    if (name.len > 0 && roster_peer_by_name(node, name) == NULL) {
        desk_fail_peer(turn, client, request->id, "peer", name);
        return;
    }
    listing = list_of(turn, name, request->log->both_signatures);
    if (listing.bytes > CHANNELS_BYTES) {
        desk_fail(turn, client, request->id, STATUS_TOO_LARGE, "peer",
                  "so many logs do not fit one answer; ask for one peer at a "
                  "time");
        return;
    }
    log.channels = listing.list;
    log.n_channels = listing.count;
    response.kind_case = ENTENTE__RESPONSE__KIND_LOG;
    response.log = &log;
    desk_answer(turn, client, request->id, true, &response);
}

void
logbook_request(struct context *turn, uint64_t client,
                const Entente__Request *request)
{
    const Entente__LogRequest *log = request->log;
    struct query               query = {.kind = QUERY_ENTRIES,
                                        .from = log->from,
                                        .count = ENTRIES_MAX,
                                        .bytes_max = BYTES_MAX};
    struct load               *load;
    struct effect             *effect;

    if (log->origin[0] == '\0') {
        answer_channels(turn, client, request);
        return;
    }
    if (origin_parse(span_text(log->origin), &query.origin) != STATUS_OK) {
        desk_fail(turn, client, request->id, STATUS_BAD_FIELD, "origin",
                  "a log's name as `entente log` shows it");
        return;
    }
    if (log->limit > 0 && log->limit < ENTRIES_MAX)
        query.count = log->limit;
    load = roster_load_new(turn->node, LOAD_LOG);
    load->client = client;
    load->request = request->id;
    load->flag = log->bodies;
    effect = effects_add(turn->out, EFFECT_LOAD);
    effect->token = load->token;
    effect->query = query;
}

void
logbook_entry(const struct record *record, bool with_body,
              Entente__LogEntry *out)
{
    entente__log_entry__init(out);
    out->index = record->index;
    out->first = record->first;
    out->ephemeral = lend(record->ephemeral, LIMIT_KEY);
    out->salt = lend(record->salt, LIMIT_SALT);
    out->leaf = lend(record->leaf.ptr, record->leaf.len);
    out->body_here = record->kind != RECORD_MISSING;
    if (with_body && out->body_here)
        out->body = lend(record->bytes.ptr, record->bytes.len);
}

void
logbook_loaded(struct context *turn, const struct load *load,
               struct span answer)
{
    Entente__Response    response = ENTENTE__RESPONSE__INIT;
    Entente__LogResponse log = ENTENTE__LOG_RESPONSE__INIT;
    struct reader        in = reader_of(answer);
    struct record       *record;

    log.entries = (Entente__LogEntry **)(void *)effects_alloc(
        turn->out, ENTRIES_MAX * sizeof(*log.entries));
    while (log.n_entries < ENTRIES_MAX) {
        Entente__LogEntry *out;

        record = (struct record *)(void *)effects_alloc(turn->out,
                                                        sizeof(*record));
        if (record_list_next(&in, record) != STATUS_OK)
            break;
        out = (Entente__LogEntry *)(void *)effects_alloc(turn->out,
                                                         sizeof(*out));
        logbook_entry(record, load->flag, out);
        log.entries[log.n_entries++] = out;
    }
    response.kind_case = ENTENTE__RESPONSE__KIND_LOG;
    response.log = &log;
    desk_answer(turn, load->client, load->request, true, &response);
}
