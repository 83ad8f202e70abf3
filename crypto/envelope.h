/*
 * envelope.h - a 32-byte secret closed under a passphrase (Argon2id).
 *
 * For the storage key, the organisation key, a capture's and a backup's key.
 * Layout, big-endian (PROTOCOL 9):
 *
 *      0  8    "entente" and a zero byte
 *      8  u16  version, 1
 *     10  u8   purpose
 *     11  u8   zero
 *     12  16   id of what it belongs to (node id; first half of a key)
 *     28  u32  Argon2id passes
 *     32  u32  Argon2id memory, KiB
 *     36  16   salt
 *     52  24   nonce
 *     76  32   commitment = KDF(root, LABEL_COMMITMENT)
 *    108  48   XChaCha20-Poly1305 under KDF(root, LABEL_AEAD) of the secret;
 *              data: LABEL_ENVELOPE and all before
 *
 * root = Argon2id13(passphrase, salt).  The commitment is compared first, so
 * that no file answers to two passphrases (CRYPTO: partitioning oracle).
 * Costs below the floor or above the ceiling are refused before any work.
 */
#ifndef CRYPTO_ENVELOPE_H
#define CRYPTO_ENVELOPE_H

#include "crypto/secret.h"
#include "proto/bytes.h"
#include "proto/limits.h"

enum {
    ENVELOPE_VERSION = 1,
    ENVELOPE_ID_LEN = 16,
    ENVELOPE_SALT_LEN = 16,
    ENVELOPE_NONCE_LEN = 24,
    ENVELOPE_LEN = 156
};

enum envelope_purpose {
    ENVELOPE_STORAGE = 1,
    ENVELOPE_ORGANISATION = 2,
    ENVELOPE_CAPTURE = 3,
    ENVELOPE_BACKUP = 4
};

struct envelope_cost {
    uint32_t passes;
    uint32_t memory_kib;
};

/* libsodium's "moderate": 3 passes over 256 MiB, about 0.7 s. */
#define ENVELOPE_MODERATE ((struct envelope_cost){3, 262144})
/* The floor: for tests, where a passphrase protects nothing. */
#define ENVELOPE_FLOOR                                                         \
    ((struct envelope_cost){LIMIT_ARGON_PASSES_MIN, LIMIT_ARGON_KIB_MIN})

/* The clear fields: unproven until envelope_open says OK. */
struct envelope_info {
    enum envelope_purpose purpose;
    uint8_t               id[ENVELOPE_ID_LEN];
    struct envelope_cost  cost;
};

/*
 * BAD_FIELD: empty passphrase, or a cost out of bounds.  IO: no memory for
 * Argon2id.  salt and nonce are fresh and random, the caller's to draw.
 */
NODISCARD enum status
envelope_seal(const struct envelope_info *info, struct span passphrase,
              const uint8_t          salt[static ENVELOPE_SALT_LEN],
              const uint8_t          nonce[static ENVELOPE_NONCE_LEN],
              const struct secret32 *secret, uint8_t out[static ENVELOPE_LEN]);

/*
 * PASSPHRASE: wrong passphrase, wrong purpose, or any bit changed; never told
 * apart.  IO: no memory for Argon2id.
 */
NODISCARD enum status envelope_open(struct span           encoded,
                                    enum envelope_purpose purpose,
                                    struct span           passphrase,
                                    struct secret32      *secret);

/* Reads the clear fields, for words to a person.  BAD_ENCODING: no envelope. */
NODISCARD enum status envelope_peek(struct span           encoded,
                                    struct envelope_info *out);

#endif
