/*
 * merkle.c - roots and proofs over leaf hashes, without recursion.
 *
 * A log of size n is a row of complete subtrees, one for each bit set in n,
 * the largest first.  Everything here walks that row.
 *
 * Invariants:
 *  (I1) a leaf and a node are hashed under different first bytes, so neither
 *       can be passed off as the other;
 *  (I2) a proof is accepted only when every digest of it was used.
 */
#include "crypto/merkle.h"

#include <assert.h>
#include <string.h>

void
merkle_leaf_hash(struct span leaf, struct digest *out)
{
    static const uint8_t prefix[] = {0x00}; /* (I1) */

    sha256_spans((struct span[]){SPAN_OF(prefix), leaf}, 2, out);
}

void
merkle_node_hash(const struct digest *left, const struct digest *right,
                 struct digest *out)
{
    static const uint8_t prefix[] = {0x01}; /* (I1) */

    sha256_spans((struct span[]){SPAN_OF(prefix), digest_span(left),
                                 digest_span(right)},
                 3, out);
}

void
merkle_empty_root(struct digest *out)
{
    sha256_digest(SPAN_EMPTY, out);
}

void
merkle_init(struct merkle_frontier *frontier)
{
    memset(frontier, 0, sizeof(*frontier));
}

static bool
has_level(uint64_t size, unsigned level)
{
    return (size >> level & 1) == 1;
}

void
merkle_append(struct merkle_frontier *frontier, const struct digest *leaf_hash)
{
    struct digest node = *leaf_hash;
    unsigned      level = 0;

    assert(frontier->size < LIMIT_TREE);
    for (; has_level(frontier->size, level); level++)
        merkle_node_hash(&frontier->nodes[level], &node, &node);
    frontier->nodes[level] = node;
    frontier->size++;
}

void
merkle_root(const struct merkle_frontier *frontier, struct digest *out)
{
    struct digest root;
    bool          any = false;

    merkle_empty_root(&root);
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if (!has_level(frontier->size, level))
            continue;
        if (any)
            merkle_node_hash(&frontier->nodes[level], &root, &root);
        else
            root = frontier->nodes[level];
        any = true;
    }
    *out = root;
}

void
merkle_encode(const struct merkle_frontier *frontier, struct writer *out)
{
    writer_u64(out, frontier->size);
    for (unsigned level = MERKLE_LEVELS; level-- > 0;)
        if (has_level(frontier->size, level))
            writer_put(out, digest_span(&frontier->nodes[level]));
}

enum status
merkle_decode(struct reader *in, struct merkle_frontier *out)
{
    struct merkle_frontier frontier;

    merkle_init(&frontier);
    frontier.size = reader_u64(in);
    if (frontier.size > LIMIT_TREE)
        reader_fail(in);
    for (unsigned level = MERKLE_LEVELS; level-- > 0;)
        if (has_level(frontier.size, level))
            reader_copy(in, frontier.nodes[level].bytes, LIMIT_DIGEST);
    if (in->failed)
        return STATUS_BAD_ENCODING;
    *out = frontier;
    return STATUS_OK;
}

/* The root of leaves [begin, end), each of which is read. */
static enum status
range_root(const void *context, uint64_t begin, uint64_t end,
           struct digest *out)
{
    const struct merkle_leaves *leaves = context;
    struct merkle_frontier      frontier;
    struct digest               leaf;
    enum status                 st;

    merkle_init(&frontier);
    for (uint64_t index = begin; index < end; index++) {
        st = leaves->hash(leaves->context, index, &leaf);
        if (st != STATUS_OK)
            return st;
        merkle_append(&frontier, &leaf);
    }
    merkle_root(&frontier, out);
    return STATUS_OK;
}

enum status
merkle_root_of(const struct merkle_leaves *leaves, uint64_t size,
               struct digest *out)
{
    return range_root(leaves, 0, size, out);
}

/* RFC 9162 2.1.1: the largest power of two smaller than count; count >= 2. */
static uint64_t
left_count(uint64_t count)
{
    return UINT64_C(1) << (63 - __builtin_clzll(count - 1));
}

static enum status
proof_push(struct merkle_proof *proof, const struct merkle_ranges *ranges,
           uint64_t begin, uint64_t end)
{
    enum status st;

    assert(proof->count < MERKLE_PROOF_MAX);
    st = ranges->root(ranges->context, begin, end,
                      &proof->nodes[proof->count]);
    if (st == STATUS_OK)
        proof->count++;
    return st;
}

/* Paths are found from the root down and stand from the leaf up. */
static void
proof_reverse(struct merkle_proof *proof)
{
    for (size_t i = 0, j = proof->count; i + 1 < j; i++) {
        struct digest swapped = proof->nodes[i];

        proof->nodes[i] = proof->nodes[--j];
        proof->nodes[j] = swapped;
    }
}

enum status
merkle_inclusion_from(const struct merkle_ranges *ranges, uint64_t index,
                      uint64_t size, struct merkle_proof *out)
{
    struct merkle_proof proof = {0};
    uint64_t            begin = 0;
    uint64_t            end = size;
    enum status         st;

    if (index >= size || size > LIMIT_TREE)
        return STATUS_BAD_FIELD;
    while (end - begin > 1) {
        uint64_t middle = begin + left_count(end - begin);
        bool     left = index < middle;

        st = left ? proof_push(&proof, ranges, middle, end)
                  : proof_push(&proof, ranges, begin, middle);
        if (st != STATUS_OK)
            return st;
        if (left)
            end = middle;
        else
            begin = middle;
    }
    proof_reverse(&proof);
    *out = proof;
    return STATUS_OK;
}

enum status
merkle_inclusion_make(const struct merkle_leaves *leaves, uint64_t index,
                      uint64_t size, struct merkle_proof *out)
{
    struct merkle_ranges ranges = {range_root, leaves};

    return merkle_inclusion_from(&ranges, index, size, out);
}

/* RFC 9162 2.1.4.1: SUBPROOF(old, D[begin:end], whole), as a loop. */
static enum status
consistency_walk(const struct merkle_ranges *ranges, uint64_t old_size,
                 uint64_t new_size, struct merkle_proof *proof)
{
    uint64_t    begin = 0;
    uint64_t    end = new_size;
    enum status st;

    while (old_size != end) {
        uint64_t middle = begin + left_count(end - begin);
        bool     left = old_size <= middle;

        st = left ? proof_push(proof, ranges, middle, end)
                  : proof_push(proof, ranges, begin, middle);
        if (st != STATUS_OK)
            return st;
        if (left)
            end = middle;
        else
            begin = middle;
    }
    /* What is left is the old log's last subtree; when that is the whole old
     * log, the verifier has its root already. */
    return begin == 0 ? STATUS_OK : proof_push(proof, ranges, begin, end);
}

enum status
merkle_consistency_make(const struct merkle_leaves *leaves, uint64_t old_size,
                        uint64_t new_size, struct merkle_proof *out)
{
    struct merkle_ranges ranges = {range_root, leaves};
    struct merkle_proof  proof = {0};
    enum status          st;

    if (old_size == 0 || old_size > new_size || new_size > LIMIT_TREE)
        return STATUS_BAD_FIELD;
    st = consistency_walk(&ranges, old_size, new_size, &proof);
    if (st != STATUS_OK)
        return st;
    proof_reverse(&proof);
    *out = proof;
    return STATUS_OK;
}

enum status
merkle_inclusion_verify(const struct merkle_proof *proof, uint64_t index,
                        uint64_t size, const struct digest *leaf_hash,
                        const struct digest *root)
{
    struct digest node = *leaf_hash;
    uint64_t      at = index;
    uint64_t      last;

    if (size > LIMIT_TREE || index >= size || proof->count > MERKLE_PROOF_MAX)
        return STATUS_BAD_PROOF;
    last = size - 1;
    for (size_t i = 0; i < proof->count; i++) {
        const struct digest *sibling = &proof->nodes[i];

        if (last == 0)
            return STATUS_BAD_PROOF; /* (I2): more than the path is long */
        if ((at & 1) == 1 || at == last) {
            merkle_node_hash(sibling, &node, &node);
            /* An only child moves up unhashed to where it is a right one. */
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            merkle_node_hash(&node, sibling, &node);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_equal(&node, root) ? STATUS_OK
                                                  : STATUS_BAD_PROOF;
}

/* RFC 9162 2.1.4.2, for 0 < old < new, with a proof that is not empty. */
static enum status
consistency_check(const struct merkle_proof *proof, uint64_t old_size,
                  uint64_t new_size, const struct digest *old_root,
                  const struct digest *new_root)
{
    uint64_t      at = old_size - 1;
    uint64_t      last = new_size - 1;
    size_t        used = 0;
    struct digest old_node;
    struct digest new_node;

    /* A complete old tree is a node of the new one: the proof omits it. */
    old_node = (old_size & (old_size - 1)) == 0 ? *old_root
                                                : proof->nodes[used++];
    new_node = old_node;
    while ((at & 1) == 1) {
        at >>= 1;
        last >>= 1;
    }
    for (; used < proof->count; used++) {
        const struct digest *sibling = &proof->nodes[used];

        if (last == 0)
            return STATUS_BAD_PROOF; /* (I2) */
        if ((at & 1) == 1 || at == last) {
            merkle_node_hash(sibling, &old_node, &old_node);
            merkle_node_hash(sibling, &new_node, &new_node);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            merkle_node_hash(&new_node, sibling, &new_node);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_equal(&old_node, old_root) &&
                   digest_equal(&new_node, new_root)
               ? STATUS_OK
               : STATUS_BAD_PROOF;
}

enum status
merkle_consistency_verify(const struct merkle_proof *proof, uint64_t old_size,
                          uint64_t new_size, const struct digest *old_root,
                          const struct digest *new_root)
{
    if (old_size > new_size || new_size > LIMIT_TREE ||
        proof->count > MERKLE_PROOF_MAX)
        return STATUS_BAD_PROOF;
    if (old_size == new_size)
        return proof->count == 0 && digest_equal(old_root, new_root)
                   ? STATUS_OK
                   : STATUS_BAD_PROOF;
    if (old_size == 0 || proof->count == 0)
        return STATUS_BAD_PROOF;
    return consistency_check(proof, old_size, new_size, old_root, new_root);
}
