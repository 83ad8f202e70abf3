/*
 * seal.h - entries sealed to a recipient (DESIGN 5, PROTOCOL 5).
 *
 * One X25519 exchange a batch gives the batch secret; from it comes one
 * content key an entry, so that one entry can be disclosed without the others;
 * from the content key an AEAD key (used once, nonce zero) and a commitment
 * that stands in the leaf and is compared before decryption.
 *
 *     batch secret = HKDF-SHA256(salt = pair secret or 32 zero bytes,
 *                                ikm  = X25519(ephemeral, sealing),
 *                                info = LABEL_BATCH, u16 origin length,
 *                                       origin, u16 suite, u32 key number,
 *                                       sealing public, ephemeral public,
 *                                       salt, u64 first index)
 *     content key  = KDF(batch secret, LABEL_CONTENT, u64 index)
 *     AEAD key     = KDF(content key, LABEL_AEAD)
 *     commitment   = KDF(content key, LABEL_COMMITMENT)
 *     AEAD data    = LABEL_BODY, u16 origin length, origin, u64 index,
 *                    the leaf without its digest (48 bytes)
 *
 * Draws no randomness and allocates nothing.  Keeps no pointer.
 */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "crypto/kdf.h"
#include "proto/bytes.h"
#include "proto/leaf.h"
#include "proto/limits.h"

/* The longest plaintext of one entry: one byte of padding at least. */
enum { SEAL_PLAINTEXT_MAX = LIMIT_BODY - 1 };

/*
 * The batch fields: travel once a batch, stored with each entry, and all of
 * them under the digest of each leaf.  `origin` is a loan of the origin's
 * text, 1 to LIMIT_ORIGIN bytes (asserted).
 */
struct seal_batch {
    struct span origin;
    uint64_t    first_index;
    uint8_t     ephemeral[LIMIT_KEY]; /* X25519 public */
    uint8_t     salt[LIMIT_SALT];     /* drawn at sealing, not with the key */
};

/* To whom a batch is sealed, as both sides know it. */
struct seal_key {
    uint16_t               suite;                 /* SUITE_CLASSIC */
    uint32_t               number;                /* the leaf's sealing_key */
    uint8_t                public_key[LIMIT_KEY]; /* X25519 */
    uint32_t               secret_epoch;          /* the leaf's too */
    const struct secret32 *pair_secret;           /* NULL: 32 zero bytes */
};

/*
 * What every sealing to a peer begins with: HKDF-SHA256 (salt: pair_secret, or
 * 32 zero bytes where it is NULL; ikm: X25519 of the two keys).  Wipe *out.
 * BAD_FIELD: their public key gives the zero secret.
 */
NODISCARD enum status
seal_exchange(const struct secret32 *own_secret,
              const uint8_t          their_public[static LIMIT_KEY],
              const struct secret32 *pair_secret, struct span info,
              struct secret32 *out);

/*
 * The batch secret, from the sender's or the recipient's side.  Wipe it after
 * the batch; it is never saved.  BAD_VERSION: not a suite of ours.
 * BAD_FIELD: the other's public key gives the zero secret.
 * The sender's `ephemeral_secret` must belong to batch->ephemeral, the
 * recipient's `sealing_secret` to key->public_key.
 */
NODISCARD enum status seal_batch_sender(const struct seal_batch *batch,
                                        const struct seal_key   *key,
                                        const struct secret32 *ephemeral_secret,
                                        struct secret32       *out);
NODISCARD enum status
seal_batch_recipient(const struct seal_batch *batch, const struct seal_key *key,
                     const struct secret32 *sealing_secret,
                     struct secret32       *out);

/* The content key of the entry at `index`; this is what a GRANT carries. */
void seal_content_key(const struct secret32 *batch_secret, uint64_t index,
                      struct secret32 *out);

/*
 * Whether `content_key` is the one that `leaf` commits to, in constant time:
 * OK or UNOPENED.  Proves a granted or disclosed key without the body.
 */
NODISCARD enum status seal_check_key(const struct secret32 *content_key,
                                     const struct leaf     *leaf);

/* Padded length of a plaintext of `plain_len` <= SEAL_PLAINTEXT_MAX bytes:
 * plaintext, 0x80, zeros up to Padme(plain_len + 1). */
size_t seal_padded_len(size_t plain_len);

/* Bytes that seal_entry writes for it: padded, with the tag. */
size_t seal_sealed_len(size_t plain_len);

/*
 * Seal `plaintext` as the entry at `index` of batch->origin.  The caller has
 * set leaf->suite, class (a sealed one), precedence, sealing_key and
 * secret_epoch; this fills padded_len, commitment and digest, and writes
 * seal_sealed_len(plaintext.len) bytes to `sealed` (*len of them), which may
 * be the plaintext's own place.  TOO_LARGE: more than SEAL_PLAINTEXT_MAX
 * bytes, nothing written.
 */
NODISCARD enum status seal_entry(const struct secret32   *content_key,
                                 const struct seal_batch *batch, uint64_t index,
                                 struct span plaintext, struct leaf *leaf,
                                 uint8_t *sealed, size_t *len);

/*
 * Open an entry into `plaintext`, which has room for sealed.len bytes; *len
 * bytes of it are the plaintext.  UNOPENED, and nothing but zeros written:
 * any reason (key, commitment, tag, padding, length), never told apart.
 * Says nothing about the digest: seal_check_digest does.
 */
NODISCARD enum status seal_open(const struct secret32 *content_key,
                                struct span origin, uint64_t index,
                                const struct leaf *leaf, struct span sealed,
                                uint8_t *plaintext, size_t *len);

/*
 * The digest of a leaf, over the body as it travels.  Sealed classes: LABEL_
 * ENTRY, u16 origin length, origin, u64 index, u64 first index, ephemeral,
 * salt, body.  Unsealed: LABEL_ENTRY, u16 origin length, origin, u64 index,
 * body; of the batch only the origin is read.
 */
void seal_digest(enum entry_class class, const struct seal_batch *batch,
                 uint64_t index, struct span body, struct digest *out);

/* BAD_PROOF: `body` is not as long as the leaf says, or not what it names. */
NODISCARD enum status seal_check_digest(const struct leaf       *leaf,
                                        const struct seal_batch *batch,
                                        uint64_t index, struct span body);

/*
 * The leaf of an unsealed entry (class OPEN, KEY, SEALKEY or REVOKE) whose
 * body travels as it is.  TOO_LARGE: empty, or more than LIMIT_BODY bytes.
 */
NODISCARD enum status seal_unsealed_leaf(enum entry_class class,
                                         enum precedence  precedence,
                                         struct span origin, uint64_t index,
                                         struct span body, struct leaf *out);

#endif
