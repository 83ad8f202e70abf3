/* fuzz_leaf.c - the fixed header of an entry. */
#include "proto/leaf.h"
#include "tests/fuzz/fuzz.h"

const bool fuzz_is_whole = true;

bool
fuzz_one(struct span in)
{
    struct leaf leaf;
    uint8_t     again[LEAF_LEN];

    if (leaf_decode(in, &leaf) != STATUS_OK)
        return false;
    leaf_encode(&leaf, again);
    assert(span_equal(in, SPAN_OF(again)));
    if (leaf_check(&leaf) == STATUS_OK)
        assert(leaf_body_len(&leaf) <= LIMIT_SEALED);
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct leaf leaf = {.suite = SUITE_CLASSIC,
                        .class = CLASS_MESSAGE,
                        .precedence = PRECEDENCE_FLASH,
                        .padded_len = 1024,
                        .sealing_key = 3,
                        .secret_epoch = 1,
                        .commitment = {1},
                        .digest = {2}};
    uint8_t     bytes[LEAF_LEN];

    leaf_encode(&leaf, bytes);
    seed(arg, "message", SPAN_OF(bytes));
    leaf = (struct leaf){.suite = SUITE_CLASSIC,
                         .class = CLASS_OPEN,
                         .precedence = PRECEDENCE_ROUTINE,
                         .padded_len = 100};
    leaf_encode(&leaf, bytes);
    seed(arg, "open", SPAN_OF(bytes));
}
