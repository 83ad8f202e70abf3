/* fuzz_response.c - what the node answers, as the command reads it. */
#include "control.pb-c.h"
#include "tests/fuzz/by_schema.h"

const bool fuzz_is_whole = false; /* a response may end after any field */

bool
fuzz_one(struct span in)
{
    return by_schema_one(&entente__response__descriptor, STRICT_REFUSE, in);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    by_schema_seeds(&entente__response__descriptor, seed, arg);
}
