/* test_label.c - no label can be taken for another, nor for a note. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/label.h"

#include <string.h>

static void
each_label_names_the_project_and_its_version(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++) {
        struct span label = label_span((enum label)i);

        assert_true(label.len > sizeof(LABEL_ORIGIN_PREFIX));
        assert_memory_equal(label.ptr, LABEL_ORIGIN_PREFIX,
                            sizeof(LABEL_ORIGIN_PREFIX) - 1);
    }
}

static void
each_label_ends_with_its_only_zero_byte(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++) {
        struct span label = label_span((enum label)i);

        assert_ptr_equal(memchr(label.ptr, 0, label.len),
                         label.ptr + label.len - 1);
    }
}

static void
no_two_labels_are_alike(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++)
        for (unsigned j = 0; j < i; j++)
            assert_false(span_equal(label_span((enum label)i),
                                    label_span((enum label)j)));
}

/* A zero byte ends each, so no label begins another: two signed texts under
 * different labels differ within the shorter label. */
static void
no_label_is_the_beginning_of_another(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++)
        for (unsigned j = 0; j < LABEL_COUNT; j++) {
            struct span a = label_span((enum label)i);
            struct span b = label_span((enum label)j);

            if (i != j && a.len <= b.len)
                assert_int_not_equal(memcmp(a.ptr, b.ptr, a.len), 0);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_label_names_the_project_and_its_version),
        cmocka_unit_test(each_label_ends_with_its_only_zero_byte),
        cmocka_unit_test(no_two_labels_are_alike),
        cmocka_unit_test(no_label_is_the_beginning_of_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
