/* A form's text, field by field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/language/form_line.h"

/* The next field of *text and what its value means. */
static void
assert_next(struct span *text, const char *name, const char *meant)
{
    struct span field = SPAN_EMPTY;
    struct span value = SPAN_EMPTY;
    size_t      len = 0;
    char       *joined;

    assert_int_equal(form_line_next(text, &field, &value), STATUS_OK);
    assert_true(span_equal(field, span_text(name)));
    joined = form_line_joined(value, &len);
    assert_non_null(joined);
    assert_int_equal(len, strlen(meant));
    assert_memory_equal(joined, meant, len);
    free(joined);
}

static void
assert_end(struct span *text)
{
    struct span field;
    struct span value;

    assert_int_equal(form_line_next(text, &field, &value), STATUS_NOT_FOUND);
}

static void
a_value_goes_on_in_lines_that_begin_with_a_blank(void **state)
{
    struct span text = span_text("# c\n\na: one\n  two\n\tthree\nb:\nc : x: y");

    (void)state;
    assert_next(&text, "a", "one\ntwo\nthree");
    assert_next(&text, "b", "");
    assert_next(&text, "c", "x: y");
    assert_end(&text);
}

static void
empty_lines_and_comments_within_a_value_do_not_end_it(void **state)
{
    struct span text = span_text("a: one\n\n  two\n#! fault\n# c\n  three\n"
                                 "# d\n\nb: x\n# e\n   \n# f\n");

    (void)state;
    assert_next(&text, "a", "one\n\ntwo\nthree");
    assert_next(&text, "b", "x");
    assert_end(&text);
}

static void
lines_of_another_system_are_read_the_same(void **state)
{
    struct span text = span_text("a: one\r\n  two\r\n\r\nb: x\r\n");

    (void)state;
    assert_next(&text, "a", "one\ntwo");
    assert_next(&text, "b", "x");
    assert_end(&text);
}

static void
a_line_without_a_colon_or_that_continues_nothing_is_refused(void **state)
{
    struct span whole = span_text("# c\n  x: y\na: b\nthree boats\n");
    struct span text = whole;
    struct span field = SPAN_EMPTY;
    struct span value = SPAN_EMPTY;

    (void)state;
    assert_int_equal(form_line_next(&text, &field, &value),
                     STATUS_BAD_ENCODING);
    assert_int_equal(form_line_number(whole, field), 2);
    assert_next(&text, "a", "b");
    assert_int_equal(form_line_next(&text, &field, &value),
                     STATUS_BAD_ENCODING);
    assert_true(span_equal(field, span_text("three boats")));
    assert_int_equal(form_line_number(whole, field), 4);
    assert_end(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_goes_on_in_lines_that_begin_with_a_blank),
        cmocka_unit_test(empty_lines_and_comments_within_a_value_do_not_end_it),
        cmocka_unit_test(lines_of_another_system_are_read_the_same),
        cmocka_unit_test(
            a_line_without_a_colon_or_that_continues_nothing_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
