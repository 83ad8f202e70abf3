/* test_merkle.c - roots and proofs against RFC 9162, read as it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/merkle.h"
#include "tests/unit/vectors.h"

enum { LEAVES = 131 };

/* Leaf number i is the two bytes of i. */
static enum status
leaf_of_number(void *context, uint64_t index, struct digest *out)
{
    uint8_t leaf[] = {(uint8_t)(index >> 8), (uint8_t)index};

    (void)context;
    merkle_leaf_hash(SPAN_OF(leaf), out);
    return STATUS_OK;
}

static const struct merkle_leaves numbers = {.hash = leaf_of_number};

static struct digest
root_of(uint64_t size)
{
    struct digest root;

    assert_int_equal(merkle_root_of(&numbers, size, &root), STATUS_OK);
    return root;
}

/* RFC 9162 2.1.1: MTH(D[begin:end]), word for word. */
static struct digest
naive_root(uint64_t begin, uint64_t end)
{
    struct digest left;
    struct digest right;
    uint64_t      k = 1;

    if (begin == end) {
        merkle_empty_root(&left);
        return left;
    }
    if (end - begin == 1) {
        assert_int_equal(leaf_of_number(NULL, begin, &left), STATUS_OK);
        return left;
    }
    while (2 * k < end - begin)
        k *= 2;
    left = naive_root(begin, begin + k);
    right = naive_root(begin + k, end);
    merkle_node_hash(&left, &right, &left);
    return left;
}

/* RFC 9162 2.1.3.1: PATH(m, D[begin:end]). */
static void
naive_path(uint64_t m, uint64_t begin, uint64_t end, struct merkle_proof *out)
{
    uint64_t k = 1;

    if (end - begin <= 1)
        return;
    while (2 * k < end - begin)
        k *= 2;
    if (m < k) {
        naive_path(m, begin, begin + k, out);
        out->nodes[out->count++] = naive_root(begin + k, end);
    } else {
        naive_path(m - k, begin + k, end, out);
        out->nodes[out->count++] = naive_root(begin, begin + k);
    }
}

/* RFC 9162 2.1.4.1: SUBPROOF(m, D[begin:end], whole). */
static void
naive_subproof(uint64_t m, uint64_t begin, uint64_t end, bool whole,
               struct merkle_proof *out)
{
    uint64_t k = 1;

    if (m == end - begin) {
        if (!whole)
            out->nodes[out->count++] = naive_root(begin, end);
        return;
    }
    while (2 * k < end - begin)
        k *= 2;
    if (m <= k) {
        naive_subproof(m, begin, begin + k, whole, out);
        out->nodes[out->count++] = naive_root(begin + k, end);
    } else {
        naive_subproof(m - k, begin + k, end, false, out);
        out->nodes[out->count++] = naive_root(begin, begin + k);
    }
}

static void
assert_proofs_equal(const struct merkle_proof *a, const struct merkle_proof *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->nodes, b->nodes, a->count * sizeof(a->nodes[0]));
}

static void
leaves_nodes_and_the_empty_log_hash_as_rfc_6962_says(void **state)
{
    struct digest digest;
    struct digest expected;

    (void)state;
    merkle_empty_root(&digest);
    vector_fill("e3b0c44298fc1c149afbf4c8996fb924"
                "27ae41e4649b934ca495991b7852b855",
                expected.bytes, LIMIT_DIGEST);
    assert_true(digest_equal(&digest, &expected));
    /* The empty leaf of the published test trees: SHA-256(00). */
    merkle_leaf_hash(SPAN_EMPTY, &digest);
    vector_fill("6e340b9cffb37a989ca544e6bb780a2c"
                "78901d3fb33738768511a30617afa01d",
                expected.bytes, LIMIT_DIGEST);
    assert_true(digest_equal(&digest, &expected));
}

/* The roots of the eight leaves of the published test trees. */
static void
the_published_roots_of_one_to_eight_leaves_come_out(void **state)
{
    static const char *const leaves[] = {
        "",         "00",         "10",
        "2021",     "3031",       "40414243",
        "5051525354555657",       "606162636465666768696a6b6c6d6e6f"};
    static const char *const roots[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    struct merkle_frontier frontier;

    (void)state;
    merkle_init(&frontier);
    for (size_t i = 0; i < 8; i++) {
        struct vector leaf = vector_of(leaves[i]);
        struct vector expected = vector_of(roots[i]);
        struct digest digest;

        merkle_leaf_hash(vector_span(&leaf), &digest);
        merkle_append(&frontier, &digest);
        merkle_root(&frontier, &digest);
        assert_memory_equal(digest.bytes, expected.bytes, LIMIT_DIGEST);
    }
}

static void
appending_gives_the_root_that_recursion_gives(void **state)
{
    struct merkle_frontier frontier;

    (void)state;
    merkle_init(&frontier);
    for (uint64_t size = 0; size < LEAVES; size++) {
        struct digest naive = naive_root(0, size);
        struct digest root;
        struct digest leaf;

        merkle_root(&frontier, &root);
        assert_true(digest_equal(&root, &naive));
        assert_int_equal(frontier.size, size);
        assert_int_equal(leaf_of_number(NULL, size, &leaf), STATUS_OK);
        merkle_append(&frontier, &leaf);
    }
}

static void
a_leaf_is_never_taken_for_a_node(void **state)
{
    struct digest left;
    struct digest right;
    struct digest node;
    struct digest leaf;
    uint8_t       both[2 * LIMIT_DIGEST];

    (void)state;
    assert_int_equal(leaf_of_number(NULL, 0, &left), STATUS_OK);
    assert_int_equal(leaf_of_number(NULL, 1, &right), STATUS_OK);
    merkle_node_hash(&left, &right, &node);
    memcpy(both, left.bytes, LIMIT_DIGEST);
    memcpy(both + LIMIT_DIGEST, right.bytes, LIMIT_DIGEST);
    merkle_leaf_hash(SPAN_OF(both), &leaf);
    assert_false(digest_equal(&node, &leaf));
}

static void
a_frontier_survives_encoding_and_every_prefix_is_refused(void **state)
{
    struct merkle_frontier frontier;

    (void)state;
    merkle_init(&frontier);
    for (uint64_t size = 0; size < LEAVES; size++) {
        uint8_t       bytes[MERKLE_ENCODED_MAX];
        struct writer out = writer_of(bytes, sizeof(bytes));
        struct digest leaf;

        merkle_encode(&frontier, &out);
        assert_int_equal(out.len, 8 + (size_t)__builtin_popcountll(size) *
                                          LIMIT_DIGEST);
        for (size_t len = 0; len <= out.len; len++) {
            struct merkle_frontier back = {.size = 99};
            struct reader          in = reader_of((struct span){bytes, len});

            if (len < out.len) {
                assert_int_equal(merkle_decode(&in, &back),
                                 STATUS_BAD_ENCODING);
                assert_int_equal(back.size, 99);
                continue;
            }
            assert_int_equal(merkle_decode(&in, &back), STATUS_OK);
            assert_int_equal(reader_end(&in), STATUS_OK);
            merkle_root(&back, &leaf);
            assert_memory_equal(leaf.bytes, root_of(size).bytes, LIMIT_DIGEST);
        }
        assert_int_equal(leaf_of_number(NULL, size, &leaf), STATUS_OK);
        merkle_append(&frontier, &leaf);
    }
}

static void
a_frontier_above_the_largest_log_is_refused(void **state)
{
    uint8_t                bytes[8 + 64 * LIMIT_DIGEST] = {0x80};
    struct reader          in = reader_of(SPAN_OF(bytes));
    struct merkle_frontier frontier;

    (void)state;
    assert_int_equal(merkle_decode(&in, &frontier), STATUS_BAD_ENCODING);
    memset(bytes, 0xff, 8);
    bytes[0] = 0x7f; /* 2^63 - 1, all levels: the largest */
    in = reader_of((struct span){bytes, MERKLE_ENCODED_MAX});
    assert_int_equal(merkle_decode(&in, &frontier), STATUS_OK);
    assert_int_equal(reader_end(&in), STATUS_OK);
}

static void
an_inclusion_proof_is_the_rfcs_path_and_proves_one_leaf_alone(void **state)
{
    (void)state;
    for (uint64_t size = 1; size < 34; size++) {
        struct digest root = root_of(size);

        for (uint64_t index = 0; index < size; index++) {
            struct merkle_proof proof;
            struct merkle_proof naive = {0};
            struct digest       leaf;

            assert_int_equal(
                merkle_inclusion_make(&numbers, index, size, &proof),
                STATUS_OK);
            naive_path(index, 0, size, &naive);
            assert_proofs_equal(&proof, &naive);
            assert_int_equal(leaf_of_number(NULL, index, &leaf), STATUS_OK);
            for (uint64_t other = 0; other <= size; other++)
                assert_int_equal(
                    merkle_inclusion_verify(&proof, other, size, &leaf, &root),
                    other == index ? STATUS_OK : STATUS_BAD_PROOF);
        }
    }
}

static void
inclusion_holds_for_every_leaf_of_a_log_of_131(void **state)
{
    struct digest root = root_of(LEAVES);

    (void)state;
    for (uint64_t index = 0; index < LEAVES; index++) {
        struct merkle_proof proof;
        struct digest       leaf;

        assert_int_equal(merkle_inclusion_make(&numbers, index, LEAVES, &proof),
                         STATUS_OK);
        assert_int_equal(leaf_of_number(NULL, index, &leaf), STATUS_OK);
        assert_int_equal(
            merkle_inclusion_verify(&proof, index, LEAVES, &leaf, &root),
            STATUS_OK);
    }
}

/* What `verify` says of a proof with one thing wrong, for both kinds. */
static void
damaged_proofs_are_refused(struct merkle_proof *proof,
                           enum status (*verify)(const struct merkle_proof *))
{
    assert_int_equal(verify(proof), STATUS_OK);
    for (size_t bit = 0; bit < 8 * LIMIT_DIGEST * proof->count; bit++) {
        uint8_t *byte = &proof->nodes[bit / 8 / LIMIT_DIGEST]
                             .bytes[bit / 8 % LIMIT_DIGEST];

        *byte ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(verify(proof), STATUS_BAD_PROOF);
        *byte ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t left = proof->count; left-- > 0;) { /* every prefix */
        size_t whole = proof->count;

        proof->count = left;
        assert_int_equal(verify(proof), STATUS_BAD_PROOF);
        proof->count = whole;
    }
    memset(&proof->nodes[proof->count], 0, sizeof(proof->nodes[0]));
    proof->count++;
    assert_int_equal(verify(proof), STATUS_BAD_PROOF);
    proof->count = MERKLE_PROOF_MAX + 1;
    assert_int_equal(verify(proof), STATUS_BAD_PROOF);
}

static enum status
verify_inclusion_4_of_7(const struct merkle_proof *proof)
{
    struct digest root = root_of(7);
    struct digest leaf;

    assert_int_equal(leaf_of_number(NULL, 4, &leaf), STATUS_OK);
    return merkle_inclusion_verify(proof, 4, 7, &leaf, &root);
}

static enum status
verify_consistency_3_to_7(const struct merkle_proof *proof)
{
    struct digest old_root = root_of(3);
    struct digest new_root = root_of(7);

    return merkle_consistency_verify(proof, 3, 7, &old_root, &new_root);
}

static enum status
verify_consistency_4_to_7(const struct merkle_proof *proof)
{
    struct digest old_root = root_of(4);
    struct digest new_root = root_of(7);

    return merkle_consistency_verify(proof, 4, 7, &old_root, &new_root);
}

static void
a_proof_cut_lengthened_or_with_a_bit_flipped_is_refused(void **state)
{
    struct merkle_proof proof;

    (void)state;
    assert_int_equal(merkle_inclusion_make(&numbers, 4, 7, &proof), STATUS_OK);
    damaged_proofs_are_refused(&proof, verify_inclusion_4_of_7);
    assert_int_equal(merkle_consistency_make(&numbers, 3, 7, &proof),
                     STATUS_OK);
    damaged_proofs_are_refused(&proof, verify_consistency_3_to_7);
    assert_int_equal(merkle_consistency_make(&numbers, 4, 7, &proof),
                     STATUS_OK);
    damaged_proofs_are_refused(&proof, verify_consistency_4_to_7);
}

static void
a_consistency_proof_is_the_rfcs_subproof_and_joins_two_sizes(void **state)
{
    struct digest wrong = root_of(LEAVES);

    (void)state;
    for (uint64_t new_size = 1; new_size < LEAVES; new_size++) {
        struct digest new_root = root_of(new_size);

        for (uint64_t old_size = 1; old_size <= new_size; old_size += 3) {
            struct digest       old_root = root_of(old_size);
            struct merkle_proof proof;
            struct merkle_proof naive = {0};

            assert_int_equal(
                merkle_consistency_make(&numbers, old_size, new_size, &proof),
                STATUS_OK);
            naive_subproof(old_size, 0, new_size, true, &naive);
            assert_proofs_equal(&proof, &naive);
            assert_int_equal(merkle_consistency_verify(&proof, old_size,
                                                       new_size, &old_root,
                                                       &new_root),
                             STATUS_OK);
            assert_int_equal(merkle_consistency_verify(&proof, old_size,
                                                       new_size, &wrong,
                                                       &new_root),
                             STATUS_BAD_PROOF);
            assert_int_equal(merkle_consistency_verify(&proof, old_size,
                                                       new_size, &old_root,
                                                       &wrong),
                             STATUS_BAD_PROOF);
        }
    }
}

static void
proofs_that_cannot_exist_are_not_made(void **state)
{
    struct merkle_proof proof = {.count = 5};
    struct digest       empty;
    struct digest       root = root_of(1);

    (void)state;
    merkle_empty_root(&empty);
    assert_int_equal(merkle_inclusion_make(&numbers, 3, 3, &proof),
                     STATUS_BAD_FIELD);
    assert_int_equal(merkle_consistency_make(&numbers, 3, 2, &proof),
                     STATUS_BAD_FIELD);
    assert_int_equal(merkle_consistency_make(&numbers, 0, 2, &proof),
                     STATUS_BAD_FIELD);
    assert_int_equal(proof.count, 5);
    proof.count = 0;
    assert_int_equal(merkle_consistency_verify(&proof, 0, 1, &empty, &root),
                     STATUS_BAD_PROOF);
    assert_int_equal(merkle_consistency_verify(&proof, 0, 1, &root, &root),
                     STATUS_BAD_PROOF);
    assert_int_equal(merkle_consistency_verify(&proof, 0, 0, &empty, &empty),
                     STATUS_OK);
}

static enum status
no_leaf_five(void *context, uint64_t index, struct digest *out)
{
    return index == 5 ? STATUS_IO : leaf_of_number(context, index, out);
}

static void
a_leaf_that_cannot_be_read_fails_the_proof_with_its_reason(void **state)
{
    const struct merkle_leaves leaves = {.hash = no_leaf_five};
    struct merkle_proof        proof;
    struct digest              root;

    (void)state;
    assert_int_equal(merkle_root_of(&leaves, 5, &root), STATUS_OK);
    assert_int_equal(merkle_root_of(&leaves, 6, &root), STATUS_IO);
    assert_int_equal(merkle_inclusion_make(&leaves, 0, 6, &proof), STATUS_IO);
    assert_int_equal(merkle_consistency_make(&leaves, 3, 6, &proof),
                     STATUS_IO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_nodes_and_the_empty_log_hash_as_rfc_6962_says),
        cmocka_unit_test(the_published_roots_of_one_to_eight_leaves_come_out),
        cmocka_unit_test(appending_gives_the_root_that_recursion_gives),
        cmocka_unit_test(a_leaf_is_never_taken_for_a_node),
        cmocka_unit_test(
            a_frontier_survives_encoding_and_every_prefix_is_refused),
        cmocka_unit_test(a_frontier_above_the_largest_log_is_refused),
        cmocka_unit_test(
            an_inclusion_proof_is_the_rfcs_path_and_proves_one_leaf_alone),
        cmocka_unit_test(inclusion_holds_for_every_leaf_of_a_log_of_131),
        cmocka_unit_test(
            a_proof_cut_lengthened_or_with_a_bit_flipped_is_refused),
        cmocka_unit_test(
            a_consistency_proof_is_the_rfcs_subproof_and_joins_two_sizes),
        cmocka_unit_test(proofs_that_cannot_exist_are_not_made),
        cmocka_unit_test(
            a_leaf_that_cannot_be_read_fails_the_proof_with_its_reason),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}
