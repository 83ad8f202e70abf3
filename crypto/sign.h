/*
 * sign.h - Ed25519 signatures (RFC 8032) and X25519 agreement (RFC 7748).
 *
 * What is signed is a label with its zero byte and then the message.  Only
 * C2SP notes are signed raw; they hold no zero byte, so neither kind can be
 * read as the other.  A signature is never an identifier.
 */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include "crypto/secret.h"
#include "proto/label.h"

/* Made by sign_key_from_seed alone, so that the two halves belong together. */
struct sign_key {
    struct secret64 secret; /* seed, then public key */
    uint8_t         public_key[LIMIT_KEY];
};

void sign_key_from_seed(const struct secret32 *seed, struct sign_key *out);
void sign_key_wipe(struct sign_key *key);

/*
 * Once for each public key that comes from outside, before it is stored or
 * used.  BAD_FIELD: not canonical, not on the curve, of small or mixed order.
 */
NODISCARD enum status
sign_public_check(const uint8_t public_key[static LIMIT_KEY]);

/* Asserts message.len <= LIMIT_SIGNED. */
void sign_make(const struct sign_key *key, enum label label,
               struct span message, uint8_t out[static LIMIT_SIGNATURE]);

/* BAD_PROOF: not this key's signature.  TOO_LARGE: above LIMIT_SIGNED. */
NODISCARD enum status
sign_verify(const uint8_t public_key[static LIMIT_KEY], enum label label,
            struct span   message,
            const uint8_t signature[static LIMIT_SIGNATURE]);

/* The text of a C2SP note, nothing else; asserts that it has no zero byte. */
void sign_raw_make(const struct sign_key *key, struct span text,
                   uint8_t out[static LIMIT_SIGNATURE]);
NODISCARD enum status
sign_raw_verify(const uint8_t public_key[static LIMIT_KEY], struct span text,
                const uint8_t signature[static LIMIT_SIGNATURE]);

/* Made by dh_key_from_secret alone.  Any 32 bytes are a secret. */
struct dh_key {
    struct secret32 secret;
    uint8_t         public_key[LIMIT_KEY];
};

void dh_key_from_secret(const struct secret32 *secret, struct dh_key *out);
void dh_key_wipe(struct dh_key *key);

void dh_public(const struct secret32 *secret, uint8_t out[static LIMIT_KEY]);

/*
 * Once for each public key that comes from outside, before it is stored or
 * used.  BAD_FIELD: not canonical, so that one key would have two spellings;
 * or of small order, so that every secret shared with it is zero (RFC 7748
 * sections 5 and 6.1).
 */
NODISCARD enum status
dh_public_check(const uint8_t public_key[static LIMIT_KEY]);

/* BAD_FIELD: the shared secret would be zero; out is then untouched. */
NODISCARD enum status dh_shared(const struct secret32 *secret,
                                const uint8_t public_key[static LIMIT_KEY],
                                struct secret32 *out);

#endif
