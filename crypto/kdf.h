/*
 * kdf.h - digests and key derivation, with labels applied.
 *
 * BLAKE2b-256 for bodies, chunks and one-way derivation; SHA-256, HMAC and
 * HKDF (RFC 5869) where Noise, the sealing KDF and Merkle logs ask for them.
 * Bytes in, bytes out: no allocation, no failure but for a length that
 * RFC 5869 forbids.  An output may be the memory of an input, but not in
 * hkdf_expand.
 */
#ifndef CRYPTO_KDF_H
#define CRYPTO_KDF_H

#include "crypto/secret.h"
#include "proto/label.h"

#include <sodium/crypto_generichash.h>

struct digest {
    uint8_t bytes[LIMIT_DIGEST];
};

/* Not constant time: digests are public. */
bool        digest_equal(const struct digest *a, const struct digest *b);
struct span digest_span(const struct digest *digest);

/* SHA-256 (FIPS 180-4) of one span, or of several one after the other. */
void sha256_digest(struct span in, struct digest *out);
void sha256_spans(const struct span *spans, size_t count, struct digest *out);

/* HMAC-SHA-256 (RFC 2104) under a key of any length. */
void hmac_sha256(struct span key, struct span in, struct digest *out);

/* HKDF-SHA256 (RFC 5869 2.2): an empty salt counts as 32 zero bytes. */
void hkdf_extract(struct span salt, struct span ikm, struct secret32 *prk);

enum { HKDF_LEN_MAX = 255 * LIMIT_DIGEST };

/* RFC 5869 2.3.  TOO_LARGE when len > HKDF_LEN_MAX; then out is untouched. */
NODISCARD enum status hkdf_expand(const struct secret32 *prk, struct span info,
                                  uint8_t *out, size_t len);

/*
 * BLAKE2b-256 (RFC 7693), unkeyed, over the label with its zero byte and then
 * all that is added, integers big-endian:
 *
 *     hash_init(&hash, LABEL_ENTRY);
 *     hash_span16(&hash, origin);
 *     hash_u64(&hash, index);
 *     hash_end(&hash, &digest);
 *
 * hash_span adds no length: precede what has no fixed size by one.
 */
struct hash {
    crypto_generichash_state state;
};

void hash_init(struct hash *hash, enum label label);
void hash_u8(struct hash *hash, uint8_t value);
void hash_u16(struct hash *hash, uint16_t value);
void hash_u32(struct hash *hash, uint32_t value);
void hash_u64(struct hash *hash, uint64_t value);
void hash_span(struct hash *hash, struct span in);
/* A u16 length first; asserts that it fits. */
void hash_span16(struct hash *hash, struct span in);
/* Writes the digest and wipes the state. */
void hash_end(struct hash *hash, struct digest *out);

/* The digest of the label and one span. */
void hash_digest(enum label label, struct span in, struct digest *out);

/*
 * BLAKE2b-256 keyed with `key` over the label and the context: one-way, so
 * that what is derived can be disclosed without the key.
 */
void kdf_derive(const struct secret32 *key, enum label label,
                struct span context, struct secret32 *out);

/*
 * A turn's 32 random bytes, expanded.  Block number k (from 0) is
 * kdf_derive(seed, LABEL_SUBSEED, k as u64); a take uses whole blocks, so no
 * two takes share one.  The same seed and takes give the same bytes.
 */
struct seed_stream {
    struct secret32 seed;
    uint64_t        next_block;
};

void seed_stream_init(struct seed_stream *stream, const struct secret32 *seed);
void seed_stream_take(struct seed_stream *stream, uint8_t *out, size_t len);
void seed_stream_wipe(struct seed_stream *stream);

#endif
