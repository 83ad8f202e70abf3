/*
 * box.h - bytes sealed at rest under a key and a 24-byte nonce:
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), the tag at the end.
 *
 * The caller brings the nonce, never the same twice for one key, and the
 * data, which begins with a label.
 */
#ifndef CRYPTO_BOX_H
#define CRYPTO_BOX_H

#include "crypto/secret.h"

enum { BOX_NONCE = 24 };

/* Writes plain.len + LIMIT_TAG bytes; out may be the plaintext's place. */
void box_seal(const struct secret32 *key, const uint8_t nonce[static BOX_NONCE],
              struct span data, struct span plain, uint8_t *out);

/* Writes sealed.len - LIMIT_TAG bytes; out may be the box's own place.
 * BAD_PROOF: too short, or any byte differs; out is then not to be used. */
NODISCARD enum status box_open(const struct secret32 *key,
                               const uint8_t nonce[static BOX_NONCE],
                               struct span data, struct span sealed,
                               uint8_t *out);

#endif
