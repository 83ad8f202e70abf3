/* fuzz_message.c - messages; one of a kind not known here is kept. */
#include "message.pb-c.h"
#include "tests/fuzz/by_schema.h"

const bool fuzz_is_whole = false; /* a message may end after any field */

bool
fuzz_one(struct span in)
{
    return by_schema_one(&entente__message__descriptor, STRICT_KEEP_KINDS, in);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    by_schema_seeds(&entente__message__descriptor, seed, arg);
}
