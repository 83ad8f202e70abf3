/* What a window holds, and what is handed on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/terminal/pager.h"

#include <string.h>

static size_t
lines(const char *text, size_t width)
{
    return pager_lines(text, strlen(text), width);
}

static void
lines_are_counted_as_the_terminal_breaks_them(void **state)
{
    (void)state;
    assert_int_equal(lines("", 10), 0);
    assert_int_equal(lines("a", 10), 1);
    assert_int_equal(lines("a\nb\n", 10), 2);
    assert_int_equal(lines("0123456789\n", 10), 1);
    assert_int_equal(lines("0123456789a\n", 10), 2);
    assert_int_equal(lines("\n\n", 10), 2);
    assert_int_equal(lines("\xe6\xb5\xb7\xe6\xb5\xb7\xe6\xb5\xb7\n", 5), 2);
    assert_int_equal(lines("0123456789abc\n", 0), 1);
}

static void
colours_take_no_room(void **state)
{
    (void)state;
    assert_int_equal(lines("\x1b[1;7m0123456789\x1b[0m\n", 10), 1);
    assert_int_equal(lines("\x1b", 10), 1); /* no sequence: not ours */
}

/* No terminal here: the stream is standard output itself. */
static void
without_a_terminal_nothing_is_kept(void **state)
{
    struct pager pager;

    (void)state;
    assert_int_equal(pager_begin(&pager), STATUS_OK);
    assert_ptr_equal(pager.out, stdout);
    assert_int_equal(pager_end(&pager), STATUS_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_counted_as_the_terminal_breaks_them),
        cmocka_unit_test(colours_take_no_room),
        cmocka_unit_test(without_a_terminal_nothing_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
