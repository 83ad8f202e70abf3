/*
 * symmetric.h - the symmetric half of a Noise handshake: SymmetricState and
 * its cipher (noiseprotocol.org, revision 34, sections 5.1 and 5.2) with
 * ChaCha20-Poly1305 and SHA-256.  For noise.c alone.
 *
 * A value that holds secrets: copy it to try a step, wipe every copy.
 */
#ifndef CRYPTO_SYMMETRIC_H
#define CRYPTO_SYMMETRIC_H

#include "crypto/kdf.h"

struct symmetric {
    struct digest   hash;  /* h: all that was said */
    struct secret32 chain; /* ck: all that was agreed */
    struct secret32 key;   /* k and n: what encrypts the next field */
    uint64_t        nonce;
};

/* InitializeSymmetric.  Asserts that the name is longer than a digest. */
void symmetric_init(struct symmetric *state, struct span protocol_name);

void symmetric_mix_hash(struct symmetric *state, struct span data);
void symmetric_mix_key(struct symmetric *state, struct span input);
/* MixKeyAndHash, for psk. */
void symmetric_mix_psk(struct symmetric *state, const struct secret32 *psk);

/* EncryptAndHash: plain.len + LIMIT_TAG bytes to out. */
void symmetric_encrypt(struct symmetric *state, struct span plain,
                       uint8_t *out);
/* DecryptAndHash: in.len - LIMIT_TAG bytes.  BAD_PROOF: state is unchanged. */
NODISCARD enum status symmetric_decrypt(struct symmetric *state,
                                        struct span in, uint8_t *out);

/* Split: the initiator's sending key, then the responder's. */
void symmetric_split(const struct symmetric *state, struct secret32 out[2]);

/* The AEAD with the n-th nonce (12.3); out may be the input's memory. */
void symmetric_seal(const struct secret32 *key, uint64_t n, struct span data,
                    struct span plain, uint8_t *out);
/* in.len >= LIMIT_TAG is asserted.  BAD_PROOF: out holds zeros. */
NODISCARD enum status symmetric_unseal(const struct secret32 *key, uint64_t n,
                                       struct span data, struct span in,
                                       uint8_t *out);

#endif
