/* test_chunks.c - memory of one turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/core/chunks.h"

static struct chunks chunks;

static int
drop(void **state)
{
    (void)state;
    chunks_free(&chunks);
    assert_null(chunks.first);
    return 0;
}

static void
pieces_stay_where_they_are_and_do_not_overlap(void **state)
{
    static uint8_t *piece[2000];

    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        piece[i] = chunks_alloc(&chunks, i);
        memset(piece[i], (int)i, i);
        assert_int_equal((uintptr_t)piece[i] % 16, 0);
    }
    for (size_t i = 0; i < 2000; i++)
        for (size_t k = 0; k < i; k++)
            assert_int_equal(piece[i][k], i & 0xff);
}

static void
a_piece_may_be_larger_than_a_chunk(void **state)
{
    uint8_t *large = chunks_alloc(&chunks, 3000000);

    (void)state;
    large[0] = 1;
    large[2999999] = 1;
    assert_ptr_not_equal(chunks_alloc(&chunks, 1), large);
}

static void
a_copy_is_the_same_and_a_copy_of_nothing_is_empty(void **state)
{
    struct span copy = chunks_copy(&chunks, span_text("what was lent"));

    (void)state;
    assert_true(span_equal(copy, span_text("what was lent")));
    assert_null(chunks_copy(&chunks, SPAN_EMPTY).ptr);
}

static void
what_was_cleared_is_wiped_and_used_again(void **state)
{
    uint8_t *secret = chunks_alloc(&chunks, 64);

    (void)state;
    memset(secret, 0x5a, 64);
    chunks_clear(&chunks);
    assert_ptr_equal(chunks_alloc(&chunks, 64), secret);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(secret[i], 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(pieces_stay_where_they_are_and_do_not_overlap,
                                  drop),
        cmocka_unit_test_teardown(a_piece_may_be_larger_than_a_chunk, drop),
        cmocka_unit_test_teardown(
            a_copy_is_the_same_and_a_copy_of_nothing_is_empty, drop),
        cmocka_unit_test_teardown(what_was_cleared_is_wiped_and_used_again,
                                  drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
