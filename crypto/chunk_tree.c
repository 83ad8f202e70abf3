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
read_range(const struct chunk_tree *tree, uint64_t begin, uint64_t end,
           struct digest *out)
{
    struct digest root = {{0}};
    bool          begun = false;

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

/* RFC 9162 2.1.1: the largest power of two smaller than count; count >= 2. */
static uint64_t
left_count(uint64_t count)
{
    return UINT64_C(1) << (63 - __builtin_clzll(count - 1));
}

/* Paths are found from the root down and stand from the leaf up. */
static void
reverse(struct merkle_proof *proof)
{
    for (size_t i = 0, j = proof->count; i + 1 < j; i++) {
        struct digest swapped = proof->nodes[i];

        proof->nodes[i] = proof->nodes[--j];
        proof->nodes[j] = swapped;
    }
}

enum status
chunk_tree_proof(const struct chunk_tree *tree, uint64_t index,
                 uint64_t leaves, struct merkle_proof *out)
{
    struct merkle_proof proof = {0};
    uint64_t            begin = 0;
    uint64_t            end = leaves;
    enum status         st = STATUS_OK;

    assert(index < leaves && leaves <= LIMIT_CHUNKS);
    while (st == STATUS_OK && end - begin > 1) {
        uint64_t middle = begin + left_count(end - begin);
        bool     left = index < middle;

        st = read_range(tree, left ? middle : begin, left ? end : middle,
                        &proof.nodes[proof.count++]);
        if (left)
            end = middle;
        else
            begin = middle;
    }
    if (st != STATUS_OK)
        return st;
    reverse(&proof);
    *out = proof;
    return STATUS_OK;
}
