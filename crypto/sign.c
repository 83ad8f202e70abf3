/*
 * sign.c - Ed25519 and X25519 by libsodium.
 *
 * Invariants:
 *  (I1) a labelled string holds a zero byte, a raw one does not: no signature
 *       of one kind verifies as the other;
 *  (I2) the public half that signs is the one that the seed gave;
 *  (I3) the result of crypto_scalarmult is never used when it failed.
 *
 * libsodium 1.0.18 itself refuses S >= L and small-order or non-canonical A
 * and R when verifying; mixed order it refuses only in sign_public_check.
 */
#include "crypto/sign.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(LIMIT_SIGNATURE == crypto_sign_BYTES, "Ed25519");
static_assert(LIMIT_KEY == crypto_sign_SEEDBYTES, "Ed25519");
static_assert(LIMIT_KEY == crypto_sign_PUBLICKEYBYTES, "Ed25519");
static_assert(sizeof(struct secret64) == crypto_sign_SECRETKEYBYTES, "Ed25519");
static_assert(LIMIT_KEY == crypto_scalarmult_BYTES, "X25519");

enum { LABEL_LEN_MAX = 64 };

void
sign_key_from_seed(const struct secret32 *seed, struct sign_key *out)
{
    struct sign_key key = {0};
    int             failed;

    failed = crypto_sign_seed_keypair(key.public_key, key.secret.bytes,
                                      seed->bytes); /* (I2) */
    assert(failed == 0);
    *out = key;
    secret_wipe(&key);
}

void
sign_key_wipe(struct sign_key *key)
{
    secret_wipe(key);
}

enum status
sign_public_check(const uint8_t public_key[static LIMIT_KEY])
{
    return crypto_core_ed25519_is_valid_point(public_key) == 1
               ? STATUS_OK
               : STATUS_BAD_FIELD;
}

/* What is signed under a label: the label, its zero byte, the message. */
static struct span
labelled(enum label label, struct span message, uint8_t *buffer, size_t cap)
{
    struct writer out = writer_of(buffer, cap);
    struct span   prefix = label_span(label);

    assert(prefix.ptr[prefix.len - 1] == 0); /* (I1) */
    writer_put(&out, prefix);
    writer_put(&out, message);
    assert(writer_end(&out) == STATUS_OK);
    return writer_span(&out);
}

static void
make(const struct sign_key *key, struct span text,
     uint8_t out[static LIMIT_SIGNATURE])
{
    int failed = crypto_sign_detached(out, NULL, text.ptr, text.len,
                                      key->secret.bytes);

    assert(failed == 0);
}

void
sign_make(const struct sign_key *key, enum label label, struct span message,
          uint8_t out[static LIMIT_SIGNATURE])
{
    uint8_t buffer[LABEL_LEN_MAX + LIMIT_SIGNED];

    assert(message.len <= LIMIT_SIGNED);
    make(key, labelled(label, message, buffer, sizeof(buffer)), out);
}

enum status
sign_verify(const uint8_t public_key[static LIMIT_KEY], enum label label,
            struct span   message,
            const uint8_t signature[static LIMIT_SIGNATURE])
{
    uint8_t buffer[LABEL_LEN_MAX + LIMIT_SIGNED];

    if (message.len > LIMIT_SIGNED)
        return STATUS_TOO_LARGE;
    return sign_raw_verify(public_key,
                           labelled(label, message, buffer, sizeof(buffer)),
                           signature);
}

void
sign_raw_make(const struct sign_key *key, struct span text,
              uint8_t out[static LIMIT_SIGNATURE])
{
    assert(text.len > 0);
    assert(memchr(text.ptr, 0, text.len) == NULL); /* (I1) */
    make(key, text, out);
}

enum status
sign_raw_verify(const uint8_t public_key[static LIMIT_KEY], struct span text,
                const uint8_t signature[static LIMIT_SIGNATURE])
{
    int failed = crypto_sign_verify_detached(signature, text.ptr, text.len,
                                             public_key);

    return failed == 0 ? STATUS_OK : STATUS_BAD_PROOF;
}

void
dh_key_from_secret(const struct secret32 *secret, struct dh_key *out)
{
    struct dh_key key = {.secret = *secret};

    dh_public(secret, key.public_key);
    *out = key;
    secret_wipe(&key);
}

void
dh_key_wipe(struct dh_key *key)
{
    secret_wipe(key);
}

void
dh_public(const struct secret32 *secret, uint8_t out[static LIMIT_KEY])
{
    int failed = crypto_scalarmult_base(out, secret->bytes);

    assert(failed == 0);
}

enum status
dh_shared(const struct secret32 *secret,
          const uint8_t public_key[static LIMIT_KEY], struct secret32 *out)
{
    struct secret32 shared = {0};
    enum status     st = STATUS_BAD_FIELD;

    if (crypto_scalarmult(shared.bytes, secret->bytes, public_key) != 0)
        goto out; /* (I3) */
    *out = shared;
    st = STATUS_OK;
out:
    secret_wipe(&shared);
    return st;
}

/* Below p = 2^255 - 19, little-endian; X25519 itself drops the highest bit and
 * takes the rest modulo p. */
static bool
dh_is_canonical(const uint8_t public_key[static LIMIT_KEY])
{
    static const uint8_t p[LIMIT_KEY] = {
        0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

    for (size_t i = LIMIT_KEY; i-- > 0;)
        if (public_key[i] != p[i])
            return public_key[i] < p[i];
    return false;
}

enum status
dh_public_check(const uint8_t public_key[static LIMIT_KEY])
{
    const struct secret32 any = {{1}}; /* of small order for one, for all */
    struct secret32       shared = {0};
    enum status           st;

    if (!dh_is_canonical(public_key))
        return STATUS_BAD_FIELD;
    st = dh_shared(&any, public_key, &shared);
    secret_wipe(&shared);
    return st;
}
