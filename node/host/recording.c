/*
 * recording.c - fixed layouts, big-endian: u8 kind, then its fields.
 *
 *   CONFIG  u64 first contact expires, certificate, listen, u8 count,
 *           addresses; texts with a u32 length
 *   KEY     u8 destroy, u8 kind, u8 state, u64 number, 32 owner, 32 secret
 *   STATE   public part, secret part, each with a u32 length
 *   BEGIN   nothing
 *   TURN    u64 monotonic ms, u64 wall ms, 32 seed, 24 nonce of the group,
 *           u32 count of events, events, u32 count of effects, effects (kept.h)
 *   event   u8 kind, u16 status, u64 link, client, token, source, room,
 *           u32 frame_max, bytes with a u32 length
 */
#include "node/host/recording.h"

#include "node/host/kept.h"

#include <assert.h>

enum {
    NONCE_LEN = 24,
    TURN_LEN = 16 + LIMIT_KEY + NONCE_LEN + 4 + 4,
    EVENT_LEN = 3 + 5 * 8 + 4 + 4
};

/* --- writing ------------------------------------------------------------- */

size_t
recording_len(const struct recording *recording, struct recording_turn turn)
{
    const struct node_config *config = &recording->config;
    size_t                    len = 1;

    switch (recording->kind) {
    case RECORDING_CONFIG:
        len += 8 + 4 + config->certificate.len + 4 + config->listen.len + 1;
        for (size_t i = 0; i < config->address_count; i++)
            len += 4 + config->addresses[i].len;
        return len;
    case RECORDING_KEY: return len + KEPT_KEY_LEN;
    case RECORDING_STATE:
        return len + 4 + recording->public_part.len + 4 +
               recording->secret.len;
    case RECORDING_BEGIN: return len;
    case RECORDING_TURN:
        len += TURN_LEN;
        for (size_t i = 0; i < recording->event_count; i++)
            len += EVENT_LEN + turn.events[i].bytes.len;
        for (size_t i = 0; i < turn.effects->count; i++)
            len += kept_len(&turn.effects->list[i]);
        return len;
    }
    assert(false);
    return 0;
}

static void
put_config(struct writer *out, const struct node_config *config)
{
    writer_u64(out, config->first_contact_expires_ms);
    writer_put32(out, config->certificate);
    writer_put32(out, config->listen);
    writer_u8(out, (uint8_t)config->address_count);
    for (size_t i = 0; i < config->address_count; i++)
        writer_put32(out, config->addresses[i]);
}

static void
put_event(struct writer *out, const struct event *event)
{
    writer_u8(out, (uint8_t)event->kind);
    writer_u16(out, (uint16_t)event->status);
    writer_u64(out, event->link);
    writer_u64(out, event->client);
    writer_u64(out, event->token);
    writer_u64(out, event->source);
    writer_u64(out, event->room);
    writer_u32(out, event->frame_max);
    writer_put32(out, event->bytes);
}

static void
put_turn(struct writer *out, const struct recording *recording,
         struct recording_turn turn)
{
    writer_u64(out, recording->input.mono_ms);
    writer_u64(out, recording->input.wall_ms);
    writer_put(out, SPAN_OF(recording->input.seed));
    writer_put(out, SPAN_OF(turn.effects->nonce));
    writer_u32(out, recording->event_count);
    for (size_t i = 0; i < recording->event_count; i++)
        put_event(out, &turn.events[i]);
    writer_u32(out, (uint32_t)turn.effects->count);
    for (size_t i = 0; i < turn.effects->count; i++)
        kept_put(out, &turn.effects->list[i]);
}

void
recording_put(struct writer *out, const struct recording *recording,
              struct recording_turn turn)
{
    writer_u8(out, (uint8_t)recording->kind);
    switch (recording->kind) {
    case RECORDING_CONFIG: put_config(out, &recording->config); break;
    case RECORDING_KEY: kept_put_key(out, &recording->key); break;
    case RECORDING_STATE:
        writer_put32(out, recording->public_part);
        writer_put32(out, recording->secret);
        break;
    case RECORDING_BEGIN: break;
    case RECORDING_TURN: put_turn(out, recording, turn); break;
    }
}

/* --- reading ------------------------------------------------------------- */

static void
read_config(struct reader *in, struct node_config *out)
{
    out->first_contact_expires_ms = reader_u64(in);
    out->certificate = reader_take32(in, LIMIT_CERTIFICATE);
    out->listen = reader_take32(in, LIMIT_ADDRESS);
    out->address_count = reader_u8(in);
    if (out->address_count > LIMIT_ADDRESSES)
        reader_fail(in);
    for (size_t i = 0; i < out->address_count && !in->failed; i++)
        out->addresses[i] = reader_take32(in, LIMIT_ADDRESS);
}

static void
read_key(struct reader *in, struct key_change *out)
{
    uint8_t destroy = reader_u8(in);

    if (destroy > 1)
        reader_fail(in);
    out->destroy = destroy == 1;
    out->kind = reader_u8(in);
    out->state = reader_u8(in);
    out->number = reader_u64(in);
    reader_copy(in, out->owner, sizeof(out->owner));
    reader_copy(in, out->secret.bytes, sizeof(out->secret.bytes));
}

/* Passes over `count` events; what they are. */
static struct span
read_events(struct reader *in, size_t count)
{
    struct span  rest = {in->ptr, in->left};
    struct event event;

    while (count > 0 && recording_event(in, &event) == STATUS_OK)
        count--;
    if (count > 0)
        reader_fail(in);
    return (struct span){rest.ptr, rest.len - in->left};
}

/* The same for effects. */
static struct span
read_effects(struct reader *in, size_t count)
{
    struct span rest = {in->ptr, in->left};
    struct kept kept;

    while (count > 0 && kept_next(in, &kept) == STATUS_OK)
        count--;
    if (count > 0)
        reader_fail(in);
    return (struct span){rest.ptr, rest.len - in->left};
}

static void
read_turn(struct reader *in, struct recording *out)
{
    out->input.mono_ms = reader_u64(in);
    out->input.wall_ms = reader_u64(in);
    reader_copy(in, out->input.seed, sizeof(out->input.seed));
    reader_copy(in, out->nonce, sizeof(out->nonce));
    out->event_count = reader_u32(in);
    out->events = read_events(in, out->event_count);
    out->effect_count = reader_u32(in);
    out->effects = read_effects(in, out->effect_count);
}

enum status
recording_read(struct span bytes, struct recording *out)
{
    struct reader in = reader_of(bytes);

    *out = (struct recording){0};
    out->kind = (enum recording_kind)reader_u8(&in);
    switch (out->kind) {
    case RECORDING_CONFIG: read_config(&in, &out->config); break;
    case RECORDING_KEY: read_key(&in, &out->key); break;
    case RECORDING_STATE:
        out->public_part = reader_take32(&in, LIMIT_RECORD);
        out->secret = reader_take32(&in, LIMIT_RECORD);
        break;
    case RECORDING_BEGIN: break;
    case RECORDING_TURN: read_turn(&in, out); break;
    default: reader_fail(&in);
    }
    return reader_end(&in);
}

enum status
recording_event(struct reader *in, struct event *out)
{
    unsigned kind, st;

    if (in->left == 0)
        return in->failed ? STATUS_BAD_ENCODING : STATUS_AGAIN;
    *out = (struct event){0};
    kind = reader_u8(in);
    st = reader_u16(in);
    if (kind >= EVENT_KIND_COUNT || st >= STATUS_COUNT)
        reader_fail(in);
    out->kind = (enum event_kind)kind;
    out->status = (enum status)st;
    out->link = reader_u64(in);
    out->client = reader_u64(in);
    out->token = reader_u64(in);
    out->source = reader_u64(in);
    out->room = reader_u64(in);
    out->frame_max = reader_u32(in);
    out->bytes = reader_take32(in, LIMIT_TURN_BYTES);
    return in->failed ? STATUS_BAD_ENCODING : STATUS_OK;
}
