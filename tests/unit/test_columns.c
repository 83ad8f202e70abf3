/* Columns of text in the scripts of those who write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/terminal/columns.h"

#include "proto/text.h"

#include <locale.h>
#include <wchar.h>
#include <wctype.h>

static void
words_of_several_scripts_take_what_a_terminal_gives_them(void **state)
{
    static const struct {
        const char *text;
        size_t      columns;
    } table[] = {
        {"", 0},
        {"Tanker", 6},
        {"\xe6\xb5\xb7\xe4\xb8\x8a\xe8\x87\xaa\xe8\xa1\x9b\xe9\x9a\x8a", 10},
        {"\xef\xbd\xb6\xef\xbe\x9e", 2},         /* halfwidth GA: two cells */
        {"e\xcc\x81", 1},                         /* e, combining acute */
        {"\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8"   /* HA I NA */
         "\xe0\xa5\x8d\xe0\xa4\xa6\xe0\xa5\x80",  /* VIRAMA DA II */
         5},
        {"\xe2\x80\x93 \xe2\x82\xac", 3}, /* dash and euro are narrow */
        {"\xf0\x9f\x9a\xa2", 2},          /* a ship */
        {"\xed\x95\x9c", 2},              /* HAN */
        {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2}, /* the same of parts */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_int_equal(columns_of(span_text(table[i].text)),
                         table[i].columns);
}

/*
 * Another's table.  Left out: what text_is_control() lets nobody write, and
 * what this C library's version of Unicode assigns and ours does not.
 */
static void
the_c_library_agrees(void **state)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
    locale_t before;
    size_t   compared = 0;

    (void)state;
    if (utf8 == NULL) {
        print_message("no locale C.UTF-8 here: skipped\n");
        skip();
    }
    before = uselocale(utf8);
    for (uint32_t c = 0x20; c < 0x30000; c++) {
        int theirs = wcwidth((wchar_t)c);

        if (theirs < 0 || text_is_control(c) || (c >= 0xd800 && c < 0xe000))
            continue;
        compared++;
        if ((unsigned)theirs != columns_of_character(c))
            fail_msg("U+%04X: %d and %u", (unsigned)c, theirs,
                     columns_of_character(c));
    }
    assert_true(compared > 100000);
    uselocale(before);
    freelocale(utf8);
}

static void
a_character_is_taken_with_its_marks(void **state)
{
    struct span text = span_text("\xe0\xa4\xb9\xe0\xa5\x81\xe0\xa4\x82x");
    size_t      columns = 0;

    (void)state;
    assert_int_equal(columns_take(&text, &columns).len, 9);
    assert_int_equal(columns, 1);
    assert_int_equal(columns_take(&text, &columns).len, 1);
    assert_int_equal(text.len, 0);
    assert_int_equal(columns_take(&text, &columns).len, 0);
    assert_int_equal(columns, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            words_of_several_scripts_take_what_a_terminal_gives_them),
        cmocka_unit_test(the_c_library_agrees),
        cmocka_unit_test(a_character_is_taken_with_its_marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
