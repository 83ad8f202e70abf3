/*
 * seal.c - one key exchange a batch, one derived key an entry.
 *
 * Invariants:
 *  (I1) an AEAD key seals one entry: it hangs on batch secret and index, and
 *       the batch secret on a salt drawn at sealing; so nonce zero is used
 *       once under each key;
 *  (I2) the commitment is compared before anything is decrypted, since
 *       ChaCha20-Poly1305 alone can be made to open two ways;
 *  (I3) who opens learns one bit: opened or not;
 *  (I4) sender, recipient and place are bound: the origin names both nodes and
 *       is in the KDF's info, in the AEAD's data and under the digest.
 */
#include "crypto/seal.h"

#include "crypto/padme.h"

#include "crypto/sign.h"
#include "proto/label.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum {
    LABEL_ROOM = 32, /* longest label with its zero byte, and more */
    ORIGIN_ROOM = 2 + LIMIT_ORIGIN,
    INFO_MAX =
        LABEL_ROOM + ORIGIN_ROOM + 2 + 4 + 2 * LIMIT_KEY + LIMIT_SALT + 8,
    DATA_MAX = LABEL_ROOM + ORIGIN_ROOM + 8 + LEAF_SIGNED_LEN,
    PAD_MARK = 0x80
};

static_assert(LIMIT_TAG == crypto_aead_chacha20poly1305_ietf_ABYTES, "tag");
static_assert(LIMIT_SEALED == LIMIT_BODY + LIMIT_TAG, "body and tag");

static const uint8_t nonce_zero[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

static void
assert_origin(struct span origin)
{
    assert(origin.len > 0);
    assert(origin.len <= LIMIT_ORIGIN);
}

/* Writes the HKDF info of seal.h; returns its length. */
static size_t
write_info(const struct seal_batch *batch, const struct seal_key *key,
           uint8_t info[static INFO_MAX])
{
    struct writer out = writer_of(info, INFO_MAX);

    assert_origin(batch->origin);
    writer_put(&out, label_span(LABEL_BATCH));
    writer_put16(&out, batch->origin); /* (I4) */
    writer_u16(&out, key->suite);
    writer_u32(&out, key->number);
    writer_put(&out, SPAN_OF(key->public_key));
    writer_put(&out, SPAN_OF(batch->ephemeral));
    writer_put(&out, SPAN_OF(batch->salt));
    writer_u64(&out, batch->first_index);
    assert(writer_end(&out) == STATUS_OK);
    return out.len;
}

enum status
seal_exchange(const struct secret32 *own_secret,
              const uint8_t          their_public[static LIMIT_KEY],
              const struct secret32 *pair_secret, struct span info,
              struct secret32 *out)
{
    static const struct secret32 no_pair_secret;
    struct secret32              shared = {0}, prk = {0};
    enum status                  st;

    if (pair_secret == NULL)
        pair_secret = &no_pair_secret;
    st = dh_shared(own_secret, their_public, &shared);
    if (st != STATUS_OK)
        goto out;
    hkdf_extract(SPAN_OF(pair_secret->bytes), SPAN_OF(shared.bytes), &prk);
    st = hkdf_expand(&prk, info, out->bytes, sizeof(out->bytes));
out:
    secret_wipe(&shared);
    secret_wipe(&prk);
    return st;
}

static enum status
derive_batch(const struct seal_batch *batch, const struct seal_key *key,
             const struct secret32 *own_secret,
             const uint8_t their_public[static LIMIT_KEY], struct secret32 *out)
{
    uint8_t info[INFO_MAX];
    size_t  info_len;

    if (key->suite != SUITE_CLASSIC)
        return STATUS_BAD_VERSION;
    info_len = write_info(batch, key, info);
    return seal_exchange(own_secret, their_public, key->pair_secret,
                         (struct span){info, info_len}, out);
}

enum status
seal_batch_sender(const struct seal_batch *batch, const struct seal_key *key,
                  const struct secret32 *ephemeral_secret, struct secret32 *out)
{
    return derive_batch(batch, key, ephemeral_secret, key->public_key, out);
}

enum status
seal_batch_recipient(const struct seal_batch *batch, const struct seal_key *key,
                     const struct secret32 *sealing_secret,
                     struct secret32       *out)
{
    return derive_batch(batch, key, sealing_secret, batch->ephemeral, out);
}

void
seal_content_key(const struct secret32 *batch_secret, uint64_t index,
                 struct secret32 *out)
{
    uint8_t       context[8];
    struct writer to = writer_of(context, sizeof(context));

    writer_u64(&to, index);
    kdf_derive(batch_secret, LABEL_CONTENT, writer_span(&to), out);
}

/* The key that each entry's AEAD uses, once (I1). */
static void
aead_key(const struct secret32 *content_key, struct secret32 *out)
{
    kdf_derive(content_key, LABEL_AEAD, SPAN_EMPTY, out);
}

static void
commitment(const struct secret32 *content_key, struct secret32 *out)
{
    kdf_derive(content_key, LABEL_COMMITMENT, SPAN_EMPTY, out);
}

enum status
seal_check_key(const struct secret32 *content_key, const struct leaf *leaf)
{
    struct secret32 own = {0};
    bool            same;

    commitment(content_key, &own);
    same = secret_equal(own.bytes, leaf->commitment, sizeof(own.bytes));
    secret_wipe(&own);
    return same ? STATUS_OK : STATUS_UNOPENED;
}

size_t
seal_padded_len(size_t plain_len)
{
    assert(plain_len <= SEAL_PLAINTEXT_MAX);
    return (size_t)padme_len(plain_len + 1);
}

size_t
seal_sealed_len(size_t plain_len)
{
    return seal_padded_len(plain_len) + LIMIT_TAG;
}

/*
 * The length of what was padded to `len` bytes.  One plaintext has one padded
 * form: all else is refused.
 */
static enum status
unpad(const uint8_t *padded, size_t len, size_t *plain_len)
{
    size_t at = len;

    while (at > 0 && padded[at - 1] == 0)
        at--;
    if (at == 0 || padded[at - 1] != PAD_MARK)
        return STATUS_UNOPENED;
    if (padme_len(at) != len)
        return STATUS_UNOPENED;
    *plain_len = at - 1;
    return STATUS_OK;
}

/* Writes the AEAD data of seal.h; returns its length. */
static size_t
write_data(struct span origin, uint64_t index, const struct leaf *leaf,
           uint8_t data[static DATA_MAX])
{
    struct writer out = writer_of(data, DATA_MAX);
    uint8_t       header[LEAF_LEN];

    assert_origin(origin);
    leaf_encode(leaf, header);
    writer_put(&out, label_span(LABEL_BODY));
    writer_put16(&out, origin); /* (I4) */
    writer_u64(&out, index);
    writer_put(&out, (struct span){header, LEAF_SIGNED_LEN});
    assert(writer_end(&out) == STATUS_OK);
    return out.len;
}

enum status
seal_entry(const struct secret32 *content_key, const struct seal_batch *batch,
           uint64_t index, struct span plaintext, struct leaf *leaf,
           uint8_t *sealed, size_t *len)
{
    struct secret32    key = {0}, own = {0};
    struct digest      digest;
    uint8_t            data[DATA_MAX];
    size_t             padded_len, data_len;
    unsigned long long sealed_len = 0;

    assert(class_is_sealed(leaf->class));
    assert(leaf->suite == SUITE_CLASSIC);
    assert(index >= batch->first_index);
    if (plaintext.len > SEAL_PLAINTEXT_MAX)
        return STATUS_TOO_LARGE;
    padded_len = seal_padded_len(plaintext.len);
    if (plaintext.len > 0)
        memmove(sealed, plaintext.ptr, plaintext.len);
    sealed[plaintext.len] = PAD_MARK;
    memset(sealed + plaintext.len + 1, 0, padded_len - plaintext.len - 1);

    commitment(content_key, &own);
    memcpy(leaf->commitment, own.bytes, sizeof(leaf->commitment));
    leaf->padded_len = (uint32_t)padded_len;
    data_len = write_data(batch->origin, index, leaf, data);
    aead_key(content_key, &key);
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(
        sealed, &sealed_len, sealed, padded_len, data, data_len, NULL,
        nonce_zero, key.bytes); /* (I1); cannot fail: the length is bounded */
    secret_wipe(&key);
    secret_wipe(&own);

    assert(sealed_len == leaf_body_len(leaf));
    *len = (size_t)sealed_len;
    seal_digest(leaf->class, batch, index, (struct span){sealed, *len},
                &digest);
    memcpy(leaf->digest, digest.bytes, sizeof(leaf->digest));
    assert(leaf_check(leaf) == STATUS_OK);
    return STATUS_OK;
}

enum status
seal_open(const struct secret32 *content_key, struct span origin,
          uint64_t index, const struct leaf *leaf, struct span sealed,
          uint8_t *plaintext, size_t *len)
{
    struct secret32 key = {0};
    uint8_t         data[DATA_MAX];
    size_t          data_len;
    enum status     st = STATUS_UNOPENED; /* (I3) */

    if (leaf_check(leaf) != STATUS_OK || !class_is_sealed(leaf->class))
        goto out;
    if (sealed.len != leaf_body_len(leaf))
        goto out;
    if (seal_check_key(content_key, leaf) != STATUS_OK) /* (I2) */
        goto out;
    data_len = write_data(origin, index, leaf, data);
    aead_key(content_key, &key);
    if (crypto_aead_chacha20poly1305_ietf_decrypt(
            plaintext, NULL, NULL, sealed.ptr, sealed.len, data, data_len,
            nonce_zero, key.bytes) != 0)
        goto out;
    st = unpad(plaintext, leaf->padded_len, len);
    if (st != STATUS_OK)
        secret_wipe_bytes(plaintext, leaf->padded_len);
out:
    secret_wipe(&key);
    return st;
}

void
seal_digest(enum entry_class class, const struct seal_batch *batch,
            uint64_t index, struct span body, struct digest *out)
{
    struct hash hash;

    assert_origin(batch->origin);
    hash_init(&hash, LABEL_ENTRY);
    hash_span16(&hash, batch->origin); /* (I4) */
    hash_u64(&hash, index);
    if (class_is_sealed(class)) {
        hash_u64(&hash, batch->first_index);
        hash_span(&hash, SPAN_OF(batch->ephemeral));
        hash_span(&hash, SPAN_OF(batch->salt));
    }
    hash_span(&hash, body);
    hash_end(&hash, out);
}

enum status
seal_check_digest(const struct leaf *leaf, const struct seal_batch *batch,
                  uint64_t index, struct span body)
{
    struct digest digest;

    if (body.len != leaf_body_len(leaf))
        return STATUS_BAD_PROOF;
    seal_digest(leaf->class, batch, index, body, &digest);
    if (!span_equal(digest_span(&digest), SPAN_OF(leaf->digest)))
        return STATUS_BAD_PROOF;
    return STATUS_OK;
}

enum status
seal_unsealed_leaf(enum entry_class class, enum precedence precedence,
                   struct span origin, uint64_t index, struct span body,
                   struct leaf *out)
{
    struct seal_batch batch = {.origin = origin};
    struct digest     digest;
    struct leaf       leaf = {.suite = SUITE_CLASSIC,
                              .class = class,
                              .precedence = precedence};

    assert(!class_is_sealed(class));
    if (body.len == 0 || body.len > LIMIT_BODY)
        return STATUS_TOO_LARGE;
    leaf.padded_len = (uint32_t)body.len;
    seal_digest(class, &batch, index, body, &digest);
    memcpy(leaf.digest, digest.bytes, sizeof(leaf.digest));
    assert(leaf_check(&leaf) == STATUS_OK);
    *out = leaf;
    return STATUS_OK;
}
