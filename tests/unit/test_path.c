/* test_path.c - a path reads as people write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/path.h"

#include <string.h>

static void
the_message_itself_has_no_path(void **state)
{
    const struct path root = {.index = PATH_NO_INDEX};
    char              out[PATH_TEXT] = "before";

    (void)state;
    path_format(NULL, out);
    assert_string_equal(out, "");
    path_format(&root, out);
    assert_string_equal(out, "");
}

static void
steps_stand_in_order_with_their_indexes(void **state)
{
    const struct path root = {.index = PATH_NO_INDEX};
    const struct path body = {&root, "risk_assessment", PATH_NO_INDEX};
    const struct path item = {&body, "key_judgements", 2};
    const struct path last = {&item, "likelihood", PATH_NO_INDEX};
    char              out[PATH_TEXT];

    (void)state;
    path_format(&last, out);
    assert_string_equal(out, "risk_assessment.key_judgements[2].likelihood");
    path_format(&item, out);
    assert_string_equal(out, "risk_assessment.key_judgements[2]");
}

static void
what_is_too_long_is_cut_at_its_end_wherever_that_falls(void **state)
{
    char long_name[PATH_TEXT + 10];
    char out[PATH_TEXT];

    (void)state;
    for (size_t len = PATH_TEXT - 8; len < sizeof(long_name); len++) {
        const struct path first = {NULL, long_name, 0};
        const struct path last = {&first, "end", PATH_NO_INDEX};

        memset(long_name, 'n', len);
        long_name[len] = '\0';
        memset(out, '!', sizeof(out));
        path_format(&last, out);
        assert_true(strlen(out) < PATH_TEXT);
        assert_memory_equal(out, long_name, PATH_TEXT - 8);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_message_itself_has_no_path),
        cmocka_unit_test(steps_stand_in_order_with_their_indexes),
        cmocka_unit_test(
            what_is_too_long_is_cut_at_its_end_wherever_that_falls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
