/*
 * symmetric.c - hashes and keys of a Noise handshake, mixed as it goes on.
 *
 * Numbers in comments are sections of the Noise specification, revision 34.
 * Invariants:
 *  (I1) a key and a nonce meet once: the nonce rises with each field, and
 *       starts anew with each new key;
 *  (I2) secrets in locals are wiped before return.
 */
#include "crypto/symmetric.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(LIMIT_TAG == crypto_aead_chacha20poly1305_ietf_ABYTES, "AEAD");
static_assert(LIMIT_KEY == crypto_aead_chacha20poly1305_ietf_KEYBYTES, "AEAD");
static_assert(sizeof(struct secret32) == LIMIT_KEY, "an array is its bytes");

/* 12.3: four zero bytes, then the number little-endian. */
static void
nonce_of(uint64_t n, uint8_t out[static 12])
{
    memset(out, 0, 4);
    for (size_t i = 0; i < 8; i++)
        out[4 + i] = (uint8_t)(n >> (8 * i));
}

void
symmetric_seal(const struct secret32 *key, uint64_t n, struct span data,
               struct span plain, uint8_t *out)
{
    uint8_t nonce[12];

    nonce_of(n, nonce);
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(
        out, NULL, plain.ptr, plain.len, data.ptr, data.len, NULL, nonce,
        key->bytes);
}

enum status
symmetric_unseal(const struct secret32 *key, uint64_t n, struct span data,
                 struct span in, uint8_t *out)
{
    uint8_t nonce[12];
    int     failed;

    assert(in.len >= LIMIT_TAG);
    nonce_of(n, nonce);
    failed = crypto_aead_chacha20poly1305_ietf_decrypt(
        out, NULL, NULL, in.ptr, in.len, data.ptr, data.len, nonce, key->bytes);
    return failed == 0 ? STATUS_OK : STATUS_BAD_PROOF;
}

/* 4.3: HKDF; `count` outputs of 32 bytes each. */
static void
derive(const struct secret32 *chain, struct span input, struct secret32 *out,
       size_t count)
{
    struct secret32 prk = {0};
    enum status     st;

    hkdf_extract(SPAN_OF(chain->bytes), input, &prk);
    st = hkdf_expand(&prk, SPAN_EMPTY, (uint8_t *)out, count * sizeof(*out));
    assert(st == STATUS_OK);
    secret_wipe(&prk); /* (I2) */
}

void
symmetric_init(struct symmetric *state, struct span protocol_name)
{
    assert(protocol_name.len > LIMIT_DIGEST); /* so it is hashed, not padded */
    memset(state, 0, sizeof(*state));
    sha256_digest(protocol_name, &state->hash);
    memcpy(state->chain.bytes, state->hash.bytes, LIMIT_KEY);
}

void
symmetric_mix_hash(struct symmetric *state, struct span data)
{
    sha256_spans((struct span[]){SPAN_OF(state->hash.bytes), data}, 2,
                 &state->hash);
}

void
symmetric_mix_key(struct symmetric *state, struct span input)
{
    struct secret32 keys[2] = {0};

    derive(&state->chain, input, keys, 2);
    state->chain = keys[0];
    state->key = keys[1];
    state->nonce = 0; /* (I1) */
    secret_wipe(&keys); /* (I2) */
}

void
symmetric_mix_psk(struct symmetric *state, const struct secret32 *psk)
{
    struct secret32 keys[3] = {0};

    derive(&state->chain, SPAN_OF(psk->bytes), keys, 3);
    state->chain = keys[0];
    symmetric_mix_hash(state, SPAN_OF(keys[1].bytes));
    state->key = keys[2];
    state->nonce = 0; /* (I1) */
    secret_wipe(&keys); /* (I2) */
}

void
symmetric_encrypt(struct symmetric *state, struct span plain, uint8_t *out)
{
    symmetric_seal(&state->key, state->nonce, SPAN_OF(state->hash.bytes),
                   plain, out);
    state->nonce++; /* (I1) */
    symmetric_mix_hash(state, (struct span){out, plain.len + LIMIT_TAG});
}

enum status
symmetric_decrypt(struct symmetric *state, struct span in, uint8_t *out)
{
    enum status st = symmetric_unseal(&state->key, state->nonce,
                                      SPAN_OF(state->hash.bytes), in, out);

    if (st != STATUS_OK)
        return st;
    state->nonce++; /* (I1) */
    symmetric_mix_hash(state, in);
    return STATUS_OK;
}

void
symmetric_split(const struct symmetric *state, struct secret32 out[2])
{
    derive(&state->chain, SPAN_EMPTY, out, 2);
}
