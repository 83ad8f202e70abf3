/*
 * attachment.c - one key a file, one nonce a chunk.
 *
 * Invariants:
 *  (I1) the nonce is the chunk's index, and a key seals each index once: the
 *       caller draws another key for another upload;
 *  (I2) the data says whether a chunk is the last one, so that a file that was
 *       cut at a chunk does not open, even for who does not check the root.
 */
#include "crypto/attachment.h"

#include <assert.h>
#include <sodium/crypto_aead_chacha20poly1305.h>
#include <string.h>

enum {
    NONCE_LEN = 12,
    DATA_MAX = 40,
    SEALED_MIN = 1 + LIMIT_TAG,
    EXPONENT_BITS = 6 /* of a length's exponent, at most */
};

static_assert(LIMIT_CHUNK_SEALED == LIMIT_CHUNK + LIMIT_TAG, "sealed");
static_assert(LIMIT_ATTACHMENT / LIMIT_CHUNK == LIMIT_CHUNKS, "chunks");
static_assert(LIMIT_STORED ==
                  LIMIT_ATTACHMENT + (uint64_t)LIMIT_CHUNKS * LIMIT_TAG,
              "stored");
static_assert(LIMIT_CHUNK_PROOF == 20 * LIMIT_DIGEST &&
                  LIMIT_CHUNKS == 1 << 20,
              "a node for each level");

/* --- lengths -------------------------------------------------------------- */

/* As seal.h pads bodies, but that nothing marks where the padding begins: the
 * message says how long the file is. */
uint64_t
attachment_padded_len(uint64_t len)
{
    unsigned exponent = 0, kept = 1;
    uint64_t mask;

    assert(len <= LIMIT_ATTACHMENT);
    if (len == 0)
        return 1;
    while (len >> (exponent + 1) != 0)
        exponent++;
    while (exponent >> kept != 0)
        kept++;
    assert(kept <= EXPONENT_BITS);
    if (exponent <= kept)
        return len;
    mask = (UINT64_C(1) << (exponent - kept)) - 1;
    return (len + mask) & ~mask;
}

static uint64_t
chunks_in(uint64_t len, uint64_t chunk_len)
{
    return (len + chunk_len - 1) / chunk_len;
}

uint64_t
attachment_stored_len(uint64_t len)
{
    uint64_t padded = attachment_padded_len(len);

    return padded + LIMIT_TAG * chunks_in(padded, LIMIT_CHUNK);
}

enum status
attachment_shape_of(uint64_t stored, struct attachment_shape *out)
{
    struct attachment_shape shape = {.stored = stored};
    uint64_t                padded;

    if (stored < SEALED_MIN || stored > LIMIT_STORED)
        return STATUS_BAD_FIELD;
    shape.chunks = chunks_in(stored, LIMIT_CHUNK_SEALED);
    shape.last_len =
        (uint32_t)(stored - (shape.chunks - 1) * LIMIT_CHUNK_SEALED);
    if (shape.last_len < SEALED_MIN)
        return STATUS_BAD_FIELD;
    padded = stored - LIMIT_TAG * shape.chunks;
    if (attachment_padded_len(padded) != padded)
        return STATUS_BAD_FIELD;
    *out = shape;
    return STATUS_OK;
}

size_t
attachment_chunk_len(const struct attachment_shape *shape, uint64_t index)
{
    assert(index < shape->chunks);
    return index + 1 == shape->chunks ? shape->last_len
                                      : (size_t)LIMIT_CHUNK_SEALED;
}

/* --- sealing -------------------------------------------------------------- */

struct place {
    uint8_t nonce[NONCE_LEN];
    uint8_t data[DATA_MAX];
    size_t  data_len;
};

static struct place
place_of(uint64_t index, bool last)
{
    struct place  place = {.data_len = 0};
    struct writer nonce = writer_of(place.nonce, sizeof(place.nonce));
    struct writer data = writer_of(place.data, sizeof(place.data));

    writer_u32(&nonce, 0);
    writer_u64(&nonce, index); /* (I1) */
    writer_put(&data, label_span(LABEL_CHUNK_SEALED));
    writer_u8(&data, last ? 1 : 0); /* (I2) */
    assert(nonce.len == NONCE_LEN && writer_end(&data) == STATUS_OK);
    place.data_len = data.len;
    return place;
}

void
attachment_seal(const struct secret32 *key, uint64_t index, bool last,
                struct span chunk, uint8_t *out)
{
    struct place    place = place_of(index, last);
    struct secret32 aead;
    int             failed;

    assert(chunk.len >= 1 && chunk.len <= LIMIT_CHUNK);
    kdf_derive(key, LABEL_CHUNK_KEY, SPAN_EMPTY, &aead);
    failed = crypto_aead_chacha20poly1305_ietf_encrypt(
        out, NULL, chunk.ptr, chunk.len, place.data, place.data_len, NULL,
        place.nonce, aead.bytes);
    secret_wipe(&aead);
    assert(failed == 0); /* the length is bounded */
}

enum status
attachment_open(const struct secret32 *key, uint64_t index, bool last,
                struct span sealed, uint8_t *out)
{
    struct place    place = place_of(index, last);
    struct secret32 aead;
    int             failed;

    if (sealed.len < SEALED_MIN || sealed.len > LIMIT_CHUNK_SEALED)
        return STATUS_BAD_ENCODING;
    kdf_derive(key, LABEL_CHUNK_KEY, SPAN_EMPTY, &aead);
    failed = crypto_aead_chacha20poly1305_ietf_decrypt(
        out, NULL, NULL, sealed.ptr, sealed.len, place.data, place.data_len,
        place.nonce, aead.bytes);
    secret_wipe(&aead);
    if (failed != 0)
        memset(out, 0, sealed.len - LIMIT_TAG);
    return failed == 0 ? STATUS_OK : STATUS_BAD_PROOF;
}

/* --- the tree ------------------------------------------------------------- */

void
attachment_leaf(uint64_t index, struct span sealed, struct digest *out)
{
    struct digest leaf;
    struct hash   hash;

    hash_init(&hash, LABEL_CHUNK);
    hash_u64(&hash, index);
    hash_span(&hash, sealed);
    hash_end(&hash, &leaf);
    merkle_leaf_hash(digest_span(&leaf), out);
}

enum status
attachment_check(const struct attachment_shape *shape,
                 const struct digest *digest, uint64_t index,
                 struct span sealed, struct span proof, struct digest *leaf)
{
    struct merkle_proof path = {.count = proof.len / LIMIT_DIGEST};
    struct reader       in = reader_of(proof);
    struct digest       hash;
    enum status         st;

    if (index >= shape->chunks || proof.len > LIMIT_CHUNK_PROOF ||
        proof.len % LIMIT_DIGEST != 0 ||
        sealed.len != attachment_chunk_len(shape, index))
        return STATUS_BAD_PROOF;
    for (size_t i = 0; i < path.count; i++)
        reader_copy(&in, path.nodes[i].bytes, LIMIT_DIGEST);
    attachment_leaf(index, sealed, &hash);
    st = merkle_inclusion_verify(&path, index, shape->chunks, &hash, digest);
    if (st == STATUS_OK)
        *leaf = hash;
    return st;
}
