/*
 * kept.c - one row a kind: which fields it has.  A field that a kind does not
 * have is zero in the effect, or the core did not set it for the edge to read.
 */
#include "node/host/kept.h"

#include "crypto/kdf.h"

#include <assert.h>

enum {
    NONCES_LEN = 48,
    KEY_FIELDS = KEPT_KEY_LEN + NONCES_LEN,
    DIGESTED = 4 + LIMIT_DIGEST, /* u32 length, digest */
    FILE_FIELDS = 1 + LIMIT_NODE_ID + LIMIT_DIGEST + 8 + 8
};

bool
kept_promised(enum effect_kind kind)
{
    return kind == EFFECT_KEY || kind == EFFECT_SAVE || kind == EFFECT_SEND ||
           kind == EFFECT_DIAL || kind == EFFECT_CLOSE || kind == EFFECT_CHUNK;
}

const char *
kept_name(enum effect_kind kind)
{
    static const char *const names[] = {
#define EFFECT_NAME(name) #name,
        EFFECT_LIST(EFFECT_NAME)
#undef EFFECT_NAME
    };

    assert(kind < EFFECT_KIND_COUNT);
    return names[kind];
}

/* --- writing ------------------------------------------------------------- */

size_t
kept_len(const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_KEY: return 1 + KEY_FIELDS;
    case EFFECT_SAVE:
        return 1 + 4 + 4 + effect->bytes.len + 4 + effect->secret.len;
    case EFFECT_SEND: return 1 + 8 + DIGESTED;
    case EFFECT_TELL: return 1 + 8 + DIGESTED;
    case EFFECT_LOAD: return 1 + 8 + LIMIT_DIGEST;
    case EFFECT_DIAL: return 1 + 8 + 4 + effect->bytes.len;
    case EFFECT_CLOSE: return 1 + 8 + 8;
    case EFFECT_WAKE_AT: return 1 + 8;
    case EFFECT_LOG: return 1 + DIGESTED;
    case EFFECT_CHUNK: return 1 + FILE_FIELDS + DIGESTED;
    case EFFECT_DROP: return 1 + FILE_FIELDS;
    case EFFECT_KIND_COUNT: break;
    }
    assert(false);
    return 0;
}

void
kept_put_key(struct writer *out, const struct key_change *key)
{
    writer_u8(out, key->destroy);
    writer_u8(out, key->kind);
    writer_u8(out, key->state);
    writer_u64(out, key->number);
    writer_put(out, SPAN_OF(key->owner));
    writer_put(out, SPAN_OF(key->secret.bytes));
}

static void
put_digested(struct writer *out, struct span bytes)
{
    struct digest digest;

    hash_digest(LABEL_REPLAY, bytes, &digest);
    writer_u32(out, (uint32_t)bytes.len);
    writer_put(out, SPAN_OF(digest.bytes));
}

static void
put_file(struct writer *out, const struct effect_file *file)
{
    writer_u8(out, file->outgoing);
    writer_put(out, SPAN_OF(file->peer.bytes));
    writer_put(out, SPAN_OF(file->digest));
    writer_u64(out, file->index);
    writer_u64(out, file->count);
}

static void
hash_bytes(struct hash *hash, struct span bytes)
{
    hash_u64(hash, bytes.len);
    hash_span(hash, bytes);
}

static void
put_query(struct writer *out, const struct query *query, struct span text)
{
    struct origin_text origin = {.len = 0};
    struct digest      digest;
    struct hash        hash;

    if (query->origin.epoch > 0)
        origin = origin_format(&query->origin);
    hash_init(&hash, LABEL_REPLAY);
    hash_u8(&hash, (uint8_t)query->kind);
    hash_bytes(&hash, origin_span(&origin));
    hash_span(&hash, SPAN_OF(query->peer.bytes));
    hash_u8(&hash, query->outgoing);
    hash_span(&hash, SPAN_OF(query->id.bytes));
    hash_u64(&hash, query->from);
    hash_u64(&hash, query->count);
    hash_u64(&hash, query->bytes_max);
    hash_bytes(&hash, text);
    hash_end(&hash, &digest);
    writer_put(out, SPAN_OF(digest.bytes));
}

void
kept_put(struct writer *out, const struct effect *effect)
{
    writer_u8(out, (uint8_t)effect->kind);
    switch (effect->kind) {
    case EFFECT_KEY:
        kept_put_key(out, &effect->key);
        writer_put(out, SPAN_OF(effect->key.nonce[0]));
        writer_put(out, SPAN_OF(effect->key.nonce[1]));
        break;
    case EFFECT_SAVE:
        writer_u32(out, effect->vault);
        writer_put32(out, effect->bytes);
        writer_put32(out, effect->secret);
        break;
    case EFFECT_SEND:
        writer_u64(out, effect->link);
        put_digested(out, effect->bytes);
        break;
    case EFFECT_TELL:
        writer_u64(out, effect->client);
        put_digested(out, effect->bytes);
        break;
    case EFFECT_LOAD:
        writer_u64(out, effect->token);
        put_query(out, &effect->query, effect->bytes);
        break;
    case EFFECT_DIAL:
        writer_u64(out, effect->link);
        writer_put32(out, effect->bytes);
        break;
    case EFFECT_CLOSE:
        writer_u64(out, effect->link);
        writer_u64(out, effect->client);
        break;
    case EFFECT_WAKE_AT: writer_u64(out, effect->mono_ms); break;
    case EFFECT_LOG: put_digested(out, effect->bytes); break;
    case EFFECT_CHUNK:
        put_file(out, &effect->file);
        put_digested(out, effect->bytes);
        break;
    case EFFECT_DROP: put_file(out, &effect->file); break;
    case EFFECT_KIND_COUNT: assert(false);
    }
}

/* --- reading ------------------------------------------------------------- */

static void
skip_fields(struct reader *in, enum effect_kind kind)
{
    switch (kind) {
    case EFFECT_KEY: reader_take(in, KEY_FIELDS); break;
    case EFFECT_SAVE:
        reader_u32(in);
        reader_take32(in, LIMIT_RECORD);
        reader_take32(in, LIMIT_RECORD);
        break;
    case EFFECT_SEND:
    case EFFECT_TELL: reader_take(in, 8 + DIGESTED); break;
    case EFFECT_LOAD: reader_take(in, 8 + LIMIT_DIGEST); break;
    case EFFECT_DIAL:
        reader_u64(in);
        reader_take32(in, LIMIT_ADDRESS);
        break;
    case EFFECT_CLOSE: reader_take(in, 8 + 8); break;
    case EFFECT_WAKE_AT: reader_u64(in); break;
    case EFFECT_LOG: reader_take(in, DIGESTED); break;
    case EFFECT_CHUNK: reader_take(in, FILE_FIELDS + DIGESTED); break;
    case EFFECT_DROP: reader_take(in, FILE_FIELDS); break;
    case EFFECT_KIND_COUNT: reader_fail(in);
    }
}

enum status
kept_next(struct reader *in, struct kept *out)
{
    struct span rest;
    size_t      before;
    unsigned    kind;

    if (in->left == 0)
        return in->failed ? STATUS_BAD_ENCODING : STATUS_AGAIN;
    kind = reader_u8(in);
    if (kind >= EFFECT_KIND_COUNT)
        reader_fail(in);
    if (in->failed)
        return STATUS_BAD_ENCODING;
    before = in->left;
    rest = (struct span){in->ptr, in->left};
    skip_fields(in, (enum effect_kind)kind);
    if (in->failed)
        return STATUS_BAD_ENCODING;
    out->kind = (enum effect_kind)kind;
    out->fields = (struct span){rest.ptr, before - in->left};
    return STATUS_OK;
}
