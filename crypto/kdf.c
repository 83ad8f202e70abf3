/*
 * kdf.c - libsodium's hashes under our labels.
 *
 * Invariants:
 *  (I1) every BLAKE2b digest and derivation begins with a label and its zero
 *       byte; no label is the beginning of another with it, so no two uses
 *       share an input;
 *  (I2) every state that saw a secret is wiped before return.
 */
#include "crypto/kdf.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(LIMIT_DIGEST == crypto_hash_sha256_BYTES, "SHA-256 fills it");
static_assert(LIMIT_DIGEST == crypto_auth_hmacsha256_BYTES, "HMAC fills it");
static_assert(LIMIT_DIGEST == crypto_generichash_BYTES, "BLAKE2b-256 fills it");
static_assert(LIMIT_KEY == LIMIT_DIGEST, "a digest is a key's length");

bool
digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

struct span
digest_span(const struct digest *digest)
{
    return SPAN_OF(digest->bytes);
}

void
sha256_digest(struct span in, struct digest *out)
{
    sha256_spans(&in, 1, out);
}

void
sha256_spans(const struct span *spans, size_t count, struct digest *out)
{
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < count; i++)
        crypto_hash_sha256_update(&state, spans[i].ptr, spans[i].len);
    crypto_hash_sha256_final(&state, out->bytes);
    secret_wipe(&state); /* (I2) */
}

/* HMAC over several spans, one after the other. */
static void
hmac_spans(struct span key, const struct span *spans, size_t count,
           uint8_t out[static LIMIT_DIGEST])
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key.ptr, key.len);
    for (size_t i = 0; i < count; i++)
        crypto_auth_hmacsha256_update(&state, spans[i].ptr, spans[i].len);
    crypto_auth_hmacsha256_final(&state, out);
    secret_wipe(&state); /* (I2) */
}

void
hmac_sha256(struct span key, struct span in, struct digest *out)
{
    hmac_spans(key, &in, 1, out->bytes);
}

void
hkdf_extract(struct span salt, struct span ikm, struct secret32 *prk)
{
    hmac_spans(salt, &ikm, 1, prk->bytes);
}

enum status
hkdf_expand(const struct secret32 *prk, struct span info, uint8_t *out,
            size_t len)
{
    struct secret32 block = {0};
    struct span     previous = SPAN_EMPTY;
    uint8_t         number = 0;

    if (len > HKDF_LEN_MAX)
        return STATUS_TOO_LARGE;
    for (size_t done = 0; done < len; done += LIMIT_DIGEST) {
        size_t part = len - done < LIMIT_DIGEST ? len - done : LIMIT_DIGEST;

        /* RFC 5869 2.3: T(n) = HMAC(PRK, T(n-1), info, n), n from 1. */
        number++;
        hmac_spans(SPAN_OF(prk->bytes),
                   (struct span[]){previous, info, {&number, 1}}, 3,
                   block.bytes);
        previous = SPAN_OF(block.bytes);
        memcpy(out + done, block.bytes, part);
    }
    secret_wipe(&block); /* (I2) */
    return STATUS_OK;
}

static void
hash_start(struct hash *hash, struct span key, enum label label)
{
    int failed = crypto_generichash_init(&hash->state, key.ptr, key.len,
                                         LIMIT_DIGEST);

    assert(failed == 0); /* only a wrong length could fail */
    hash_span(hash, label_span(label)); /* (I1) */
}

void
hash_init(struct hash *hash, enum label label)
{
    hash_start(hash, SPAN_EMPTY, label);
}

static void
hash_be(struct hash *hash, uint64_t value, size_t len)
{
    uint8_t       bytes[8];
    struct writer out = writer_of(bytes, sizeof(bytes));

    writer_u64(&out, value);
    hash_span(hash, (struct span){bytes + sizeof(bytes) - len, len});
}

void
hash_u8(struct hash *hash, uint8_t value)
{
    hash_be(hash, value, 1);
}

void
hash_u16(struct hash *hash, uint16_t value)
{
    hash_be(hash, value, 2);
}

void
hash_u32(struct hash *hash, uint32_t value)
{
    hash_be(hash, value, 4);
}

void
hash_u64(struct hash *hash, uint64_t value)
{
    hash_be(hash, value, 8);
}

void
hash_span(struct hash *hash, struct span in)
{
    int failed = crypto_generichash_update(&hash->state, in.ptr, in.len);

    assert(failed == 0);
}

void
hash_span16(struct hash *hash, struct span in)
{
    assert(in.len <= UINT16_MAX);
    hash_u16(hash, (uint16_t)in.len);
    hash_span(hash, in);
}

void
hash_end(struct hash *hash, struct digest *out)
{
    int failed = crypto_generichash_final(&hash->state, out->bytes,
                                          sizeof(out->bytes));

    assert(failed == 0); /* it fails when asked twice */
    secret_wipe(hash); /* (I2) */
}

void
hash_digest(enum label label, struct span in, struct digest *out)
{
    struct hash hash;

    hash_init(&hash, label);
    hash_span(&hash, in);
    hash_end(&hash, out);
}

void
kdf_derive(const struct secret32 *key, enum label label, struct span context,
           struct secret32 *out)
{
    struct hash   hash;
    struct digest derived;

    hash_start(&hash, SPAN_OF(key->bytes), label);
    hash_span(&hash, context);
    hash_end(&hash, &derived);
    memcpy(out->bytes, derived.bytes, sizeof(out->bytes));
    secret_wipe(&derived); /* (I2) */
}

void
seed_stream_init(struct seed_stream *stream, const struct secret32 *seed)
{
    stream->seed = *seed;
    stream->next_block = 0;
}

void
seed_stream_take(struct seed_stream *stream, uint8_t *out, size_t len)
{
    struct secret32 block = {0};

    for (size_t done = 0; done < len; done += sizeof(block.bytes)) {
        size_t        left = len - done;
        uint8_t       number[8];
        struct writer counter = writer_of(number, sizeof(number));

        assert(stream->next_block < UINT64_MAX);
        writer_u64(&counter, stream->next_block++);
        kdf_derive(&stream->seed, LABEL_SUBSEED, SPAN_OF(number), &block);
        memcpy(out + done, block.bytes,
               left < sizeof(block.bytes) ? left : sizeof(block.bytes));
    }
    secret_wipe(&block); /* (I2) */
}

void
seed_stream_wipe(struct seed_stream *stream)
{
    secret_wipe(stream);
}
