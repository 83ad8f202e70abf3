/*
 * trace.c - each thing that happened is hashed behind the digest of all
 * before it.  No struct is hashed as it lies in memory: padding is chance.
 */
#include "node/sim/trace.h"

#include <assert.h>

void
trace_bytes(struct trace *trace, struct span bytes)
{
    const struct span both[] = {SPAN_OF(trace->digest.bytes), bytes};

    sha256_spans(both, 2, &trace->digest);
}

void
trace_number(struct trace *trace, uint64_t number)
{
    uint8_t       bytes[8];
    struct writer out = writer_of(bytes, sizeof(bytes));

    writer_u64(&out, number);
    trace_bytes(trace, writer_span(&out));
}

static void
put_query(struct writer *out, const struct query *query)
{
    const struct origin *origin = &query->origin;

    writer_u8(out, (uint8_t)query->kind);
    writer_put(out, SPAN_OF(origin->sender.bytes));
    writer_put(out, SPAN_OF(origin->recipient.bytes));
    writer_put16(out, span_text(origin->realm));
    writer_u8(out, (uint8_t)origin->lane);
    writer_u64(out, origin->epoch);
    writer_u64(out, origin->random);
    writer_put(out, SPAN_OF(query->peer.bytes));
    writer_u8(out, query->outgoing);
    writer_put(out, SPAN_OF(query->id.bytes));
    writer_u64(out, query->from);
    writer_u64(out, query->count);
    writer_u64(out, query->bytes_max);
}

static void
put_key(struct writer *out, const struct key_change *key)
{
    writer_u8(out, key->destroy);
    writer_u8(out, key->kind);
    writer_u8(out, key->state);
    writer_u64(out, key->number);
    writer_put(out, SPAN_OF(key->owner));
    writer_put(out, SPAN_OF(key->secret.bytes));
    writer_put(out, SPAN_OF(key->nonce[0]));
    writer_put(out, SPAN_OF(key->nonce[1]));
}

static void
trace_effect(struct trace *trace, const struct effect *effect)
{
    uint8_t       fixed[1024];
    struct writer out = writer_of(fixed, sizeof(fixed));
    struct span   spans[4] = {SPAN_OF(trace->digest.bytes)};

    writer_u8(&out, (uint8_t)effect->kind);
    writer_u64(&out, effect->link);
    writer_u64(&out, effect->client);
    writer_u64(&out, effect->token);
    writer_u64(&out, effect->mono_ms);
    writer_u32(&out, effect->vault);
    writer_u64(&out, effect->bytes.len);
    writer_u64(&out, effect->secret.len);
    if (effect->kind == EFFECT_LOAD)
        put_query(&out, &effect->query);
    if (effect->kind == EFFECT_KEY)
        put_key(&out, &effect->key);
    assert(!out.failed);
    spans[1] = writer_span(&out);
    spans[2] = effect->bytes;
    spans[3] = effect->secret;
    sha256_spans(spans, 4, &trace->digest);
}

void
trace_effects(struct trace *trace, const struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++)
        trace_effect(trace, &effects->list[i]);
}
