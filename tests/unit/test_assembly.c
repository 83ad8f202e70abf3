#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "node/core/log/assembly.h"
#include "proto/limits.h"

static uint8_t         body[1000];
static struct assembly assembly;
static struct span     whole;

static int
begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(body); i++)
        body[i] = (uint8_t)(i * 7);
    assembly = (struct assembly){0};
    whole = SPAN_EMPTY;
    return 0;
}

static int
end(void **state)
{
    (void)state;
    assembly_clear(&assembly);
    return 0;
}

/* Bytes [from, from + len) of the body as a piece of entry `index`. */
static enum status
put(uint64_t index, uint32_t from, size_t len)
{
    return assembly_put(&assembly, index, sizeof(body), from,
                        (struct span){body + from, len}, &whole);
}

static void
a_body_in_one_piece_is_whole_at_once_and_not_copied(void **state)
{
    (void)state;
    assert_int_equal(put(5, 0, 1000), STATUS_OK);
    assert_ptr_equal(whole.ptr, body);
    assert_int_equal(whole.len, 1000);
    assert_null(assembly.bytes);
}

static void
pieces_in_order_make_a_body(void **state)
{
    (void)state;
    assert_int_equal(put(5, 0, 400), STATUS_AGAIN);
    assert_int_equal(put(5, 400, 1), STATUS_AGAIN);
    assert_int_equal(put(5, 401, 599), STATUS_OK);
    assert_int_equal(whole.len, 1000);
    assert_memory_equal(whole.ptr, body, 1000);
}

static void
a_gap_or_an_overlap_is_refused(void **state)
{
    (void)state;
    assert_int_equal(put(5, 0, 400), STATUS_AGAIN);
    assert_int_equal(put(5, 401, 100), STATUS_BAD_STATE);
    assert_int_equal(put(5, 399, 100), STATUS_BAD_STATE);
    assert_int_equal(put(5, 400, 600), STATUS_OK);
}

static void
a_first_piece_begins_at_the_first_byte(void **state)
{
    (void)state;
    assert_int_equal(put(0, 400, 100), STATUS_BAD_STATE);
}

static void
a_piece_longer_than_what_is_left_is_refused(void **state)
{
    uint8_t longer[1001] = {0};

    (void)state;
    assert_int_equal(assembly_put(&assembly, 5, 1000, 0, SPAN_OF(longer),
                                  &whole),
                     STATUS_BAD_STATE);
    assert_int_equal(put(5, 0, 999), STATUS_AGAIN);
    assert_int_equal(assembly_put(&assembly, 5, 1000, 999,
                                  (struct span){longer, 2}, &whole),
                     STATUS_BAD_STATE);
}

static void
an_empty_piece_is_refused(void **state)
{
    (void)state;
    assert_int_equal(put(5, 0, 0), STATUS_BAD_STATE);
    assert_int_equal(put(5, 0, 400), STATUS_AGAIN);
    assert_int_equal(put(5, 400, 0), STATUS_BAD_STATE);
}

static void
a_piece_of_another_body_does_not_go_on_with_this_one(void **state)
{
    (void)state;
    assert_int_equal(put(5, 0, 400), STATUS_AGAIN);
    assert_int_equal(put(6, 400, 600), STATUS_BAD_STATE);
}

static void
offset_zero_begins_anew(void **state)
{
    (void)state;
    assert_int_equal(put(5, 0, 400), STATUS_AGAIN);
    assert_int_equal(put(5, 0, 100), STATUS_AGAIN);
    assert_int_equal(put(5, 400, 600), STATUS_BAD_STATE);
    assert_int_equal(put(6, 0, 100), STATUS_AGAIN);
    assert_int_equal(put(6, 100, 900), STATUS_OK);
    assert_memory_equal(whole.ptr, body, 1000);
}

static void
a_body_that_was_whole_is_not_gone_on_with(void **state)
{
    (void)state;
    assert_int_equal(put(5, 0, 400), STATUS_AGAIN);
    assert_int_equal(put(5, 400, 600), STATUS_OK);
    assert_int_equal(put(5, 400, 600), STATUS_BAD_STATE);
}

static void
the_largest_body_has_room(void **state)
{
    static uint8_t large[LIMIT_SEALED];

    (void)state;
    memset(large, 3, sizeof(large));
    for (uint32_t at = 0; at < LIMIT_SEALED; at += 16)
        assert_int_equal(
            assembly_put(&assembly, 1, LIMIT_SEALED, at,
                         (struct span){large + at, 16}, &whole),
            at + 16 < LIMIT_SEALED ? STATUS_AGAIN : STATUS_OK);
    assert_memory_equal(whole.ptr, large, LIMIT_SEALED);
}

#define ASSEMBLY_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ASSEMBLY_TEST(a_body_in_one_piece_is_whole_at_once_and_not_copied),
        ASSEMBLY_TEST(pieces_in_order_make_a_body),
        ASSEMBLY_TEST(a_gap_or_an_overlap_is_refused),
        ASSEMBLY_TEST(a_first_piece_begins_at_the_first_byte),
        ASSEMBLY_TEST(a_piece_longer_than_what_is_left_is_refused),
        ASSEMBLY_TEST(an_empty_piece_is_refused),
        ASSEMBLY_TEST(a_piece_of_another_body_does_not_go_on_with_this_one),
        ASSEMBLY_TEST(offset_zero_begins_anew),
        ASSEMBLY_TEST(a_body_that_was_whole_is_not_gone_on_with),
        ASSEMBLY_TEST(the_largest_body_has_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
