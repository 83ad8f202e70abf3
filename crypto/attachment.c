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

#include "crypto/padme.h"
#include "crypto/piece.h"

#include <assert.h>
#include <string.h>

enum {
    SEALED_MIN = 1 + LIMIT_TAG
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

/* Nothing marks where the padding begins, as seal.h has it: the message says
 * how long the file is. */
uint64_t
attachment_padded_len(uint64_t len)
{
    assert(len <= LIMIT_ATTACHMENT);
    return len == 0 ? 1 : padme_len(len);
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

void
attachment_seal(const struct secret32 *key, uint64_t index, bool last,
                struct span chunk, uint8_t *out)
{
    struct secret32 aead;

    assert(chunk.len >= 1 && chunk.len <= LIMIT_CHUNK);
    kdf_derive(key, LABEL_CHUNK_KEY, SPAN_EMPTY, &aead);
    piece_seal(&aead, LABEL_CHUNK_SEALED, index, last, chunk, out);
    secret_wipe(&aead);
}

enum status
attachment_open(const struct secret32 *key, uint64_t index, bool last,
                struct span sealed, uint8_t *out)
{
    struct secret32 aead;
    enum status     st;

    if (sealed.len < SEALED_MIN || sealed.len > LIMIT_CHUNK_SEALED)
        return STATUS_BAD_ENCODING;
    kdf_derive(key, LABEL_CHUNK_KEY, SPAN_EMPTY, &aead);
    st = piece_open(&aead, LABEL_CHUNK_SEALED, index, last, sealed, out);
    secret_wipe(&aead);
    if (st != STATUS_OK)
        memset(out, 0, sealed.len - LIMIT_TAG);
    return st;
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
