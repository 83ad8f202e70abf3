/*
 * chunk_tree.c - a complete subtree stands in one place; what is left at the
 * right edge is put together from complete ones.
 *
 * Invariant: leaf i and the nodes that it completes stand from place
 * 2i - (bits set in i) on, as many as i + 1 ends in zero bits, and one.
 */
#include "crypto/chunk_tree.h"

#include <assert.h>

static unsigned
bits_set(uint64_t value)
{
    unsigned count = 0;

    for (; value > 0; value &= value - 1)
        count++;
    return count;
}

uint64_t
chunk_tree_places(uint64_t leaves)
{
    assert(leaves <= LIMIT_CHUNKS);
    return 2 * leaves - bits_set(leaves);
}

uint64_t
chunk_tree_leaf_place(uint64_t index)
{
    return chunk_tree_places(index);
}

size_t
chunk_tree_append(struct merkle_frontier *frontier,
                  const struct digest    *leaf_hash,
                  struct digest           out[static MERKLE_LEVELS])
{
    size_t count = 0;

    assert(frontier->size < LIMIT_CHUNKS);
    out[count++] = *leaf_hash;
    for (unsigned level = 0; (frontier->size >> level & 1) == 1; level++) {
        merkle_node_hash(&frontier->nodes[level], &out[count - 1],
                         &out[count]);
        count++;
    }
    merkle_append(frontier, leaf_hash);
    return count;
}

/* The root of the complete subtree of 2^level leaves that begins at `begin`:
 * its last leaf completes it. */
static enum status
read_complete(const struct chunk_tree *tree, uint64_t begin, unsigned level,
              struct digest *out)
{
    uint64_t last = begin + (UINT64_C(1) << level) - 1;

    return tree->read(tree->context, chunk_tree_leaf_place(last) + level, out);
}

/* The root of leaves [begin, end), counted as a tree of their own; `begin` is
 * where such a tree can begin: from the right edge to the left. */
static enum status
read_range(const void *context, uint64_t begin, uint64_t end,
           struct digest *out)
{
    const struct chunk_tree *tree = context;
    struct digest            root = {{0}};
    bool                     begun = false;

    while (end > begin) {
        unsigned      level = (unsigned)__builtin_ctzll(end - begin);
        struct digest left;
        enum status   st;

        end -= UINT64_C(1) << level;
        st = read_complete(tree, end, level, &left);
        if (st != STATUS_OK)
            return st;
        if (begun)
            merkle_node_hash(&left, &root, &root);
        else
            root = left;
        begun = true;
    }
    *out = root;
    return STATUS_OK;
}

enum status
chunk_tree_proof(const struct chunk_tree *tree, uint64_t index,
                 uint64_t leaves, struct merkle_proof *out)
{
    struct merkle_ranges ranges = {read_range, tree};

    assert(index < leaves && leaves <= LIMIT_CHUNKS);
    return merkle_inclusion_from(&ranges, index, leaves, out);
}
