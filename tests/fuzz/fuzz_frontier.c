/* fuzz_frontier.c - a log's frontier, as a snapshot keeps it. */
#include "crypto/merkle.h"
#include "tests/fuzz/fuzz.h"

const bool fuzz_is_whole = true;

bool
fuzz_one(struct span in)
{
    struct reader          from = reader_of(in);
    struct merkle_frontier frontier;
    struct digest          root;
    uint8_t                bytes[MERKLE_ENCODED_MAX];
    struct writer          out = writer_of(bytes, sizeof(bytes));

    if (merkle_decode(&from, &frontier) != STATUS_OK ||
        reader_end(&from) != STATUS_OK)
        return false;
    merkle_encode(&frontier, &out);
    assert(span_equal(in, writer_span(&out)));
    merkle_root(&frontier, &root);
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static const char *const names[] = {"empty", "one", "two", "three",
                                        "four",  "five"};
    struct merkle_frontier   frontier;
    struct digest            leaf;

    merkle_init(&frontier);
    for (size_t size = 0; size <= 5; size++) {
        uint8_t       bytes[MERKLE_ENCODED_MAX];
        struct writer out = writer_of(bytes, sizeof(bytes));

        merkle_encode(&frontier, &out);
        seed(arg, names[size], writer_span(&out));
        merkle_leaf_hash(span_text(names[size]), &leaf);
        merkle_append(&frontier, &leaf);
    }
}
