/*
 * box.c - libsodium's XChaCha20-Poly1305, with lengths as spans.
 */
#include "crypto/box.h"

#include <assert.h>

#include <sodium.h>

static_assert(BOX_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
              "the nonce of XChaCha20-Poly1305");
static_assert(LIMIT_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES,
              "the tag of XChaCha20-Poly1305");
static_assert(LIMIT_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
              "the key of XChaCha20-Poly1305");

void
box_seal(const struct secret32 *key, const uint8_t nonce[static BOX_NONCE],
         struct span data, struct span plain, uint8_t *out)
{
    int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(
        out, NULL, plain.ptr, plain.len, data.ptr, data.len, NULL, nonce,
        key->bytes);

    assert(failed == 0);
}

enum status
box_open(const struct secret32 *key, const uint8_t nonce[static BOX_NONCE],
         struct span data, struct span sealed, uint8_t *out)
{
    int failed;

    if (sealed.len < LIMIT_TAG)
        return STATUS_BAD_PROOF;
    failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, NULL, NULL, sealed.ptr, sealed.len, data.ptr, data.len, nonce,
        key->bytes);
    return failed == 0 ? STATUS_OK : STATUS_BAD_PROOF;
}
