/* identity.h - an organisation and one node of it, from counting keys. */
#ifndef FUZZ_IDENTITY_H
#define FUZZ_IDENTITY_H

#include "crypto/card.h"
#include "tests/fuzz/fuzz.h"

struct identity {
    struct sign_key     org;
    struct sign_key     log;
    struct cert         cert;
    struct cert_encoded encoded;
};

void identity_make(struct identity *out);

#endif
