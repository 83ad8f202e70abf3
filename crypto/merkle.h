/*
 * merkle.h - the arithmetic of an append-only Merkle log (RFC 9162 section 2,
 * the hashing of RFC 6962): SHA-256, leaves under 0x00, nodes under 0x01.
 *
 * Stores no leaves.  A frontier is what appending needs: the roots of the
 * complete subtrees of the log so far, one for each bit set in its size.
 * Sizes are below 2^63 (C2SP).
 */
#ifndef CRYPTO_MERKLE_H
#define CRYPTO_MERKLE_H

#include "crypto/kdf.h"

enum {
    MERKLE_LEVELS = 63,
    MERKLE_PROOF_MAX = 64,
    MERKLE_ENCODED_MAX = 8 + MERKLE_LEVELS * LIMIT_DIGEST
};

void merkle_leaf_hash(struct span leaf, struct digest *out);
void merkle_node_hash(const struct digest *left, const struct digest *right,
                      struct digest *out);
/* The root of a log without leaves: SHA-256(""). */
void merkle_empty_root(struct digest *out);

struct merkle_frontier {
    uint64_t      size;
    struct digest nodes[MERKLE_LEVELS]; /* [i] counts where size has bit i */
};

void merkle_init(struct merkle_frontier *frontier);
/* Asserts size < LIMIT_TREE. */
void merkle_append(struct merkle_frontier *frontier,
                   const struct digest    *leaf_hash);
void merkle_root(const struct merkle_frontier *frontier, struct digest *out);

/* u64 size, then a digest for each bit set, highest first. */
void merkle_encode(const struct merkle_frontier *frontier, struct writer *out);
/* BAD_ENCODING; then out is untouched and the reader has failed. */
NODISCARD enum status merkle_decode(struct reader          *in,
                                    struct merkle_frontier *out);

struct merkle_proof {
    size_t        count;
    struct digest nodes[MERKLE_PROOF_MAX];
};

/* Where proofs are made, the caller gives the leaf hashes, one at a time. */
struct merkle_leaves {
    enum status (*hash)(void *context, uint64_t index, struct digest *out);
    void *context;
};

/* The root of the first `size` leaves.  Fails only as leaves->hash fails. */
NODISCARD enum status merkle_root_of(const struct merkle_leaves *leaves,
                                     uint64_t size, struct digest *out);

/*
 * Who can tell the root of leaves [begin, end), counted as a tree of their
 * own, where such a tree can begin; for who keeps inner nodes.
 */
struct merkle_ranges {
    enum status (*root)(const void *context, uint64_t begin, uint64_t end,
                        struct digest *out);
    const void *context;
};

/* RFC 9162 2.1.3.1, from few ranges.  BAD_FIELD: index >= size; or as
 * ranges->root. */
NODISCARD enum status merkle_inclusion_from(const struct merkle_ranges *ranges,
                                            uint64_t index, uint64_t size,
                                            struct merkle_proof *out);

/*
 * RFC 9162 2.1.3.1: that leaf `index` is in the log of `size`; sibling first.
 * Reads size - 1 leaf hashes.  BAD_FIELD: index >= size; or as leaves->hash.
 */
NODISCARD enum status merkle_inclusion_make(const struct merkle_leaves *leaves,
                                            uint64_t index, uint64_t size,
                                            struct merkle_proof *out);

/* RFC 9162 2.1.3.2.  BAD_PROOF: anything but the proof that make gives. */
NODISCARD enum status merkle_inclusion_verify(const struct merkle_proof *proof,
                                              uint64_t index, uint64_t size,
                                              const struct digest *leaf_hash,
                                              const struct digest *root);

/*
 * RFC 9162 2.1.4.1: that the log of size `old` is the beginning of that of
 * size `new`; empty where the two are one.  BAD_FIELD: old > new, or old is 0,
 * from which no proof exists and none is needed.
 */
NODISCARD enum status
merkle_consistency_make(const struct merkle_leaves *leaves, uint64_t old_size,
                        uint64_t new_size, struct merkle_proof *out);

/*
 * RFC 9162 2.1.4.2.  BAD_PROOF, also where old is 0 and new is not.
 */
NODISCARD enum status
merkle_consistency_verify(const struct merkle_proof *proof, uint64_t old_size,
                          uint64_t new_size, const struct digest *old_root,
                          const struct digest *new_root);

#endif
