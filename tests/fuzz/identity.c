/* identity.c - every run makes the same; once, since it is slow. */
#include "tests/fuzz/identity.h"

#include <string.h>

static struct secret32
secret_from(uint8_t first)
{
    struct secret32 secret;

    for (size_t i = 0; i < LIMIT_KEY; i++)
        secret.bytes[i] = (uint8_t)(first + i);
    return secret;
}

static void
make(struct identity *out)
{
    struct secret32 org = secret_from(1);
    struct secret32 log = secret_from(2);
    struct secret32 witness = secret_from(3);
    struct secret32 link = secret_from(4);
    struct sign_key witness_key;
    enum status     st = crypto_start();

    assert(st == STATUS_OK);
    *out = (struct identity){.cert = {.node = {{1, 2, 3}},
                                      .serial = 2,
                                      .renew_by_ms = 1900000000000,
                                      .country = "JP",
                                      .node_name = "yokosuka",
                                      .org_name = "Maritime Force"}};
    sign_key_from_seed(&org, &out->org);
    sign_key_from_seed(&log, &out->log);
    sign_key_from_seed(&witness, &witness_key);
    memcpy(out->cert.org_key, out->org.public_key, LIMIT_KEY);
    memcpy(out->cert.log_key, out->log.public_key, LIMIT_KEY);
    memcpy(out->cert.witness_key, witness_key.public_key, LIMIT_KEY);
    dh_public(&link, out->cert.link_key);
    st = cert_sign(&out->cert, &out->org, &out->encoded);
    assert(st == STATUS_OK);
}

void
identity_make(struct identity *out)
{
    static struct identity made;

    if (made.encoded.len == 0)
        make(&made);
    *out = made;
}
