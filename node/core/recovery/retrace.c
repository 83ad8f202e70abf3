/*
 * retrace.c - a portion is taken when each key that it lacks was granted or
 * said to be lost.
 *
 * Invariants:
 *  (I1) a key is taken for the one entry whose commitment it fits (5.3);
 *  (I2) `retraced` of a channel moves in the turn, and so in the group, that
 *       saves what was found below it.
 */
#include "node/core/recovery/retrace.h"

#include "crypto/unseal.h"
#include "node/core/client/follow.h"
#include "node/core/log/grant.h"
#include "node/core/grow.h"
#include "node/core/message/message.h"
#include "node/core/message/refers.h"
#include "node/core/roster.h"

#include <stdlib.h>
#include <string.h>

enum want { WANT_NOTHING, WANT_KEY, WANT_KEPT, WANT_LOST };

struct retrace {
    struct channel *channel;
    uint64_t        from;
    size_t          count; /* entries of the portion */
    uint64_t        load;  /* under way; 0: none */
    uint8_t        *bytes;
    size_t          len;
    bool            ask;     /* AskGrant is to be sent */
    size_t          lacking; /* WANT_KEY in the list */
    uint8_t         want[GRANT_ENTRIES];
    struct secret32 key[GRANT_ENTRIES];
};

void
retrace_free(struct peer *peer)
{
    struct retrace *retrace = peer->retrace;

    if (retrace == NULL)
        return;
    if (retrace->bytes != NULL)
        secret_wipe_bytes(retrace->bytes, retrace->len);
    free(retrace->bytes);
    secret_wipe_bytes(retrace, sizeof(*retrace));
    free(retrace);
    peer->retrace = NULL;
}

void
retrace_mark(struct context *turn, struct channel *channel, uint64_t from,
             uint64_t had)
{
    struct record record = {.kind = RECORD_REGAINED,
                            .origin = channel->origin,
                            .index = from,
                            .size = had};

    channel->regained = true;
    channel->retraced = from;
    channel->had = had;
    context_save(turn, &record, NULL);
}

/* --- a portion ------------------------------------------------------------ */

static bool
lacks_key(const struct record *record)
{
    struct leaf leaf;

    return record->bytes.len > 0 && record->secret.len == 0 &&
           leaf_decode(record->leaf, &leaf) == STATUS_OK &&
           leaf_check(&leaf) == STATUS_OK && class_is_sealed(leaf.class);
}

/* Which keys are lacking; the portion ends where one question would not
 * hold all its ranges. */
static void
measure(struct retrace *retrace)
{
    struct reader in = reader_of((struct span){retrace->bytes, retrace->len});
    struct record record;
    size_t        ranges = 0;
    bool          before = false;

    while (retrace->count < GRANT_ENTRIES &&
           record_list_next(&in, &record) == STATUS_OK &&
           record.kind == RECORD_OUT_ENTRY &&
           record.index == retrace->from + retrace->count) {
        bool lacks = lacks_key(&record);

        ranges += lacks && !before;
        if (ranges > LIMIT_RANGES)
            break;
        retrace->want[retrace->count++] = lacks ? WANT_KEY : WANT_NOTHING;
        retrace->lacking += lacks;
        before = lacks;
    }
    retrace->ask = retrace->lacking > 0;
}

/* A message of ours is here again; whether it was answered their log tells. */
static void
take_message(struct peer *peer, struct context *turn, struct record *record,
             struct record_secret *secret, struct span plain)
{
    const struct channel *channel = peer->retrace->channel;
    struct message_faults faults;
    Entente__Message     *message = NULL;
    struct message_row    row;

    if (message_parse(plain, MESSAGE_SENT, &turn->arena, &message, &faults) !=
            STATUS_OK ||
        message == NULL)
        return;
    row = message_row_of(message);
    record->id = row.id;
    record->number = row.number;
    secret->kind = span_text(row.kind);
    secret->status = span_text(row.status);
    secret->subject = span_text(row.subject);
    if (row.number > peer->number)
        peer->number = row.number;
    awaiting_take(peer, turn, true, message, row.number);
    awaiting_sent(peer, &row.id, channel, record->index, row.number);
    refers_note(turn, &peer->id, &row.id, 0, plain);
}

/* The body of an entry, in memory of the turn.  (I1) */
static enum status
open_body(struct context *turn, const struct record *record,
          const struct record_secret *secret, struct span *plain)
{
    uint8_t    *at = effects_alloc(turn->out, record->bytes.len);
    size_t      len = 0;
    enum status st = unseal_entry(record, secret, at, &len);

    if (st == STATUS_OK)
        *plain = (struct span){at, len};
    return st;
}

/* An entry whose key was granted. */
static void
open_entry(struct peer *peer, struct context *turn, struct record *record,
           enum entry_class class, const struct secret32 *key,
           struct span *plain)
{
    struct record_secret secret = {0};
    size_t               parsed = turn->arena.used;

    memcpy(secret.content_key, key->bytes, LIMIT_KEY);
    if (open_body(turn, record, &secret, plain) != STATUS_OK) {
        peer_alarm(peer, turn, STATUS_BAD_PROOF, record->leaf,
                   "a key that the peer granted opens nothing");
        secret_wipe(&secret);
        return;
    }
    if (class == CLASS_MESSAGE)
        take_message(peer, turn, record, &secret, *plain);
    context_save(turn, record, &secret);
    if (class == CLASS_MESSAGE && record->number > 0)
        peer->regain_came++;
    turn->arena.used = parsed;
    secret_wipe(&secret);
}

/* What the peer has needs not be sent: the row that waits is its entry's. */
static void
strike(struct peer *peer, struct context *turn, const struct channel *channel,
       const struct record *record)
{
    struct outbox_item  *item = outbox_find(&peer->outbox, &record->id);
    struct record_secret secret = {0};
    struct record        struck = {.kind = RECORD_STRUCK,
                                   .peer = peer->id,
                                   .id = record->id,
                                   .time = turn->input->wall_ms};

    if (record->number == 0 || item == NULL || !item->saved ||
        (record->index >= channel->cosigned.size &&
         record->index < channel->had))
        return;
    if (record->secret.len > 0 &&
        record_secret_decode(record->secret, &secret) == STATUS_OK)
        context_save(turn, record, &secret);
    secret_wipe(&secret);
    follow_sent(turn, peer, channel, record->index, &record->id,
                record->number);
    awaiting_sent(peer, &record->id, channel, record->index, record->number);
    owed_sent(peer, &record->id, channel, record->index);
    if (outbox_strike(&peer->outbox, &record->id) == STATUS_OK)
        context_save(turn, &struck, NULL);
}

static void
take_entry(struct peer *peer, struct context *turn, struct retrace *retrace,
           struct record *record, size_t at)
{
    const struct channel *channel = retrace->channel;
    struct span           plain = SPAN_EMPTY;
    struct record_secret  secret = {0};
    struct leaf           leaf;
    bool                  says; /* what people here did, and was lost */

    if (leaf_decode(record->leaf, &leaf) != STATUS_OK)
        return; /* refused by its leaf */
    says = leaf.class == CLASS_ANSWER && record->index >= channel->had;
    if (retrace->want[at] == WANT_KEPT)
        open_entry(peer, turn, record, leaf.class, &retrace->key[at], &plain);
    else if (says &&
             record_secret_decode(record->secret, &secret) == STATUS_OK)
        (void)open_body(turn, record, &secret, &plain);
    secret_wipe(&secret);
    strike(peer, turn, channel, record);
    if (says)
        said_take(peer, turn, plain);
    if (plain.len > 0)
        secret_wipe_bytes((void *)(uintptr_t)plain.ptr, plain.len);
}

static void
take_portion(struct peer *peer, struct context *turn)
{
    struct retrace *retrace = peer->retrace;
    struct channel *channel = retrace->channel;
    struct reader   in = reader_of((struct span){retrace->bytes, retrace->len});
    struct record   record;

    for (size_t i = 0; i < retrace->count; i++)
        if (record_list_next(&in, &record) == STATUS_OK)
            take_entry(peer, turn, retrace, &record, i);
    retrace_mark(turn, channel, retrace->from + retrace->count, /* (I2) */
                 channel->had);
    retrace_free(peer);
}

/* --- the face ------------------------------------------------------------- */

static void
load_portion(struct peer *peer, struct context *turn, struct channel *channel)
{
    struct retrace *retrace = grow_new(1, sizeof(*retrace));
    uint64_t        left = channel->frontier.size - channel->retraced;
    struct query    query = {
        .kind = QUERY_ENTRIES,
        .origin = channel->origin,
        .from = channel->retraced,
        .count = left < GRANT_ENTRIES ? left : GRANT_ENTRIES,
        .bytes_max = RETRACE_PORTION};

    peer->retrace = retrace;
    retrace->channel = channel;
    retrace->from = channel->retraced;
    retrace->load = roster_ask(turn, LOAD_RETRACE, peer, &query)->token;
}

static struct channel *
next_channel(const struct peer *peer)
{
    for (size_t i = 0; i < peer->channel_count; i++)
        if (peer->channels[i]->regained &&
            peer->channels[i]->retraced < peer->channels[i]->frontier.size)
            return peer->channels[i];
    return NULL;
}

bool
retrace_is_due(const struct peer *peer)
{
    return next_channel(peer) != NULL;
}

bool
retrace_step(struct peer *peer, struct context *turn)
{
    struct channel *channel = next_channel(peer);

    if (peer->retrace != NULL) {
        if (peer->retrace->load == 0 && peer->retrace->lacking == 0)
            take_portion(peer, turn);
        return true;
    }
    if (channel != NULL)
        load_portion(peer, turn, channel);
    return channel != NULL;
}

void
retrace_loaded(struct context *turn, const struct load *load, enum status st,
               struct span answer)
{
    struct peer    *peer = load->peer;
    struct retrace *retrace = peer->retrace;

    if (retrace == NULL || retrace->load != load->token)
        return; /* of a link that is gone */
    retrace->load = 0;
    if (st == STATUS_OK && answer.len > 0) {
        retrace->bytes = grow_new(answer.len, 1);
        memcpy(retrace->bytes, answer.ptr, answer.len);
        retrace->len = answer.len;
        measure(retrace);
    }
    if (retrace->count > 0)
        return;
    peer_alarm(peer, turn, STATUS_CORRUPT,
               origin_span(&retrace->channel->text),
               "a log of ours that came back cannot be read");
    retrace->channel->retraced = retrace->channel->frontier.size;
    retrace_free(peer);
}

bool
retrace_fill(struct session *session, struct context *turn)
{
    struct retrace   *retrace = session->peer->retrace;
    Entente__Frame    frame = ENTENTE__FRAME__INIT;
    Entente__AskGrant ask = ENTENTE__ASK_GRANT__INIT;
    Entente__Range    ranges[LIMIT_RANGES];
    Entente__Range   *list[LIMIT_RANGES];

    if (retrace == NULL || !retrace->ask || session_room(session) == 0)
        return false;
    for (size_t i = 0; i < retrace->count; i++) {
        if (retrace->want[i] != WANT_KEY)
            continue;
        if (i == 0 || retrace->want[i - 1] != WANT_KEY) {
            entente__range__init(&ranges[ask.n_entries]);
            ranges[ask.n_entries].first = retrace->from + i;
            list[ask.n_entries] = &ranges[ask.n_entries];
            ask.n_entries++;
        }
        ranges[ask.n_entries - 1].count++;
    }
    ask.origin = retrace->channel->text.text;
    ask.entries = list;
    frame.kind_case = ENTENTE__FRAME__KIND_ASK_GRANT;
    frame.ask_grant = &ask;
    session_send(session, turn, &frame);
    session->worked = true;
    retrace->ask = false;
    return true;
}

/* Where `index` stands in the portion, and a key of it is wanted; or SIZE_MAX.
 * Whose keys nobody waits for are kept as they came, in their entry. */
static size_t
wanted_at(const struct retrace *retrace, uint64_t index)
{
    if (retrace == NULL || index < retrace->from ||
        index - retrace->from >= retrace->count ||
        retrace->want[index - retrace->from] != WANT_KEY)
        return SIZE_MAX;
    return (size_t)(index - retrace->from);
}

enum status
retrace_granted(struct peer *peer, struct context *turn, struct span body)
{
    const Entente__EntryGrant *grant = (const Entente__EntryGrant *)
        context_parse(turn, &entente__entry_grant__descriptor, body);
    struct retrace *retrace = peer->retrace;

    if (grant == NULL)
        return STATUS_BAD_ENCODING;
    for (size_t i = 0; i < grant->n_keys; i++)
        if (grant->keys[i]->content_keys.len == 0 ||
            grant->keys[i]->content_keys.len % LIMIT_KEY != 0)
            return STATUS_BAD_FIELD;
    for (size_t i = 0; i < grant->n_keys; i++) {
        const Entente__EntryGrant__Keys *keys = grant->keys[i];

        if (retrace == NULL ||
            !span_equal(span_text(keys->origin),
                        origin_span(&retrace->channel->text)))
            continue;
        for (size_t k = 0; k < keys->content_keys.len / LIMIT_KEY; k++) {
            size_t at = wanted_at(retrace, keys->first + k);

            if (at == SIZE_MAX)
                continue;
            memcpy(retrace->key[at].bytes,
                   keys->content_keys.data + k * LIMIT_KEY, LIMIT_KEY);
            retrace->want[at] = WANT_KEPT;
            retrace->lacking--;
        }
    }
    return STATUS_OK;
}

void
retrace_told(struct peer *peer, const struct channel *channel, uint64_t first,
             uint64_t count, enum message_state state)
{
    struct retrace *retrace = peer->retrace;

    if (retrace == NULL || retrace->channel != channel || state != STATE_LOST)
        return;
    for (uint64_t i = 0; i < count; i++) {
        size_t at = wanted_at(retrace, first + i);

        if (at == SIZE_MAX)
            continue;
        retrace->want[at] = WANT_LOST;
        retrace->lacking--;
        peer->regain_lost++;
    }
}
