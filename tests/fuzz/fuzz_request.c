/* fuzz_request.c - requests, as a program on the control socket sends them. */
#include "control.pb-c.h"
#include "tests/fuzz/by_schema.h"

const bool fuzz_is_whole = false; /* a request may end after any field */

bool
fuzz_one(struct span in)
{
    return by_schema_one(&entente__request__descriptor, STRICT_REFUSE, in);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    by_schema_seeds(&entente__request__descriptor, seed, arg);
}
