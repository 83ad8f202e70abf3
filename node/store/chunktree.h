/*
 * chunktree.h - an attachment's Merkle tree in a file beside its chunks: the
 * list of crypto/chunk_tree.h, LIMIT_DIGEST bytes a place, so that a proof is
 * a few small reads however large the attachment.
 *
 * Putting a leaf again changes nothing.  The file is believed only as far as
 * its proofs verify.
 */
#ifndef STORE_CHUNKTREE_H
#define STORE_CHUNKTREE_H

#include "crypto/merkle.h"
#include "node/host/file.h"

/* A file of `disk`, open; both the caller's. */
struct chunktree {
    const struct disk *disk;
    int                file;
};

/*
 * Puts the hash of leaf `index` and the nodes that it completes; not synced.
 * Where one before it is missing, no proof over it will verify.  NO_SPACE, IO.
 */
NODISCARD enum status chunktree_put(const struct chunktree *tree,
                                    uint64_t                index,
                                    const struct digest    *leaf_hash);

/* What stands at leaf `index`.  CORRUPT: the file ends before; IO. */
NODISCARD enum status chunktree_leaf(const struct chunktree *tree,
                                     uint64_t index, struct digest *out);

/* As merkle_inclusion_make, with at most two reads a level; index < size.
 * CORRUPT: the file ends before a node that is needed; IO. */
NODISCARD enum status chunktree_prove(const struct chunktree *tree,
                                      uint64_t index, uint64_t size,
                                      struct merkle_proof *out);

#endif
