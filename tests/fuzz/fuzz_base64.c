/* fuzz_base64.c - one spelling for any bytes. */
#include "crypto/base64.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

const bool fuzz_is_whole = false; /* every fourth character may end it */

bool
fuzz_one(struct span in)
{
    uint8_t      *bytes = malloc(in.len + 1);
    uint8_t      *text = malloc(in.len + 1);
    struct writer out = writer_of(text, in.len);
    size_t        len = 0;
    enum status   st;

    assert(bytes != NULL && text != NULL);
    st = base64_decode(in, bytes, in.len, &len);
    if (st == STATUS_OK) {
        base64_encode((struct span){bytes, len}, &out);
        assert(span_equal(in, writer_span(&out)));
    }
    free(bytes);
    free(text);
    return st == STATUS_OK;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    seed(arg, "none", span_text("AAAA"));
    seed(arg, "one", span_text("/+8="));
    seed(arg, "two", span_text("cGF0aWVuY2UgYmVmb3JlIHNwZWU="));
}
