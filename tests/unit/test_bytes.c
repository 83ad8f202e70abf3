/* test_bytes.c - no byte beyond what is there, in or out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/bytes.h"

#include <string.h>

static const uint8_t count[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                                15};

static void
numbers_are_read_with_the_higher_byte_first(void **state)
{
    struct reader in = reader_of(SPAN_OF(count));

    (void)state;
    assert_int_equal(reader_u8(&in), 0x01);
    assert_int_equal(reader_u16(&in), 0x0203);
    assert_int_equal(reader_u32(&in), 0x04050607);
    assert_true(reader_u64(&in) == 0x08090a0b0c0d0e0full);
    assert_int_equal(reader_end(&in), STATUS_OK);
}

static void
numbers_named_le_are_read_with_the_lower_byte_first(void **state)
{
    struct reader in = reader_of((struct span){count, 12});

    (void)state;
    assert_int_equal(reader_u32_le(&in), 0x04030201);
    assert_true(reader_u64_le(&in) == 0x0c0b0a0908070605ull);
    assert_int_equal(reader_end(&in), STATUS_OK);
}

static void
a_number_that_is_cut_short_is_zero_and_fails_all_that_follows(void **state)
{
    struct reader in = reader_of((struct span){count, 3});

    (void)state;
    assert_int_equal(reader_u32(&in), 0);
    assert_int_equal(reader_u8(&in), 0); /* though a byte is there */
    assert_int_equal(reader_end(&in), STATUS_BAD_ENCODING);
}

static void
bytes_left_over_are_refused(void **state)
{
    struct reader in = reader_of((struct span){count, 3});

    (void)state;
    assert_int_equal(reader_u16(&in), 0x0102);
    assert_int_equal(reader_end(&in), STATUS_BAD_ENCODING);
}

static void
an_empty_span_without_memory_is_read_to_its_end(void **state)
{
    struct reader in = reader_of(SPAN_EMPTY);
    uint8_t       out[1] = {7};

    (void)state;
    assert_int_equal(reader_rest(&in).len, 0);
    reader_copy(&in, out, 0);
    assert_int_equal(out[0], 7);
    assert_int_equal(reader_end(&in), STATUS_OK);
}

static void
a_copy_that_is_cut_short_is_all_zeros(void **state)
{
    struct reader in = reader_of((struct span){count, 3});
    uint8_t       out[4] = {9, 9, 9, 9};

    (void)state;
    reader_copy(&in, out, sizeof(out));
    assert_memory_equal(out, "\0\0\0\0", sizeof(out));
    assert_int_equal(reader_end(&in), STATUS_BAD_ENCODING);
}

static void
a_length_is_believed_up_to_its_limit_and_to_what_is_there(void **state)
{
    static const uint8_t bytes[] = {0, 2, 'h', 'i', 0, 0, 0, 1, '!'};
    struct reader        in = reader_of(SPAN_OF(bytes));
    struct reader        limited = in;
    struct reader        cut = reader_of((struct span){bytes, 3});

    (void)state;
    assert_true(span_equal(reader_take16(&in, 2), span_text("hi")));
    assert_true(span_equal(reader_take32(&in, 1), span_text("!")));
    assert_int_equal(reader_end(&in), STATUS_OK);
    assert_int_equal(reader_take16(&limited, 1).len, 0);
    assert_true(limited.failed);
    assert_int_equal(reader_take16(&cut, 9).len, 0);
    assert_true(cut.failed);
}

static void
the_largest_length_does_not_wrap(void **state)
{
    static const uint8_t bytes[] = {0xff, 0xff, 0xff, 0xff, 1};
    struct reader        in = reader_of(SPAN_OF(bytes));
    struct reader        whole = in;

    (void)state;
    assert_int_equal(reader_take32(&in, SIZE_MAX).len, 0);
    assert_true(in.failed);
    assert_int_equal(reader_take(&whole, SIZE_MAX).len, 0);
    assert_true(whole.failed);
}

static void
what_was_written_is_read_back(void **state)
{
    uint8_t       bytes[64];
    struct writer out = writer_of(bytes, sizeof(bytes));
    struct reader in;

    (void)state;
    writer_u8(&out, 0xf1);
    writer_u16(&out, 0xf2f3);
    writer_u32(&out, 0xf4f5f6f7);
    writer_u64(&out, 0xf8f9fafbfcfdfeffull);
    writer_put16(&out, span_text("sixteen"));
    writer_put32(&out, span_text("thirty-two"));
    writer_put(&out, span_text("rest"));
    assert_int_equal(writer_end(&out), STATUS_OK);
    in = reader_of(writer_span(&out));
    assert_int_equal(reader_u8(&in), 0xf1);
    assert_int_equal(reader_u16(&in), 0xf2f3);
    assert_true(reader_u32(&in) == 0xf4f5f6f7);
    assert_true(reader_u64(&in) == 0xf8f9fafbfcfdfeffull);
    assert_true(span_equal(reader_take16(&in, 99), span_text("sixteen")));
    assert_true(span_equal(reader_take32(&in, 99), span_text("thirty-two")));
    assert_true(span_equal(reader_rest(&in), span_text("rest")));
    assert_int_equal(reader_end(&in), STATUS_OK);
}

static void
what_does_not_fit_is_not_written_nor_what_follows(void **state)
{
    uint8_t       bytes[4] = {9, 9, 9, 9};
    struct writer out = writer_of(bytes, 3);

    (void)state;
    writer_u16(&out, 0x0102);
    writer_u16(&out, 0x0304);
    writer_u8(&out, 5); /* though there is room for it */
    assert_int_equal(writer_end(&out), STATUS_TOO_LARGE);
    assert_int_equal(writer_span(&out).len, 0);
    assert_memory_equal(bytes, "\1\2\x09\x09", sizeof(bytes));
}

static void
a_length_that_its_field_cannot_hold_is_refused(void **state)
{
    static uint8_t bytes[UINT16_MAX + 8];
    static uint8_t large[UINT16_MAX + 1];
    struct writer  out = writer_of(bytes, sizeof(bytes));

    (void)state;
    writer_put16(&out, SPAN_OF(large));
    assert_int_equal(writer_end(&out), STATUS_TOO_LARGE);
}

static void
spans_are_equal_by_length_and_bytes(void **state)
{
    (void)state;
    assert_true(span_equal(SPAN_EMPTY, span_text("")));
    assert_true(span_equal(span_text("ab"), span_text("ab")));
    assert_false(span_equal(span_text("ab"), span_text("abc")));
    assert_false(span_equal(span_text("ab"), span_text("ac")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_with_the_higher_byte_first),
        cmocka_unit_test(numbers_named_le_are_read_with_the_lower_byte_first),
        cmocka_unit_test(
            a_number_that_is_cut_short_is_zero_and_fails_all_that_follows),
        cmocka_unit_test(bytes_left_over_are_refused),
        cmocka_unit_test(an_empty_span_without_memory_is_read_to_its_end),
        cmocka_unit_test(a_copy_that_is_cut_short_is_all_zeros),
        cmocka_unit_test(
            a_length_is_believed_up_to_its_limit_and_to_what_is_there),
        cmocka_unit_test(the_largest_length_does_not_wrap),
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(what_does_not_fit_is_not_written_nor_what_follows),
        cmocka_unit_test(a_length_that_its_field_cannot_hold_is_refused),
        cmocka_unit_test(spans_are_equal_by_length_and_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
