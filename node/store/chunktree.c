/*
 * chunktree.c - places of the list, read and written.
 *
 * Invariant: a leaf and the nodes that it completes are written at once, from
 * what stands before them.
 */
#include "node/store/chunktree.h"

#include "crypto/chunk_tree.h"

#include <string.h>

static enum status
read_place(void *context, uint64_t place, struct digest *out)
{
    const struct chunktree *tree = context;
    const struct disk      *disk = tree->disk;
    size_t                  got = 0;
    enum status             st;

    st = disk->ops->read(disk->self, tree->file, place * LIMIT_DIGEST,
                         out->bytes, sizeof(out->bytes), &got);
    if (st == STATUS_OK && got < sizeof(out->bytes))
        st = STATUS_CORRUPT;
    return st;
}

static struct chunk_tree
list_of(const struct chunktree *tree)
{
    return (struct chunk_tree){.read = read_place,
                               .context = (void *)(uintptr_t)tree};
}

/* Of the frontier of `index` leaves that part which one more leaf completes;
 * what is missing is zeros. */
NODISCARD static enum status
read_frontier(const struct chunktree *tree, uint64_t index,
              struct merkle_frontier *out)
{
    struct chunk_tree list = list_of(tree);
    uint64_t          end = index;
    enum status       st = STATUS_OK;

    merkle_init(out);
    out->size = index;
    for (unsigned level = 0; (index >> level & 1) == 1; level++) {
        st = list.read(list.context, chunk_tree_leaf_place(end - 1) + level,
                       &out->nodes[level]);
        if (st != STATUS_OK && st != STATUS_CORRUPT)
            return st;
        end -= UINT64_C(1) << level;
    }
    return STATUS_OK;
}

enum status
chunktree_put(const struct chunktree *tree, uint64_t index,
              const struct digest *leaf_hash)
{
    const struct disk     *disk = tree->disk;
    struct digest          nodes[MERKLE_LEVELS];
    struct merkle_frontier frontier;
    struct span            bytes = {nodes[0].bytes, 0};
    enum status            st = read_frontier(tree, index, &frontier);

    if (st != STATUS_OK)
        return st;
    bytes.len = chunk_tree_append(&frontier, leaf_hash, nodes) * LIMIT_DIGEST;
    return disk->ops->write(disk->self, tree->file,
                            chunk_tree_leaf_place(index) * LIMIT_DIGEST,
                            bytes);
}

enum status
chunktree_leaf(const struct chunktree *tree, uint64_t index,
               struct digest *out)
{
    struct chunk_tree list = list_of(tree);

    return list.read(list.context, chunk_tree_leaf_place(index), out);
}

enum status
chunktree_prove(const struct chunktree *tree, uint64_t index, uint64_t size,
                struct merkle_proof *out)
{
    struct chunk_tree list = list_of(tree);

    return chunk_tree_proof(&list, index, size, out);
}
