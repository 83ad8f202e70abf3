/* Times are written and read in UTC. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/terminal/moment.h"

enum { NOW_S = 1398247200 }; /* 2014-04-23T10:00:00Z */
#define NOW (NOW_S * 1000ull)

static void
a_time_is_written_for_scripts_and_for_officers(void **state)
{
    (void)state;
    assert_string_equal(moment_iso(NOW + 7).text, "2014-04-23T10:00:00.007Z");
    assert_string_equal(moment_iso_seconds(NOW + 7).text,
                        "2014-04-23T10:00:00Z");
    assert_string_equal(moment_dtg(NOW).text, "231000Z APR 14");
    assert_string_equal(moment_iso(0).text, "");
    assert_string_equal(moment_dtg(0).text, "never");
    (void)moment_iso(UINT64_MAX); /* and does not fail */
}

static void
how_long_ago_is_said_in_the_unit_that_fits(void **state)
{
    (void)state;
    assert_string_equal(moment_ago(0, NOW).text, "never");
    assert_string_equal(moment_ago(NOW + 5, NOW).text, "now");
    assert_string_equal(moment_ago(NOW - 119000, NOW).text, "119 s ago");
    assert_string_equal(moment_ago(NOW - 120000, NOW).text, "2 min ago");
    assert_string_equal(moment_ago(NOW - 7200000, NOW).text, "2 h ago");
    assert_string_equal(moment_ago(NOW - 172800000, NOW).text, "2 d ago");
    assert_string_equal(moment_length(59).text, "59 s");
    assert_string_equal(moment_length(61).text, "1 min 1 s");
    assert_string_equal(moment_length(93600).text, "1 d 2 h");
}

static void
since_takes_a_date_a_time_or_so_long_ago(void **state)
{
    uint64_t got = 1;

    (void)state;
    assert_int_equal(moment_parse("2014-04-23T10:00:00Z", 0, &got), STATUS_OK);
    assert_int_equal(got, NOW);
    assert_int_equal(moment_parse("2014-04-23", 0, &got), STATUS_OK);
    assert_int_equal(got, NOW - 36000000);
    assert_int_equal(moment_parse("30min", NOW, &got), STATUS_OK);
    assert_int_equal(got, NOW - 1800000);
    assert_int_equal(moment_parse("7d", NOW, &got), STATUS_OK);
    assert_int_equal(got, NOW - 604800000);
    assert_int_equal(moment_parse("7d", 5, &got), STATUS_OK);
    assert_int_equal(got, 0);
}

static void
anything_else_is_refused(void **state)
{
    static const char *const bad[] = {
        "",    "yesterday", "7",          "7 d",        "-7d",
        "7dd", "2014-4x",   "2014-02-31", "2014-04-23 10:00:00Z",
        "2014-04-23T10:00:00", "2014-04-23T10:00:00Zx", "99999999999d",
    };
    uint64_t got = 1;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(moment_parse(bad[i], NOW, &got), STATUS_BAD_FIELD);
    assert_int_equal(got, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_written_for_scripts_and_for_officers),
        cmocka_unit_test(how_long_ago_is_said_in_the_unit_that_fits),
        cmocka_unit_test(since_takes_a_date_a_time_or_so_long_ago),
        cmocka_unit_test(anything_else_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
