/* Rows stand in columns, whatever the characters are. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/table.h"

static char *
print(const struct table *table, size_t width)
{
    char  *out = NULL;
    size_t len = 0;
    FILE  *stream = open_memstream(&out, &len);

    assert_int_equal(table_print(table, width, stream), STATUS_OK);
    fclose(stream);
    return out;
}

static void
columns_are_aligned_left_and_right(void **state)
{
    static const char *const titles[] = {"<NAME", ">N", "<SUBJECT", NULL};
    struct table             table;
    char                    *text;

    (void)state;
    table_init(&table, titles);
    table_add(&table, (const char *[]){"ifc", "7", "short"});
    table_add(&table, (const char *[]){"jmsdf", "1234", NULL});
    text = print(&table, 0);
    assert_string_equal(text, "NAME      N  SUBJECT\n"
                              "ifc       7  short\n"
                              "jmsdf  1234  -\n");
    free(text);
    table_clear(&table);
}

static void
a_wide_character_takes_two_columns_and_a_mark_none(void **state)
{
    (void)state;
    assert_int_equal(table_text_width("abc"), 3);
    assert_int_equal(table_text_width("\xe6\xb5\xb7\xe4\xb8\x8a"), 4);
    assert_int_equal(table_text_width("e\xcc\x81"), 1);
    assert_int_equal(table_text_width(""), 0);
}

static void
the_last_column_is_cut_to_the_terminal(void **state)
{
    static const char *const titles[] = {"<A", "<SUBJECT", NULL};
    struct table             table;
    char                    *text;

    (void)state;
    table_init(&table, titles);
    table_add(&table, (const char *[]){"x", "0123456789012345"});
    table_add(&table, (const char *[]){"y", "012345678901"});
    text = print(&table, 15);
    assert_string_equal(text, "A  SUBJECT\n"
                              "x  01234567890~\n"
                              "y  012345678901\n");
    free(text);
    table_clear(&table);
}

static void
on_a_narrow_terminal_each_row_is_a_block_of_lines(void **state)
{
    static const char *const titles[] = {"<REF", ">QUEUED", "<ALARM",
                                         "<SUBJECT", NULL};
    struct table             table;
    char                    *text;

    (void)state;
    table_init(&table, titles);
    table_add(&table, (const char *[]){"ifc/17", "0", "",
                                       "Tanker approached off Lagos"});
    text = print(&table, 30);
    assert_string_equal(text, "REF: ifc/17\n"
                              "  QUEUED: 0\n"
                              "  SUBJECT: Tanker approached\n"
                              "    off Lagos\n");
    free(text);
    table_clear(&table);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_aligned_left_and_right),
        cmocka_unit_test(a_wide_character_takes_two_columns_and_a_mark_none),
        cmocka_unit_test(the_last_column_is_cut_to_the_terminal),
        cmocka_unit_test(on_a_narrow_terminal_each_row_is_a_block_of_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
