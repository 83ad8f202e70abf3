/*
 * test_versions.c - what is said of a later message; that it is found is in
 * e2e/test_reading.py, with real nodes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/reading/versions.h"

static const char *
said(const char *action)
{
    static char         out[256];
    struct versions_one one = {.ref = "ifc/19",
                               .about = "ifc/17",
                               .dtg = {"231215Z NOV 26"}};

    snprintf(one.action, sizeof(one.action), "%s", action);
    versions_say(&one, out, sizeof(out));
    return out;
}

static void
what_no_longer_holds_is_not_to_be_acted_on(void **state)
{
    (void)state;
    assert_string_equal(said("CANCEL"), "ifc/17 IS CANCELLED by ifc/19 of "
                                        "231215Z NOV 26: do not act on it");
    assert_string_equal(said("RECALL"), "ifc/17 IS RECALLED by ifc/19 of "
                                        "231215Z NOV 26: do not act on it");
}

static void
what_is_replaced_or_added_to_says_by_what(void **state)
{
    (void)state;
    assert_string_equal(said("CORRECT"),
                        "ifc/17 IS CORRECTED by ifc/19 of 231215Z NOV 26");
    assert_string_equal(said("UPDATE"),
                        "ifc/17 IS UPDATED by ifc/19 of 231215Z NOV 26");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_longer_holds_is_not_to_be_acted_on),
        cmocka_unit_test(what_is_replaced_or_added_to_says_by_what),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
