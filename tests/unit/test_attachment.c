/* test_attachment.c - chunks of a file, sealed, opened, and proven. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/attachment.h"

#include <stdio.h>
#include <string.h>

static const struct secret32 key = {{1, 2, 3}};

static void
a_length_is_padded_to_one_of_few(void **state)
{
    static const uint64_t rows[][2] = {
        {0, 1},         {1, 1},         {7, 7},
        {8, 8},         {9, 10},        {70000, 71680},
        {1000000, 1015808},             {LIMIT_ATTACHMENT, LIMIT_ATTACHMENT},
        {LIMIT_ATTACHMENT - 1, LIMIT_ATTACHMENT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t padded = attachment_padded_len(rows[i][0]);

        assert_int_equal(padded, rows[i][1]);
        assert_int_equal(attachment_padded_len(padded), padded);
    }
}

static void
what_is_stored_tells_chunks_and_the_length_of_the_last(void **state)
{
    struct attachment_shape shape;

    (void)state;
    assert_int_equal(attachment_shape_of(17, &shape), STATUS_OK);
    assert_int_equal(shape.chunks, 1);
    assert_int_equal(attachment_chunk_len(&shape, 0), 17);
    assert_int_equal(attachment_shape_of(attachment_stored_len(70000), &shape),
                     STATUS_OK);
    assert_int_equal(shape.chunks, 2);
    assert_int_equal(attachment_chunk_len(&shape, 0), LIMIT_CHUNK_SEALED);
    assert_int_equal(attachment_chunk_len(&shape, 1), 71680 - 65536 + 16);
    assert_int_equal(attachment_shape_of(LIMIT_STORED, &shape), STATUS_OK);
    assert_int_equal(shape.chunks, LIMIT_CHUNKS);
    assert_int_equal(attachment_chunk_len(&shape, LIMIT_CHUNKS - 1),
                     LIMIT_CHUNK_SEALED);
}

static void
no_other_length_is_one_of_sealed_chunks(void **state)
{
    static const uint64_t wrong[] = {
        0, 16, LIMIT_CHUNK_SEALED + 1, LIMIT_CHUNK_SEALED + 16,
        LIMIT_STORED + 1, UINT64_MAX, 17 + 16 /* padded 17 is none */,
        LIMIT_CHUNK_SEALED - 1};
    struct attachment_shape shape = {.chunks = 99};

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(attachment_shape_of(wrong[i], &shape),
                         STATUS_BAD_FIELD);
    assert_int_equal(shape.chunks, 99);
}

static void
a_chunk_opens_at_its_place_only(void **state)
{
    struct secret32 other = {{1, 2, 4}};
    uint8_t         sealed[5 + LIMIT_TAG], plain[5];
    static uint8_t  longest[LIMIT_CHUNK_SEALED + 1];
    struct span     in = SPAN_OF(sealed);

    (void)state;
    attachment_seal(&key, 7, true, span_text("chart"), sealed);
    assert_int_equal(attachment_open(&key, 7, true, in, plain), STATUS_OK);
    assert_memory_equal(plain, "chart", 5);
    assert_int_equal(attachment_open(&key, 6, true, in, plain),
                     STATUS_BAD_PROOF);
    assert_int_equal(attachment_open(&key, 7, false, in, plain),
                     STATUS_BAD_PROOF);
    assert_int_equal(attachment_open(&other, 7, true, in, plain),
                     STATUS_BAD_PROOF);
    assert_memory_equal(plain, "\0\0\0\0\0", 5);
    assert_int_equal(attachment_open(&key, 7, true,
                                     (struct span){sealed, LIMIT_TAG}, plain),
                     STATUS_BAD_ENCODING);
    assert_int_equal(attachment_open(&key, 7, true, SPAN_OF(longest), plain),
                     STATUS_BAD_ENCODING);
    for (size_t i = 0; i < sizeof(sealed); i++) {
        sealed[i] ^= 1;
        assert_int_equal(attachment_open(&key, 7, true, in, plain),
                         STATUS_BAD_PROOF);
        sealed[i] ^= 1;
    }
}

static void
a_chunk_is_sealed_in_its_own_memory(void **state)
{
    static uint8_t bytes[LIMIT_CHUNK_SEALED], plain[LIMIT_CHUNK];

    (void)state;
    memset(bytes, 'x', LIMIT_CHUNK);
    attachment_seal(&key, 0, false, (struct span){bytes, LIMIT_CHUNK}, bytes);
    assert_int_equal(attachment_open(&key, 0, false, SPAN_OF(bytes), plain),
                     STATUS_OK);
    assert_int_equal(plain[0], 'x');
    assert_memory_equal(plain, plain + 1, LIMIT_CHUNK - 1);
}

/* --- proofs --------------------------------------------------------------- */

enum { CHUNKS = 3, LAST = 8192 + LIMIT_TAG };

/* Two full chunks and a last one; what they hold is their index. */
static uint8_t chunk[CHUNKS][LIMIT_CHUNK_SEALED];

static struct span
chunk_of(uint64_t index)
{
    memset(chunk[index], (int)index, sizeof(chunk[index]));
    return (struct span){chunk[index],
                         index + 1 < CHUNKS ? LIMIT_CHUNK_SEALED : LAST};
}

static enum status
hash_of(void *context, uint64_t index, struct digest *out)
{
    (void)context;
    attachment_leaf(index, chunk_of(index), out);
    return STATUS_OK;
}

static const struct merkle_leaves leaves = {.hash = hash_of};

static struct attachment_shape
three_chunks(struct digest *digest)
{
    struct attachment_shape shape;

    assert_int_equal(attachment_shape_of(2 * LIMIT_CHUNK_SEALED + LAST, &shape),
                     STATUS_OK);
    assert_int_equal(shape.chunks, CHUNKS);
    assert_int_equal(merkle_root_of(&leaves, CHUNKS, digest), STATUS_OK);
    return shape;
}

static void
each_chunk_is_proven_by_its_own_path(void **state)
{
    struct digest           digest, leaf, right;
    struct attachment_shape shape = three_chunks(&digest);

    (void)state;
    for (uint64_t i = 0; i < CHUNKS; i++)
        for (uint64_t k = 0; k < CHUNKS; k++) {
            struct merkle_proof proof;
            struct span         path;

            assert_int_equal(merkle_inclusion_make(&leaves, k, CHUNKS, &proof),
                             STATUS_OK);
            path = (struct span){proof.nodes[0].bytes,
                                 proof.count * LIMIT_DIGEST};
            assert_int_equal(attachment_check(&shape, &digest, i, chunk_of(i),
                                              path, &leaf),
                             i == k ? STATUS_OK : STATUS_BAD_PROOF);
            if (i != k)
                continue;
            assert_int_equal(hash_of(NULL, i, &right), STATUS_OK);
            assert_true(digest_equal(&leaf, &right));
        }
}

static void
a_wrong_chunk_or_path_is_refused(void **state)
{
    static uint8_t          path[LIMIT_CHUNK_PROOF + LIMIT_DIGEST];
    struct digest           digest, leaf = {{9}};
    struct attachment_shape shape = three_chunks(&digest);
    struct merkle_proof     proof;
    struct span             right, good = chunk_of(1);

    (void)state;
    assert_int_equal(merkle_inclusion_make(&leaves, 1, CHUNKS, &proof),
                     STATUS_OK);
    right = (struct span){proof.nodes[0].bytes, proof.count * LIMIT_DIGEST};
    memcpy(path, right.ptr, right.len);
#define REFUSED(index, sealed, proven)                                         \
    assert_int_equal(                                                          \
        attachment_check(&shape, &digest, index, sealed, proven, &leaf),       \
        STATUS_BAD_PROOF)
    for (size_t i = 0; i < right.len; i++)
        REFUSED(1, good, ((struct span){path, i}));
    REFUSED(1, good, ((struct span){path, right.len + LIMIT_DIGEST}));
    REFUSED(1, good, SPAN_OF(path)); /* more nodes than any tree has levels */
    REFUSED(3, good, right);
    REFUSED(UINT64_MAX, good, right);
    REFUSED(1, ((struct span){good.ptr, good.len - 1}), right);
    REFUSED(1, chunk_of(0), right);
    path[0] ^= 1;
    REFUSED(1, good, ((struct span){path, right.len}));
    digest.bytes[0] ^= 1;
    REFUSED(1, good, right);
#undef REFUSED
    assert_int_equal(leaf.bytes[0], 9);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_length_is_padded_to_one_of_few),
        cmocka_unit_test(
            what_is_stored_tells_chunks_and_the_length_of_the_last),
        cmocka_unit_test(no_other_length_is_one_of_sealed_chunks),
        cmocka_unit_test(a_chunk_opens_at_its_place_only),
        cmocka_unit_test(a_chunk_is_sealed_in_its_own_memory),
        cmocka_unit_test(each_chunk_is_proven_by_its_own_path),
        cmocka_unit_test(a_wrong_chunk_or_path_is_refused),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
