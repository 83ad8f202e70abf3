/* Thresholds of a monitoring plugin: read, judged, written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/admin/threshold.h"

static const struct threshold seconds = {THRESHOLD_SECONDS, false, 900, 3600};
static const struct threshold percent = {THRESHOLD_PERCENT, true, 10, 5};

static void
expect(struct threshold from, const char *text, int64_t warn, int64_t critical)
{
    assert_int_equal(threshold_parse(text, &from), STATUS_OK);
    assert_int_equal(from.warn, warn);
    assert_int_equal(from.critical, critical);
}

static void
refuse(struct threshold from, const char *text)
{
    struct threshold before = from;

    assert_int_equal(threshold_parse(text, &from), STATUS_BAD_FIELD);
    assert_memory_equal(&from, &before, sizeof(from));
}

static void
seconds_take_units_and_counts_take_none(void **state)
{
    (void)state;
    expect(seconds, "90,2min", 90, 120);
    expect(seconds, "30s,1h", 30, 3600);
    expect(seconds, "1h,2d", 3600, 172800);
    expect(percent, "20,10", 20, 10);
    refuse(percent, "20%");
    expect(percent, "100", 100, 5);
    refuse(percent, "101");
    refuse(percent, "1h");
    refuse(seconds, "1m");
    refuse(seconds, "1 h");
}

static void
one_value_leaves_the_other_or_moves_it_along(void **state)
{
    (void)state;
    expect(seconds, "5min", 300, 3600);
    expect(seconds, "2h", 7200, 7200);
    expect(percent, "3", 3, 3);
}

static void
the_worse_stands_second(void **state)
{
    (void)state;
    refuse(seconds, "1h,1min");
    refuse(percent, "5,10");
    expect(percent, "5,5", 5, 5);
}

static void
what_is_no_number_is_refused(void **state)
{
    static const char *const bad[] = {"",   ",",    "1,",  ",1",  "1,2,3",
                                      "-1", "+1",   "x",   "1,x", " 1",
                                      "1 ", "1e3",  "99999999999999999999"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        refuse(seconds, bad[i]);
}

static void
a_value_is_judged_by_what_is_worse_than_the_bound(void **state)
{
    (void)state;
    assert_int_equal(threshold_judge(&seconds, 900), THRESHOLD_OK);
    assert_int_equal(threshold_judge(&seconds, 901), THRESHOLD_WARNING);
    assert_int_equal(threshold_judge(&seconds, 3600), THRESHOLD_WARNING);
    assert_int_equal(threshold_judge(&seconds, 3601), THRESHOLD_CRITICAL);
    assert_int_equal(threshold_judge(&percent, 10), THRESHOLD_OK);
    assert_int_equal(threshold_judge(&percent, 9), THRESHOLD_WARNING);
    assert_int_equal(threshold_judge(&percent, 5), THRESHOLD_WARNING);
    assert_int_equal(threshold_judge(&percent, 4), THRESHOLD_CRITICAL);
}

static void
performance_data_is_written_as_plugins_do(void **state)
{
    (void)state;
    assert_string_equal(threshold_perfdata(&seconds, "oldest", 3, "s").text,
                        " oldest=3s;900;3600");
    assert_string_equal(threshold_perfdata(&percent, "free", 28, "%").text,
                        " free=28%;10:;5:");
    assert_string_equal(threshold_word(THRESHOLD_OK), "OK");
    assert_string_equal(threshold_word(THRESHOLD_WARNING), "WARNING");
    assert_string_equal(threshold_word(THRESHOLD_CRITICAL), "CRITICAL");
    assert_string_equal(threshold_word(THRESHOLD_UNKNOWN), "UNKNOWN");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_take_units_and_counts_take_none),
        cmocka_unit_test(one_value_leaves_the_other_or_moves_it_along),
        cmocka_unit_test(the_worse_stands_second),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(a_value_is_judged_by_what_is_worse_than_the_bound),
        cmocka_unit_test(performance_data_is_written_as_plugins_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
