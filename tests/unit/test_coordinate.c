/* Latitudes and longitudes in degrees and minutes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/language/coordinate.h"

#include <math.h>
#include <stdio.h>

static void
every_minute_comes_back_as_it_was_written(void **state)
{
    char     text[COORDINATE_TEXT];
    char     again[COORDINATE_TEXT];
    double   degrees = 0;
    unsigned decimals = 9;

    (void)state;
    for (unsigned minute = 0; minute < 180 * 60; minute++) {
        (void)snprintf(text, sizeof(text), "%03u-%02u%c", minute / 60 % 1000,
                       minute % 60, minute % 2 ? 'E' : 'W');
        assert_int_equal(coordinate_parse(span_text(text), COORDINATE_LON,
                                          &degrees, &decimals),
                         STATUS_OK);
        assert_int_equal(decimals, 0);
        coordinate_format(degrees, COORDINATE_LON, decimals, again);
        assert_string_equal(again, text);
    }
    for (unsigned part = 0; part < 60000; part += 7) {
        (void)snprintf(text, sizeof(text), "89-%02u.%03uS", part / 1000 % 100,
                       part % 1000);
        assert_int_equal(coordinate_parse(span_text(text), COORDINATE_LAT,
                                          &degrees, &decimals),
                         STATUS_OK);
        coordinate_format(degrees, COORDINATE_LAT, decimals, again);
        assert_string_equal(again, text);
    }
}

static void
what_is_no_position_is_refused(void **state)
{
    static const char *const bad[] = {
        "",       "06-17",    "06-17E",  "06-60N",    "91-00N", "90-01N",
        "06-17n", "06 17N",   "-06-17N", "06-17.N",   "0617N",  "06-17NN",
        "06-N",   "06-17.1234567N", "1e1-00N",
    };
    double   degrees = 7;
    unsigned decimals = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(coordinate_parse(span_text(bad[i]), COORDINATE_LAT,
                                          &degrees, &decimals),
                         STATUS_BAD_FIELD);
    assert_true(degrees == 7 && decimals == 7);
}

static void
a_rounded_minute_carries_into_the_degree(void **state)
{
    char text[COORDINATE_TEXT];

    (void)state;
    coordinate_format(5.9999999, COORDINATE_LAT, 1, text);
    assert_string_equal(text, "06-00.0N");
    coordinate_format(-58.173332, COORDINATE_LON, 1, text);
    assert_string_equal(text, "058-10.4W");
}

static void
no_number_breaks_the_text(void **state)
{
    char text[COORDINATE_TEXT];

    (void)state;
    coordinate_format(1e300, COORDINATE_LAT, 6, text);
    assert_string_equal(text, "?");
    coordinate_format((double)NAN, COORDINATE_LAT, 6, text);
    assert_string_equal(text, "?");
    coordinate_format(180, COORDINATE_LON, 6, text);
    assert_string_equal(text, "180-00.000000E");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_minute_comes_back_as_it_was_written),
        cmocka_unit_test(what_is_no_position_is_refused),
        cmocka_unit_test(a_rounded_minute_carries_into_the_degree),
        cmocka_unit_test(no_number_breaks_the_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
