/* fuzz_link.c - link frames, as a peer sends them. */
#include "link.pb-c.h"
#include "tests/fuzz/by_schema.h"

const bool fuzz_is_whole = false; /* a frame may end after any field */

bool
fuzz_one(struct span in)
{
    return by_schema_one(&entente__frame__descriptor, STRICT_REFUSE, in);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    by_schema_seeds(&entente__frame__descriptor, seed, arg);
}
