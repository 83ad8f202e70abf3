/* Rows stand in columns, whatever the characters are. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/terminal/table.h"

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

/* Words for "sea", "Indian", "report", "Tokyo": each its own script. */
static void
columns_are_straight_in_every_script(void **state)
{
    static const char *const titles[] = {"<NAME", "<N", NULL};
    struct table             table;
    char                    *text;

    (void)state;
    table_init(&table, titles);
    table_add(&table, (const char *[]){"\xe6\xb5\xb7", "1"});
    table_add(&table, (const char *[]){"\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8"
                                       "\xe0\xa5\x8d\xe0\xa4\xa6\xe0\xa5\x80",
                                       "2"});
    table_add(&table, (const char *[]){"e\xcc\x81", "3"});
    table_add(&table, (const char *[]){"\xd8\xa8\xd8\xad\xd8\xb1", "4"});
    text = print(&table, 0);
    assert_string_equal(
        text, "NAME   N\n"
              "\xe6\xb5\xb7     1\n"
              "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8"
              "\xe0\xa5\x8d\xe0\xa4\xa6\xe0\xa5\x80  2\n"
              "e\xcc\x81      3\n"
              "\xe2\x81\xa6\xd8\xa8\xd8\xad\xd8\xb1\xe2\x81\xa9    4\n");
    free(text);
    table_clear(&table);
}

/* No half of a Kanji, and no mark without its letter. */
static void
a_cell_is_cut_between_characters(void **state)
{
    static const char *const titles[] = {"<A", "<SUBJECT", NULL};
    struct table             table;
    char                    *text;

    (void)state;
    table_init(&table, titles);
    table_add(&table,
              (const char *[]){"x", "\xe6\xb5\xb7\xe6\xb5\xb7\xe6\xb5\xb7"
                                    "\xe6\xb5\xb7\xe6\xb5\xb7\xe6\xb5\xb7"});
    table_add(&table, (const char *[]){"y", "01234567e\xcc\x81" "89"});
    text = print(&table, 13);
    assert_string_equal(
        text, "A  SUBJECT\n"
              "x  \xe6\xb5\xb7\xe6\xb5\xb7\xe6\xb5\xb7\xe6\xb5\xb7~\n"
              "y  01234567e\xcc\x81~\n");
    free(text);
    table_clear(&table);
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
        cmocka_unit_test(columns_are_straight_in_every_script),
        cmocka_unit_test(a_cell_is_cut_between_characters),
        cmocka_unit_test(the_last_column_is_cut_to_the_terminal),
        cmocka_unit_test(on_a_narrow_terminal_each_row_is_a_block_of_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
