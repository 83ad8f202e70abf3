/*
 * cert_world.h - an organisation, a node and its certificate from counting
 * keys, for the tests of certificates, revocations and cards.
 */
#ifndef TESTS_UNIT_CERT_WORLD_H
#define TESTS_UNIT_CERT_WORLD_H

#include "crypto/cert.h"
#include "tests/unit/vectors.h"

#define ORIGIN                                                                 \
    "entente/v1/000102030405060708090a0b0c0d0e0f/"                             \
    "101112131415161718191a1b1c1d1e1f/actual/wire/1-0123456789abcdef"

static inline struct secret32
secret_from(unsigned first)
{
    struct secret32 secret;

    for (size_t i = 0; i < LIMIT_KEY; i++)
        secret.bytes[i] = (uint8_t)(first + i);
    return secret;
}

static inline struct sign_key
sign_key_from(unsigned first)
{
    struct secret32 seed = secret_from(first);
    struct sign_key key;

    sign_key_from_seed(&seed, &key);
    return key;
}

static inline struct sign_key
org_key(void)
{
    return sign_key_from(0xa0);
}

static inline struct sign_key
log_key(void)
{
    return sign_key_from(0xc0);
}

static inline struct cert
good_cert(void)
{
    struct cert     cert = {.serial = 3,
                            .renew_by_ms = 1900000000000,
                            .country = "IN",
                            .node_name = "ifc-ior",
                            .org_name = "Information Fusion Centre"};
    struct secret32 link = secret_from(0x11);

    for (size_t i = 0; i < LIMIT_NODE_ID; i++)
        cert.node.bytes[i] = (uint8_t)i;
    memcpy(cert.org_key, org_key().public_key, LIMIT_KEY);
    memcpy(cert.log_key, log_key().public_key, LIMIT_KEY);
    memcpy(cert.witness_key, sign_key_from(0xe0).public_key, LIMIT_KEY);
    dh_public(&link, cert.link_key);
    return cert;
}

static inline struct cert_encoded
good_cert_bytes(void)
{
    struct cert         cert = good_cert();
    struct sign_key     org = org_key();
    struct cert_encoded encoded;

    assert_int_equal(cert_sign(&cert, &org, &encoded), STATUS_OK);
    return encoded;
}

#endif
