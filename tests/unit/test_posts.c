/* The table of posts: user id or name, and the post. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/writing/posts.h"

static char        post[POSTS_POST];
static size_t      line;
static const char *why;

static enum status
look(const char *table, uid_t user, const char *name)
{
    return posts_read(span_text(table), user, name, post, &line, &why);
}

static void
a_user_is_found_by_number_or_by_name(void **state)
{
    const char *table = "# of the watch\n\n 1000 :  Duty Officer \r\n"
                        "maria: Analysis: Cell";

    (void)state;
    assert_int_equal(look(table, 1000, NULL), STATUS_OK);
    assert_string_equal(post, "Duty Officer");
    assert_int_equal(look(table, 7, "maria"), STATUS_OK);
    assert_string_equal(post, "Analysis: Cell");
    assert_int_equal(look(table, 8, "john"), STATUS_OK);
    assert_string_equal(post, "");
    assert_int_equal(look(table, 100, NULL), STATUS_OK);
    assert_string_equal(post, "");
}

static void
a_wrong_line_is_told_by_its_number_whosever_it_is(void **state)
{
    (void)state;
    assert_int_equal(look("1: A\n\n1000 Duty\n", 1, NULL),
                     STATUS_BAD_FIELD);
    assert_int_equal(line, 3);
    assert_non_null(strstr(why, "USER: POST"));
    assert_int_equal(look("1:\n", 2, NULL), STATUS_BAD_FIELD);
    assert_int_equal(line, 1);
    assert_int_equal(look(": A\n", 2, NULL), STATUS_BAD_FIELD);
    assert_int_equal(look("1: A\n1: B\n", 1, NULL), STATUS_BAD_FIELD);
    assert_int_equal(line, 2);
    assert_int_equal(look("1: A\nann: B\n", 1, "ann"), STATUS_BAD_FIELD);
}

static void
a_post_is_one_line_of_at_most_1024_bytes(void **state)
{
    char table[LIMIT_LINE + 8] = "1: ";

    (void)state;
    memset(table + 3, 'x', LIMIT_LINE);
    assert_int_equal(look(table, 1, NULL), STATUS_OK);
    assert_int_equal(strlen(post), LIMIT_LINE);
    memset(table + 3, 'x', LIMIT_LINE + 1);
    assert_int_equal(look(table, 1, NULL), STATUS_BAD_FIELD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_is_found_by_number_or_by_name),
        cmocka_unit_test(a_wrong_line_is_told_by_its_number_whosever_it_is),
        cmocka_unit_test(a_post_is_one_line_of_at_most_1024_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
