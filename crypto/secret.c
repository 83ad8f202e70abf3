/*
 * secret.c - start of libsodium, wiping, constant time, guarded memory.
 *
 * All is libsodium's; what is ours is the probe.  Debian's 1.0.18-1+deb12u1
 * mended crypto_core_ed25519_is_valid_point, which before took a key with an
 * added point of order two for a valid one (CVE-2025-69277).  We ask it, at
 * each start, about exactly such keys.
 */
#include "crypto/secret.h"

#include <sodium.h>

/* The base point B, as RFC 8032 encodes it: a key that must be taken. */
static const uint8_t good_key[LIMIT_KEY] = {
    0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

/* B plus a point of order 2, 4, 8: keys that must be refused. */
static const uint8_t mixed_keys[][LIMIT_KEY] = {
    {0x95, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99,
     0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99,
     0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99},
    {0x52, 0x52, 0xcc, 0x0a, 0x7f, 0x20, 0x81, 0x33, 0xb6, 0x20, 0xac,
     0xbd, 0x45, 0x37, 0xeb, 0xa2, 0xa4, 0x12, 0x3b, 0xf0, 0xa8, 0xc2,
     0xe4, 0xf9, 0x80, 0xc3, 0xb3, 0x1b, 0xb6, 0x97, 0x65, 0xea},
    {0xda, 0x99, 0xe2, 0x8b, 0xa5, 0x29, 0xcd, 0xde, 0x35, 0xa2, 0x5f,
     0xba, 0x90, 0x59, 0xe7, 0x8e, 0xca, 0xee, 0x23, 0x9f, 0x99, 0x75,
     0x5b, 0x9b, 0x1a, 0xa4, 0xf6, 0x5d, 0xf0, 0x08, 0x03, 0xe2}};

enum status
crypto_start(void)
{
    if (sodium_init() < 0)
        return STATUS_IO;
    if (crypto_core_ed25519_is_valid_point(good_key) != 1)
        return STATUS_BAD_VERSION;
    for (size_t i = 0; i < sizeof(mixed_keys) / sizeof(mixed_keys[0]); i++)
        if (crypto_core_ed25519_is_valid_point(mixed_keys[i]) != 0)
            return STATUS_BAD_VERSION;
    return STATUS_OK;
}

void
secret_wipe_bytes(void *bytes, size_t len)
{
    sodium_memzero(bytes, len);
}

bool
secret_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

bool
secret_is_zero(const uint8_t *bytes, size_t len)
{
    return sodium_is_zero(bytes, len) == 1;
}

void *
secret_alloc(size_t len)
{
    void *secret = sodium_malloc(len);

    if (secret != NULL)
        sodium_memzero(secret, len); /* libsodium fills it with 0xdb */
    return secret;
}

void
secret_free(void *secret)
{
    sodium_free(secret);
}

bool
secret_lockable(void)
{
    uint8_t *probe = sodium_malloc(LIMIT_KEY);
    bool     lockable;

    if (probe == NULL)
        return false;
    /* sodium_malloc passes over a lock that fails; asked again, it says so. */
    lockable = sodium_mlock(probe, LIMIT_KEY) == 0;
    sodium_free(probe);
    return lockable;
}
