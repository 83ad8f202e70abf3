/*
 * chunk_tree.h - the tree of an attachment as a list that only grows, so that
 * a proof is made from a few of its places instead of from all leaves.
 *
 * The list holds, behind each leaf, the nodes that it completes, lowest first
 * (the order in which a Merkle log's tiles become whole).  It is a cache: what
 * is missing or damaged is made again from the chunks.
 */
#ifndef CRYPTO_CHUNK_TREE_H
#define CRYPTO_CHUNK_TREE_H

#include "crypto/merkle.h"

/* Places of the list when so many leaves are in it: 2n - (bits set in n). */
uint64_t chunk_tree_places(uint64_t leaves);
/* The place of leaf `index`. */
uint64_t chunk_tree_leaf_place(uint64_t index);

/*
 * Appends a leaf's hash.  What is to be written from place
 * chunk_tree_places(size before) on goes to `out`; how many they are is the
 * answer, 1 to MERKLE_LEVELS.
 */
size_t chunk_tree_append(struct merkle_frontier *frontier,
                         const struct digest    *leaf_hash,
                         struct digest           out[static MERKLE_LEVELS]);

/* Where the list is read from. */
struct chunk_tree {
    enum status (*read)(void *context, uint64_t place, struct digest *out);
    void *context;
};

/* The inclusion proof of leaf `index` < leaves; reads at most two places a
 * level.  Fails as tree->read fails. */
NODISCARD enum status chunk_tree_proof(const struct chunk_tree *tree,
                                       uint64_t index, uint64_t leaves,
                                       struct merkle_proof *out);

#endif
