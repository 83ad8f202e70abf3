/*
 * bundle.h - the header of a bundle, its keys, and its records as sealed.
 *
 * A bundle is one file from S to R: a link in one direction, on a stick.
 * Layout, big-endian (PROTOCOL 6.10):
 *
 *      0  16   the characters `entente/bundle/1`
 *     16  u16  suite, 1
 *     18  16   node id of S
 *     34  16   node id of R
 *     50  u32  serial of the certificate whose log key signs, from 1
 *     54  u64  number: S counts its bundles to R, from 1
 *     62  u32  number of R's sealing key; 0: first contact
 *     66  u32  pair-secret epoch; 0: none
 *     70  32   ephemeral, X25519
 *    102  16   salt
 *    118  32   commitment
 *    150  32   digest of record 0 as it stands in the file
 *    182  64   Ed25519 signature over LABEL_BUNDLE and all before
 *    246  .    records, each BUNDLE_SEALED_LEN bytes
 *
 *     bundle key = HKDF-SHA256(salt = pair secret or 32 zero bytes,
 *                              ikm  = X25519(ephemeral, sealing),
 *                              info = LABEL_BUNDLE_KEY, bytes 0 to 117,
 *                                     sealing public)
 *     AEAD key   = KDF(bundle key, LABEL_AEAD)
 *     commitment = KDF(bundle key, LABEL_COMMITMENT)
 *     record k   = ChaCha20-Poly1305(AEAD key, nonce = u32 0, u64 k,
 *                                    data = LABEL_BUNDLE_RECORD, u8 last)
 *
 * What is in a record: bundle_frames.h.  Whole bundles: bundle_writer.h and
 * bundle_reader.h.  Draws no randomness and allocates nothing.
 */
#ifndef CRYPTO_BUNDLE_H
#define CRYPTO_BUNDLE_H

#include "crypto/seal.h"
#include "crypto/sign.h"
#include "proto/origin.h"

enum {
    BUNDLE_MAGIC_LEN = 16,
    BUNDLE_BOUND_LEN = 118,  /* of the header, in the key's derivation */
    BUNDLE_SIGNED_LEN = 182, /* of the header, under the signature */
    BUNDLE_HEADER_LEN = BUNDLE_SIGNED_LEN + LIMIT_SIGNATURE,
    BUNDLE_RECORD_LEN = LIMIT_BUNDLE_RECORD,
    BUNDLE_SEALED_LEN = BUNDLE_RECORD_LEN + LIMIT_TAG
};

/* The fields before the signature.  A value: nothing in it is secret. */
struct bundle {
    struct node_id sender;
    struct node_id recipient;
    uint32_t       serial;
    uint64_t       number;
    uint32_t       sealing_key;
    uint32_t       secret_epoch;
    uint8_t        ephemeral[LIMIT_KEY];
    uint8_t        salt[LIMIT_SALT];
    uint8_t        commitment[LIMIT_KEY];
    struct digest  first; /* of record 0 */
};

/* Writes all but the signature, which becomes zeros. */
void bundle_encode(const struct bundle *bundle,
                   uint8_t              out[static BUNDLE_HEADER_LEN]);

/*
 * Reads the fields: nothing of it is proven.  BAD_ENCODING: no header of a
 * bundle.  BAD_VERSION: not suite 1; the rest may then have another layout.
 * BAD_FIELD: a node id of zeros, S and R the same, serial or number 0, an
 * ephemeral that is not canonical or of small order.
 */
NODISCARD enum status bundle_decode(struct span header, struct bundle *out);

/* Puts the signature of S's log key over what is before it. */
void bundle_sign(uint8_t                header[static BUNDLE_HEADER_LEN],
                 const struct sign_key *log);
/* BAD_PROOF. */
NODISCARD enum status
bundle_verify(const uint8_t header[static BUNDLE_HEADER_LEN],
              const uint8_t log_key[static LIMIT_KEY]);

/* What comes from the bundle key.  Wipe it. */
struct bundle_keys {
    struct secret32 aead;
    struct secret32 commitment;
};

/*
 * From S's side and from R's, of the first BUNDLE_BOUND_LEN bytes of a header
 * that was decoded; `key` is the one it names (asserted), its suite 1.
 * BAD_FIELD: the other's public key gives the zero secret.
 */
NODISCARD enum status
bundle_keys_sender(const uint8_t          header[static BUNDLE_BOUND_LEN],
                   const struct seal_key *key,
                   const struct secret32 *ephemeral_secret,
                   struct bundle_keys    *out);
NODISCARD enum status
bundle_keys_recipient(const uint8_t          header[static BUNDLE_BOUND_LEN],
                      const struct seal_key *key,
                      const struct secret32 *sealing_secret,
                      struct bundle_keys    *out);

/*
 * Seals the first BUNDLE_RECORD_LEN bytes of `record` in their place.  Once
 * for each number under one key.
 */
void bundle_seal(const struct secret32 *aead_key, uint64_t number, bool last,
                 uint8_t record[static BUNDLE_SEALED_LEN]);

/*
 * Opens a record into BUNDLE_RECORD_LEN bytes of `out`, which may be its own
 * place.  BAD_ENCODING: another length.  BAD_PROOF: another key, number or
 * `last`, or any byte differs; out then holds nothing of use.
 */
NODISCARD enum status bundle_open(const struct secret32 *aead_key,
                                  uint64_t number, bool last,
                                  struct span sealed, uint8_t *out);

/* The digest that the header has of record 0, sealed. */
void bundle_first_digest(struct span sealed, struct digest *out);

#endif
