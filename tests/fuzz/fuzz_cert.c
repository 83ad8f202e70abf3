/*
 * fuzz_cert.c - a certificate: as it comes, and as a body that the
 * organisation itself has signed, which reaches what stands behind the
 * signature's check.
 */
#include "tests/fuzz/identity.h"

#include <string.h>

const bool fuzz_is_whole = true;

static bool
body_signed(const struct identity *identity, struct span body)
{
    uint8_t             bytes[CERT_LEN_MAX];
    struct writer       out = writer_of(bytes, sizeof(bytes));
    uint8_t             signature[LIMIT_SIGNATURE];
    struct cert         cert;
    struct cert_encoded again;

    if (body.len > CERT_BODY_MAX)
        return false;
    sign_make(&identity->org, LABEL_CERTIFICATE, body, signature);
    writer_put(&out, body);
    writer_put(&out, SPAN_OF(signature));
    if (cert_verify(writer_span(&out), identity->org.public_key, &cert) !=
        STATUS_OK)
        return false;
    /* Whatever the organisation may have signed is written the same way. */
    assert(cert_check(&cert) == STATUS_OK);
    assert(cert_sign(&cert, &identity->org, &again) == STATUS_OK);
    assert(span_equal(writer_span(&out), cert_span(&again)));
    return true;
}

bool
fuzz_one(struct span in)
{
    struct identity identity;
    struct cert     cert;

    identity_make(&identity);
    if (cert_verify(in, identity.org.public_key, &cert) == STATUS_OK) {
        assert(span_equal(in, cert_span(&identity.encoded)));
        return true;
    }
    return body_signed(&identity, in);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct identity identity;
    struct span     whole;

    identity_make(&identity);
    whole = cert_span(&identity.encoded);
    whole.len -= LIMIT_SIGNATURE;
    seed(arg, "body", whole);
}
