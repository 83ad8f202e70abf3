/* test_chunk_tree.c - proofs from a list of nodes are those from all leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/chunk_tree.h"

enum { LEAVES = 70, PLACES = 2 * LEAVES };

static struct {
    struct digest list[PLACES];
    size_t        count;
    size_t        reads;
    size_t        fails_at; /* a read; 0: none does */
} file;

static enum status
leaf_of(void *context, uint64_t index, struct digest *out)
{
    uint8_t leaf[] = {(uint8_t)index};

    (void)context;
    merkle_leaf_hash(SPAN_OF(leaf), out);
    return STATUS_OK;
}

static enum status
read_place(void *context, uint64_t place, struct digest *out)
{
    (void)context;
    assert_true(place < file.count);
    if (++file.reads == file.fails_at)
        return STATUS_IO;
    *out = file.list[place];
    return STATUS_OK;
}

static const struct chunk_tree tree = {.read = read_place};
static const struct merkle_leaves leaves = {.hash = leaf_of};

static void
fill(struct merkle_frontier *frontier, uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i < to; i++) {
        struct digest out[MERKLE_LEVELS];
        struct digest hash;
        size_t        count;

        assert_int_equal(chunk_tree_leaf_place(i), file.count);
        assert_int_equal(leaf_of(NULL, i, &hash), STATUS_OK);
        count = chunk_tree_append(frontier, &hash, out);
        for (size_t k = 0; k < count; k++)
            file.list[file.count++] = out[k];
        assert_int_equal(chunk_tree_places(i + 1), file.count);
        assert_int_equal(frontier->size, i + 1);
    }
}

static void
each_proof_is_that_of_all_leaves(void **state)
{
    struct merkle_frontier frontier;

    (void)state;
    merkle_init(&frontier);
    file.count = 0;
    for (uint64_t size = 1; size <= LEAVES; size++) {
        struct digest root, right;

        fill(&frontier, size - 1, size);
        merkle_root(&frontier, &root);
        assert_int_equal(merkle_root_of(&leaves, size, &right), STATUS_OK);
        assert_true(digest_equal(&root, &right));
        for (uint64_t i = 0; i < size; i++) {
            struct merkle_proof is, was;

            assert_int_equal(chunk_tree_proof(&tree, i, size, &is), STATUS_OK);
            assert_int_equal(merkle_inclusion_make(&leaves, i, size, &was),
                             STATUS_OK);
            assert_int_equal(is.count, was.count);
            for (size_t k = 0; k < is.count; k++)
                assert_true(digest_equal(&is.nodes[k], &was.nodes[k]));
        }
    }
}

static void
a_proof_reads_few_places(void **state)
{
    struct merkle_frontier frontier;
    struct merkle_proof    proof;

    (void)state;
    merkle_init(&frontier);
    file.count = 0;
    fill(&frontier, 0, LEAVES);
    for (uint64_t i = 0; i < LEAVES; i++) {
        file.reads = 0;
        assert_int_equal(chunk_tree_proof(&tree, i, LEAVES, &proof), STATUS_OK);
        assert_true(file.reads <= 14); /* two a level, of seven */
    }
}

static void
a_read_that_fails_makes_no_proof(void **state)
{
    struct merkle_frontier frontier;
    struct merkle_proof    proof = {.count = 99};
    size_t                 reads;

    (void)state;
    merkle_init(&frontier);
    file.count = 0;
    file.reads = 0;
    fill(&frontier, 0, 7);
    assert_int_equal(chunk_tree_proof(&tree, 2, 7, &proof), STATUS_OK);
    reads = file.reads;
    assert_true(reads >= 3);
    proof.count = 99;
    for (file.fails_at = 1; file.fails_at <= reads; file.fails_at++) {
        file.reads = 0;
        assert_int_equal(chunk_tree_proof(&tree, 2, 7, &proof), STATUS_IO);
        assert_int_equal(proof.count, 99);
    }
    file.fails_at = 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_proof_is_that_of_all_leaves),
        cmocka_unit_test(a_proof_reads_few_places),
        cmocka_unit_test(a_read_that_fails_makes_no_proof),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
