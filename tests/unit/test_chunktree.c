#include "tests/unit/store_world.h"

#include "node/store/chunktree.h"

enum { LEAVES = 130 };

static struct disk_image *image;
static struct disk        disk;
static struct chunktree   tree;

static int
begin(void **state)
{
    (void)state;
    assert_int_equal(crypto_start(), STATUS_OK);
    image = disk_new(1, 4096, WORLD_CAPACITY);
    disk = disk_face(image);
    tree.disk = &disk;
    assert_int_equal(disk.ops->open(disk.self, "tree", true, &tree.file),
                     STATUS_OK);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    disk_free(image);
    return 0;
}

static enum status
leaf_at(void *context, uint64_t index, struct digest *out)
{
    uint8_t       bytes[8];
    struct writer to = writer_of(bytes, sizeof(bytes));

    (void)context;
    writer_u64(&to, index);
    merkle_leaf_hash(writer_span(&to), out);
    return STATUS_OK;
}

static const struct merkle_leaves leaves = {.hash = leaf_at};

static void
put(uint64_t index)
{
    struct digest leaf;

    assert_int_equal(leaf_at(NULL, index, &leaf), STATUS_OK);
    assert_int_equal(chunktree_put(&tree, index, &leaf), STATUS_OK);
}

static void
its_proofs_are_those_of_merkle_inclusion_make(void **state)
{
    struct merkle_proof want;
    struct merkle_proof got;

    (void)state;
    for (uint64_t size = 1; size <= LEAVES; size++) {
        put(size - 1);
        for (uint64_t index = 0; index < size; index++) {
            assert_int_equal(
                merkle_inclusion_make(&leaves, index, size, &want), STATUS_OK);
            assert_int_equal(chunktree_prove(&tree, index, size, &got),
                             STATUS_OK);
            assert_int_equal(got.count, want.count);
            assert_memory_equal(got.nodes, want.nodes,
                                want.count * sizeof(want.nodes[0]));
        }
    }
}

static void
a_leaf_put_again_changes_nothing(void **state)
{
    uint8_t first[2 * LEAVES * LIMIT_DIGEST] = {0};
    uint8_t again[sizeof(first)] = {0};
    size_t  got = 0;

    (void)state;
    for (uint64_t i = 0; i < LEAVES; i++)
        put(i);
    assert_int_equal(disk.ops->read(disk.self, tree.file, 0, first,
                                    sizeof(first), &got),
                     STATUS_OK);
    for (uint64_t i = 60; i < LEAVES; i++)
        put(i);
    assert_int_equal(disk.ops->read(disk.self, tree.file, 0, again,
                                    sizeof(again), &got),
                     STATUS_OK);
    assert_memory_equal(first, again, sizeof(first));
}

static void
a_leaf_comes_back(void **state)
{
    struct digest want;
    struct digest got;

    (void)state;
    for (uint64_t i = 0; i < 9; i++)
        put(i);
    assert_int_equal(leaf_at(NULL, 6, &want), STATUS_OK);
    assert_int_equal(chunktree_leaf(&tree, 6, &got), STATUS_OK);
    assert_true(digest_equal(&want, &got));
}

static void
a_file_that_ends_early_is_corrupt(void **state)
{
    struct merkle_proof proof;
    struct digest       leaf;

    (void)state;
    for (uint64_t i = 0; i < 9; i++)
        put(i);
    assert_int_equal(disk.ops->truncate(disk.self, tree.file,
                                        8 * LIMIT_DIGEST + 5),
                     STATUS_OK);
    assert_int_equal(chunktree_leaf(&tree, 5, &leaf), STATUS_CORRUPT);
    assert_int_equal(chunktree_prove(&tree, 0, 9, &proof), STATUS_CORRUPT);
}

static void
over_a_gap_no_proof_verifies(void **state)
{
    struct merkle_proof proof;
    struct digest       leaf;
    struct digest       root;

    (void)state;
    put(0);
    put(2);
    put(3);
    assert_int_equal(merkle_root_of(&leaves, 4, &root), STATUS_OK);
    assert_int_equal(leaf_at(NULL, 3, &leaf), STATUS_OK);
    assert_int_equal(chunktree_prove(&tree, 3, 4, &proof), STATUS_OK);
    assert_int_equal(merkle_inclusion_verify(&proof, 3, 4, &leaf, &root),
                     STATUS_BAD_PROOF);
    put(1);
    put(2);
    put(3);
    assert_int_equal(chunktree_prove(&tree, 3, 4, &proof), STATUS_OK);
    assert_int_equal(merkle_inclusion_verify(&proof, 3, 4, &leaf, &root),
                     STATUS_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(its_proofs_are_those_of_merkle_inclusion_make),
        TEST(a_leaf_put_again_changes_nothing),
        TEST(a_leaf_comes_back),
        TEST(a_file_that_ends_early_is_corrupt),
        TEST(over_a_gap_no_proof_verifies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
