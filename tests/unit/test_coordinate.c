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
    uint32_t notation = 9;

    (void)state;
    for (unsigned minute = 0; minute < 180 * 60; minute++) {
        (void)snprintf(text, sizeof(text), "%03u-%02u%c", minute / 60 % 1000,
                       minute % 60, minute % 2 ? 'E' : 'W');
        assert_int_equal(coordinate_parse(span_text(text), COORDINATE_LON,
                                          &degrees, &notation),
                         STATUS_OK);
        assert_int_equal(notation, 1);
        coordinate_format(degrees, COORDINATE_LON, notation - 1, again);
        assert_string_equal(again, text);
    }
    for (unsigned part = 0; part < 60000; part += 7) {
        (void)snprintf(text, sizeof(text), "89-%02u.%03uS", part / 1000 % 100,
                       part % 1000);
        assert_int_equal(coordinate_parse(span_text(text), COORDINATE_LAT,
                                          &degrees, &notation),
                         STATUS_OK);
        coordinate_format(degrees, COORDINATE_LAT, notation - 1, again);
        assert_string_equal(again, text);
    }
}

/* As people type them, and what they mean. */
static void
what_can_mean_one_thing_only_is_read(void **state)
{
    static const struct {
        const char          *text;
        enum coordinate_axis axis;
        double               degrees;
        uint32_t             notation;
    } good[] = {
        {"6N", COORDINATE_LAT, 6, 0},
        {"6 n", COORDINATE_LAT, 6, 0},
        {" N 6 ", COORDINATE_LAT, 6, 0},
        {"06S", COORDINATE_LAT, -6, 0},
        {"003E", COORDINATE_LON, 3, 0},
        {"180w", COORDINATE_LON, -180, 0},
        {"90N", COORDINATE_LAT, 90, 0},
        {"6.283N", COORDINATE_LAT, 6.283, 0},
        {"6.283\xc2\xb0S", COORDINATE_LAT, -6.283, 0},
        {"06 17N", COORDINATE_LAT, 6 + 17 / 60.0, 1},
        {"6-17N", COORDINATE_LAT, 6 + 17 / 60.0, 1},
        {"06-17n", COORDINATE_LAT, 6 + 17 / 60.0, 1},
        {"N06-17", COORDINATE_LAT, 6 + 17 / 60.0, 1},
        {"0617N", COORDINATE_LAT, 6 + 17 / 60.0, 1},
        {"0617.5N", COORDINATE_LAT, 6 + 17.5 / 60, 2},
        {"00321E", COORDINATE_LON, 3 + 21 / 60.0, 1},
        {"3\xc2\xb0 21.50' E", COORDINATE_LON, 3 + 21.5 / 60, 3},
        {"3\xc2\xb0" "21\xe2\x80\xb2W", COORDINATE_LON, -3 - 21 / 60.0, 1},
        {"06-17-30N", COORDINATE_LAT, 6 + 1050 / 3600.0, 0},
        {"6\xc2\xb0" "17'30\"N", COORDINATE_LAT, 6 + 1050 / 3600.0, 0},
        {"061730N", COORDINATE_LAT, 6 + 1050 / 3600.0, 0},
        {"0032130.5E", COORDINATE_LON, 3 + 1290.5 / 3600, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        double   degrees = 999;
        uint32_t notation = 999;

        if (coordinate_parse(span_text(good[i].text), good[i].axis, &degrees,
                             &notation) != STATUS_OK ||
            !(fabs(degrees - good[i].degrees) < 1e-12) ||
            notation != good[i].notation)
            fail_msg("%s: %.17g, %u", good[i].text, degrees, notation);
    }
}

static void
what_is_no_position_is_refused(void **state)
{
    static const char *const bad[] = {
        "",         "N",         "6",         "06-17",     "06-17E",
        "06-60N",   "91-00N",    "90-01N",    "91N",       "-6N",
        "-06-17N",  "+6N",       "06-17.N",   "06-17NN",   "N06-17N",
        "06-N",     "06--17N",   "06 -17N",   "6,5N",      "06.5-17N",
        "617N",     "00617N",    "06170N",    "0660N",     "061760N",
        "06-17.1234567N",        "1e1-00N",   "6'N",       "6\"17N",
        "0617\xc2\xb0N",         "06-017N",   "06-17-30-1N",
        "06-17-30.1234567N",     "6\xc2N",    "6.N",       ".5N",
    };
    double   degrees = 7;
    uint32_t notation = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (coordinate_parse(span_text(bad[i]), COORDINATE_LAT, &degrees,
                             &notation) != STATUS_BAD_FIELD)
            fail_msg("%s: %.17g", bad[i], degrees);
    assert_true(degrees == 7 && notation == 7);
    assert_int_equal(coordinate_parse(span_text("0321E"), COORDINATE_LON,
                                      &degrees, &notation),
                     STATUS_BAD_FIELD); /* 03-21 or 032-1? */
    assert_int_equal(coordinate_parse(span_text("181E"), COORDINATE_LON,
                                      &degrees, &notation),
                     STATUS_BAD_FIELD);
}

static void
a_position_parts_at_its_letters(void **state)
{
    static const char *const good[][3] = {
        {"06-17N 003-21E", "06-17N", "003-21E"},
        {"6N 3E", "6N", "3E"},
        {"6 N, 3 E", "6 N", "3 E"},
        {"06N003E", "06N", "003E"},
        {"06-17n,003-21e", "06-17n", "003-21e"},
        {"N06 17 E003 21", "N06 17", "E003 21"},
        {"N06E003", "N06", "E003"},
        {"3W 6S", "6S", "3W"},
        {"W003-21 S06-17 ", "S06-17", "W003-21"},
    };
    static const char *const bad[] = {
        "",      "6 3",      "6N 3",      "6N 3N",  "E3 W6", "6N E3",
        "N6 3E", "6N 3E 5", "6N 3E N", "6 3 N E", "1e1 2e1",
    };
    struct span lat = SPAN_EMPTY;
    struct span lon = SPAN_EMPTY;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(coordinate_part(span_text(good[i][0]), &lat, &lon),
                         STATUS_OK);
        assert_true(span_equal(lat, span_text(good[i][1])));
        assert_true(span_equal(lon, span_text(good[i][2])));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (coordinate_part(span_text(bad[i]), &lat, &lon) == STATUS_OK)
            fail_msg("%s", bad[i]);
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
        cmocka_unit_test(what_can_mean_one_thing_only_is_read),
        cmocka_unit_test(a_position_parts_at_its_letters),
        cmocka_unit_test(what_is_no_position_is_refused),
        cmocka_unit_test(a_rounded_minute_carries_into_the_degree),
        cmocka_unit_test(no_number_breaks_the_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
