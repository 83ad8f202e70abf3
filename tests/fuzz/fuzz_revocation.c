/* fuzz_revocation.c - what an organisation says of a lost key. */
#include "crypto/revocation.h"
#include "tests/fuzz/identity.h"

#include <stdlib.h>

const bool fuzz_is_whole = true;

#define A "entente/v1/01020300000000000000000000000000/"                       \
    "02000000000000000000000000000000/actual/wire/1-0000000000000001"
#define B "entente/v1/02000000000000000000000000000000/"                       \
    "01020300000000000000000000000000/actual/wire/1-0000000000000002"

/* The input is a body; the organisation signs it, whatever it says. */
bool
fuzz_one(struct span in)
{
    struct identity        identity;
    struct revocation      revocation;
    struct revocation_head head;
    size_t                 len = in.len + LIMIT_SIGNATURE;
    uint8_t               *bytes;
    struct writer          out;
    uint8_t                signature[LIMIT_SIGNATURE];
    enum status            st;

    if (len > LIMIT_REVOCATION)
        return false;
    bytes = malloc(len);
    assert(bytes != NULL);
    out = writer_of(bytes, len);
    identity_make(&identity);
    sign_make(&identity.org, LABEL_REVOCATION, in, signature);
    writer_put(&out, in);
    writer_put(&out, SPAN_OF(signature));
    st = revocation_verify(writer_span(&out), identity.org.public_key,
                           &revocation);
    if (st == STATUS_OK) {
        assert(revocation.number > 0 && revocation.serial > 0);
        (void)!revocation_find(&revocation, span_text(A), &head);
        (void)!revocation_find(&revocation, span_text("none"), &head);
    }
    free(bytes);
    return st == STATUS_OK;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct identity        identity;
    struct revocation      revocation = {.number = 1, .serial = 2};
    struct revocation_head heads[] = {{span_text(A), 7, {{1}}},
                                      {span_text(B), 8, {{2}}}};
    static uint8_t         bytes[LIMIT_REVOCATION];
    size_t                 len = 0;

    identity_make(&identity);
    revocation.node = identity.cert.node;
    for (size_t i = 0; i < LIMIT_KEY; i++)
        revocation.org_key[i] = identity.org.public_key[i];
    for (size_t count = 0; count <= 2; count += 2) {
        enum status st = revocation_sign(&revocation, heads, count,
                                         &identity.org, bytes, sizeof(bytes),
                                         &len);

        assert(st == STATUS_OK);
        seed(arg, count == 0 ? "none" : "two",
             (struct span){bytes, len - LIMIT_SIGNATURE});
    }
}
