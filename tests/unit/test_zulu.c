/* Times as they are written in messages.  test_json.c has the round trips. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/language/zulu.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static Entente__Time
parsed(const char *text)
{
    Entente__Time time = ENTENTE__TIME__INIT;

    assert_int_equal(zulu_parse(span_text(text), &time), STATUS_OK);
    return time;
}

/* Another calendar than ours: libc's. */
static void
each_day_is_the_day_that_libc_says(void **state)
{
    (void)state;
    for (int64_t day = -719162; day < 2932896; day += 13) {
        time_t        seconds = (time_t)(day * 86400);
        struct tm     civil;
        Entente__Time time = ENTENTE__TIME__INIT;
        char          text[ZULU_TEXT];
        char          right[32];

        assert_non_null(gmtime_r(&seconds, &civil));
        (void)snprintf(right, sizeof(right), "%04d-%02d-%02d",
                       (civil.tm_year + 1900) % 10000, (civil.tm_mon + 1) % 100,
                       civil.tm_mday % 100);
        time.seconds = seconds;
        time.precision = ENTENTE__TIME__PRECISION__PRECISION_DAY;
        zulu_format(&time, text);
        assert_string_equal(text, right);
        assert_int_equal(parsed(right).seconds, seconds);
    }
}

static void
an_offset_is_of_the_writing_not_of_the_moment(void **state)
{
    (void)state;
    assert_int_equal(parsed("2014-04-23T10:00:00+09:00").seconds,
                     parsed("2014-04-23T01:00:00Z").seconds);
    assert_int_equal(parsed("2014-04-23T10:00:00-03:30").seconds,
                     parsed("2014-04-23T13:30:00Z").seconds);
}

static void
the_date_time_group_is_in_zulu_and_a_day_stays_a_day(void **state)
{
    Entente__Time time = parsed("2014-04-23T10:00:00+09:00");
    char          text[ZULU_TEXT];

    (void)state;
    zulu_dtg(&time, text);
    assert_string_equal(text, "230100Z APR 14");
    time = parsed("2014-04-23");
    zulu_dtg(&time, text);
    assert_string_equal(text, "23 APR 14");
    time = parsed("2000-02-29T23:59Z");
    zulu_dtg(&time, text);
    assert_string_equal(text, "292359Z FEB 00");
}

static void
a_precision_is_no_finer_than_the_writing(void **state)
{
    Entente__Time time = parsed("2014-04-23T10:00Z");

    (void)state;
    assert_int_equal(
        zulu_set_precision(&time, ENTENTE__TIME__PRECISION__PRECISION_SECOND),
        STATUS_BAD_FIELD);
    assert_int_equal(
        zulu_set_precision(&time, ENTENTE__TIME__PRECISION__PRECISION_DAY),
        STATUS_OK);
    assert_int_equal(time.spelled, ENTENTE__TIME__PRECISION__PRECISION_MINUTE);
}

/* What came from a peer may hold any number. */
static void
no_number_breaks_the_calendar(void **state)
{
    static const int64_t seconds[] = {INT64_MIN, INT64_MAX, 253402300800,
                                      -62135596801};
    Entente__Time time = ENTENTE__TIME__INIT;
    char          text[ZULU_TEXT];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        time.seconds = seconds[i];
        zulu_format(&time, text);
        assert_string_equal(text, "?");
        zulu_dtg(&time, text);
        assert_string_equal(text, "?");
    }
    time.seconds = 0;
    time.fraction_digits = UINT32_MAX;
    zulu_format(&time, text);
    assert_string_equal(text, "?");
    time.fraction_digits = 0;
    time.offset_minutes = INT32_MIN;
    zulu_format(&time, text);
    assert_string_equal(text, "?");
}

static void
a_clock_is_taken_to_the_second(void **state)
{
    Entente__Time time;
    char          text[ZULU_TEXT];

    (void)state;
    zulu_of_ms(1398247200999, &time);
    zulu_format(&time, text);
    assert_string_equal(text, "2014-04-23T10:00:00Z");
}

static void
what_a_person_reads_here_can_be_typed_here(void **state)
{
    static const char *const rows[][2] = {
        {"230240Z NOV 26", "2026-11-23T02:40Z"},
        {"230240znov26", "2026-11-23T02:40Z"},
        {"231000Z APR 2014", "2014-04-23T10:00Z"},
        {"23 APR 14", "2014-04-23"},
        {"01 JAN 70", "1970-01-01"},
        {"31 dec 69", "2069-12-31"},
    };
    char          text[ZULU_TEXT];
    Entente__Time time;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(zulu_of_dtg(span_text(rows[i][0]), text), STATUS_OK);
        assert_string_equal(text, rows[i][1]);
        entente__time__init(&time);
        assert_int_equal(zulu_parse(span_text(text), &time), STATUS_OK);
    }
}

static void
what_is_no_date_time_group_is_refused(void **state)
{
    static const char *const rows[] = {
        "",          "23",           "230240Z",       "230240 NOV 26",
        "30240Z NOV 26", "230240Z NOX 26", "230240Z NOV 6", "230240Z NOV 026",
        "3 NOV 26",  "23 NOVEMBER 26", "230240Z NOV 26 X", "2026-11-23",
        "230240Z NOV 2600000000000000000000000000000000000000",
    };
    char text[ZULU_TEXT] = "kept";

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(zulu_of_dtg(span_text(rows[i]), text),
                         STATUS_BAD_FIELD);
    assert_string_equal(text, "kept");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_day_is_the_day_that_libc_says),
        cmocka_unit_test(an_offset_is_of_the_writing_not_of_the_moment),
        cmocka_unit_test(the_date_time_group_is_in_zulu_and_a_day_stays_a_day),
        cmocka_unit_test(a_precision_is_no_finer_than_the_writing),
        cmocka_unit_test(no_number_breaks_the_calendar),
        cmocka_unit_test(a_clock_is_taken_to_the_second),
        cmocka_unit_test(what_a_person_reads_here_can_be_typed_here),
        cmocka_unit_test(what_is_no_date_time_group_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
