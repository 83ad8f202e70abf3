/* The group is Zulu everywhere; the wall is where the officer sits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/terminal/local.h"

#include <stdlib.h>

enum { NOV_23_1210 = 1795435800, NOV_23_1910 = NOV_23_1210 + 7 * 3600 };

static const char *
at(const char *zone, int64_t seconds)
{
    static struct local_text out;

    assert_int_equal(setenv("TZ", zone, 1), 0);
    out = local_dtg_ms((uint64_t)seconds * 1000);
    return out.text;
}

static void
the_clock_on_the_wall_stands_beside_the_group(void **state)
{
    (void)state;
    assert_string_equal(at("IST-5:30", NOV_23_1210),
                        "231210Z NOV 26 (17:40 local)");
    assert_string_equal(at("EST5", NOV_23_1210),
                        "231210Z NOV 26 (07:10 local)");
}

static void
where_it_is_another_day_that_is_said(void **state)
{
    (void)state;
    assert_string_equal(at("JST-9", NOV_23_1910),
                        "231910Z NOV 26 (04:10 local, 24 NOV)");
    assert_string_equal(at("PST8", NOV_23_1210 - 6 * 3600),
                        "230610Z NOV 26 (22:10 local, 22 NOV)");
}

/* 31 December 2026, 23:30Z. */
static void
where_it_is_another_year_too(void **state)
{
    (void)state;
    assert_string_equal(at("CET-1", 1798759800),
                        "312330Z DEC 26 (00:30 local, 01 JAN)");
}

static void
summer_time_is_of_the_moment_not_of_now(void **state)
{
    const char *zone = "CET-1CEST,M3.5.0,M10.5.0/3";

    (void)state;
    assert_string_equal(at(zone, NOV_23_1210), "231210Z NOV 26 (13:10 local)");
    assert_string_equal(at(zone, 1782216600), "231210Z JUN 26 (14:10 local)");
}

static void
a_wall_that_shows_utc_says_nothing_twice(void **state)
{
    (void)state;
    assert_string_equal(at("UTC0", NOV_23_1210), "231210Z NOV 26");
    assert_string_equal(at("", NOV_23_1210), "231210Z NOV 26");
    assert_string_equal(at("JST-9", 0), "never");
}

static void
a_day_is_no_moment(void **state)
{
    Entente__Time time = ENTENTE__TIME__INIT;

    (void)state;
    assert_int_equal(setenv("TZ", "JST-9", 1), 0);
    time.seconds = NOV_23_1910;
    time.precision = ENTENTE__TIME__PRECISION__PRECISION_DAY;
    assert_string_equal(local_dtg(&time).text, "23 NOV 26");
    time.precision = ENTENTE__TIME__PRECISION__PRECISION_MINUTE;
    assert_string_equal(local_dtg(&time).text,
                        "231910Z NOV 26 (04:10 local, 24 NOV)");
    time.seconds = INT64_MAX;
    assert_string_equal(local_dtg(&time).text, "?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_on_the_wall_stands_beside_the_group),
        cmocka_unit_test(where_it_is_another_day_that_is_said),
        cmocka_unit_test(where_it_is_another_year_too),
        cmocka_unit_test(summer_time_is_of_the_moment_not_of_now),
        cmocka_unit_test(a_wall_that_shows_utc_says_nothing_twice),
        cmocka_unit_test(a_day_is_no_moment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
