/* test_lines.c - lines and their fields have one spelling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/lines.h"

#include <string.h>

static void
lines_come_one_by_one_without_their_newline(void **state)
{
    struct lines lines = lines_of(span_text("one\n\nthree\n"));

    (void)state;
    assert_true(lines_next_begins(&lines, "on"));
    assert_true(span_equal(lines_take(&lines), span_text("one")));
    assert_int_equal(lines_take(&lines).len, 0);
    assert_false(lines.failed);
    assert_true(span_equal(lines_take_after(&lines, "th"), span_text("ree")));
    assert_int_equal(lines.left.len, 0);
    assert_false(lines.failed);
}

static void
a_line_without_newline_or_prefix_fails_for_good(void **state)
{
    struct lines cut = lines_of(span_text("one\ntwo"));
    struct lines other = lines_of(span_text("one\ntwo\n"));

    (void)state;
    (void)lines_take(&cut);
    assert_int_equal(lines_take(&cut).len, 0);
    assert_true(cut.failed);
    assert_int_equal(lines_take_after(&other, "two").len, 0);
    assert_true(other.failed);
    assert_int_equal(lines_take(&other).len, 0); /* nothing after that */
}

static bool
is_decimal(const char *text, uint64_t max, uint64_t expected)
{
    struct lines lines = lines_of(SPAN_EMPTY);
    uint64_t     value = lines_decimal(&lines, span_text(text), max);

    return !lines.failed && value == expected;
}

static void
decimals_up_to_their_maximum_are_read(void **state)
{
    (void)state;
    assert_true(is_decimal("0", 0, 0));
    assert_true(is_decimal("9", 9, 9));
    assert_true(is_decimal("10", 10, 10));
    assert_true(
        is_decimal("9223372036854775807", INT64_MAX, (uint64_t)INT64_MAX));
    assert_true(is_decimal("18446744073709551615", UINT64_MAX, UINT64_MAX));
}

static void
leading_zeros_signs_letters_and_larger_ones_are_refused(void **state)
{
    static const char *const bad[] = {"",   "00", "01", "+1", "-1", " 1",
                                      "1 ", "1a", "/",  ":",  "1\n"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct lines lines = lines_of(SPAN_EMPTY);

        assert_int_equal(lines_decimal(&lines, span_text(bad[i]), UINT64_MAX),
                         0);
        assert_true(lines.failed);
    }
    assert_false(is_decimal("1", 0, 1));
    assert_false(is_decimal("11", 10, 11));
    assert_false(is_decimal("9223372036854775808", INT64_MAX,
                            (uint64_t)INT64_MAX + 1));
    assert_false(is_decimal("18446744073709551616", UINT64_MAX, 0));
    assert_false(is_decimal("99999999999999999999999", UINT64_MAX, 0));
}

static void
base64_must_have_exactly_the_length_asked_for(void **state)
{
    struct lines good = lines_of(SPAN_EMPTY);
    struct lines less = lines_of(SPAN_EMPTY);
    struct lines more = lines_of(SPAN_EMPTY);
    uint8_t      out[4];

    (void)state;
    lines_base64(&good, span_text("Zm9v"), out, 3);
    assert_false(good.failed);
    lines_base64(&less, span_text("Zm9v"), out, 4);
    assert_true(less.failed);
    lines_base64(&more, span_text("Zm9v"), out, 2);
    assert_true(more.failed);
}

static void
decimals_are_written_as_they_are_read(void **state)
{
    uint8_t       text[64];
    struct writer out = writer_of(text, sizeof(text));

    (void)state;
    lines_put_decimal(&out, 0);
    lines_put_decimal(&out, UINT64_MAX);
    assert_true(
        span_equal(writer_span(&out), span_text("018446744073709551615")));
}

static void
a_line_is_counted_when_it_is_taken_or_failed_at(void **state)
{
    struct lines lines = lines_of(span_text("one\ntwo\n"));

    (void)state;
    lines_expect(&lines, "one");
    assert_int_equal(lines.line, 1);
    lines_expect(&lines, "tw");
    assert_true(lines.failed);
    assert_int_equal(lines.line, 2);
    lines_expect(&lines, "");
    assert_int_equal(lines.line, 2);
}

static void
a_block_is_read_as_it_is_written(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 100; len++) {
        uint8_t       bytes[100];
        uint8_t       text[256];
        uint8_t       got[100];
        struct writer out = writer_of(text, sizeof(text));
        struct lines  lines;

        memset(bytes, (int)len, sizeof(bytes));
        lines_put_block(&out, (struct span){bytes, len});
        lines = lines_of(writer_span(&out));
        assert_int_equal(lines_block(&lines, got, len), len);
        assert_false(lines.failed);
        assert_int_equal(lines.left.len, 0);
        assert_memory_equal(got, bytes, len);
        lines = lines_of(writer_span(&out));
        assert_int_equal(lines_block(&lines, got, len - 1), 0);
        assert_true(lines.failed);
    }
}

static void
a_block_has_one_cut_and_an_end(void **state)
{
    static const char *const bad[] = {
        "\n", "AAAA\n", "AAAA", "AAAA\nAAAA\n\n", "AAA=\n=\n\n",
        ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
         "AAAA\n\n"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct lines lines = lines_of(span_text(bad[i]));
        uint8_t      got[100];

        assert_int_equal(lines_block(&lines, got, sizeof(got)), 0);
        assert_true(lines.failed);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_one_by_one_without_their_newline),
        cmocka_unit_test(a_line_without_newline_or_prefix_fails_for_good),
        cmocka_unit_test(decimals_up_to_their_maximum_are_read),
        cmocka_unit_test(
            leading_zeros_signs_letters_and_larger_ones_are_refused),
        cmocka_unit_test(base64_must_have_exactly_the_length_asked_for),
        cmocka_unit_test(decimals_are_written_as_they_are_read),
        cmocka_unit_test(a_line_is_counted_when_it_is_taken_or_failed_at),
        cmocka_unit_test(a_block_is_read_as_it_is_written),
        cmocka_unit_test(a_block_has_one_cut_and_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
