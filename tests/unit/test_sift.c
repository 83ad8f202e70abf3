/* What is found by --near and --text, and what is refused in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/reading/sift.h"

#include <string.h>

static const struct command none = {.name = "inbox"};

static enum status
fill(const char *near, const char *text, struct cli *cli, struct sift *out)
{
    *cli = (struct cli){.program = "entente", .command = &none};
    cli->options[CLI_NEAR] = (struct cli_values){near != NULL, {near}};
    cli->options[CLI_TEXT] = (struct cli_values){text != NULL, {text}};
    return sift_fill(cli, out);
}

static bool
finds(const char *near, const char *text, const char *message)
{
    struct cli  cli;
    struct sift sift;
    char        json[2048];
    json_t     *object;
    bool        found;

    snprintf(json, sizeof(json), "%s", message);
    for (char *at = json; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    object = json_loads(json, 0, NULL);
    assert_non_null(object);
    assert_int_equal(fill(near, text, &cli, &sift), STATUS_OK);
    found = sift_passes(&sift, object, "jmsdf/17");
    sift_clear(&sift);
    json_decref(object);
    return found;
}

static void
positions_are_taken_as_decimals_or_as_minutes(void **state)
{
    struct cli  cli;
    struct sift sift;

    (void)state;
    assert_int_equal(fill("6.283,3.35,50", NULL, &cli, &sift), STATUS_OK);
    assert_true(sift.point.lat == 6.283 && sift.point.lon == 3.35);
    assert_int_equal(fill("06-17S,003-21.0W,0.5", NULL, &cli, &sift),
                     STATUS_OK);
    assert_true(sift.point.lat < -6.28 && sift.point.lon < -3.34);
    assert_true(sift.km == 0.5);
    assert_true(sift_is_set(&sift));
    assert_int_equal(fill(NULL, NULL, &cli, &sift), STATUS_OK);
    assert_false(sift_is_set(&sift));
}

static void
what_is_no_place_on_earth_is_refused_in_words(void **state)
{
    static const char *const bad[] = {
        "",          "6,3",       "6,3,",        "91,3,5",    "-90.1,3,5",
        "6,181,5",   "6,3,0",     "6,3,-5",      "6,3,20039", "6,3,5,7",
        "nan,3,5",   "6,inf,5",   "0x10,3,5",    "6,3,1e3",   "6;3;5",
        "06-60N,003-21E,5",       "003-21E,06-17N,5",
        "6 ,3,5",    "1e999,3,5", "..,3,5",      "6,3,5km"};
    struct cli  cli;
    struct sift sift;
    char        endless[300];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (fill(bad[i], NULL, &cli, &sift) != STATUS_USAGE)
            fail_msg("%s", bad[i]);
        assert_non_null(strstr(cli.message, "06-17N,003-21E,50"));
    }
    memset(endless, '1', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    assert_int_equal(fill(endless, NULL, &cli, &sift), STATUS_USAGE);
    assert_int_equal(fill(NULL, "", &cli, &sift), STATUS_USAGE);
    assert_int_equal(fill(NULL, "\xff", &cli, &sift), STATUS_USAGE);
}

#define LAGOS "06-17N,003-21E,50"

static void
every_position_of_a_message_counts(void **state)
{
    (void)state;
    assert_true(finds(LAGOS, NULL, "{'a': {'lat': 6.3, 'lon': 3.4}}"));
    assert_true(finds(LAGOS, NULL, "{'a': {'lat': '06-17N',"
                                   " 'lon': '003-21E'}}"));
    assert_true(finds(LAGOS, NULL,
                      "{'a': [{'lat': 40, 'lon': 3}, {'b': [{'g':"
                      " {'lat': 6.3, 'lon': 3.4}}]}]}"));
    assert_false(finds(LAGOS, NULL, "{'a': {'lat': 7.3, 'lon': 3.4}}"));
    assert_false(finds(LAGOS, NULL, "{'a': {'lat': 6.3}}"));
    assert_false(finds(LAGOS, NULL, "{'a': {'lat': 'x', 'lon': 3.4}}"));
    assert_false(finds(LAGOS, NULL, "{'a': {'lat': 1e300, 'lon': 3.4}}"));
    assert_false(finds(LAGOS, NULL, "{'a': 'nothing'}"));
}

static void
a_radius_and_an_area_reach_as_far_as_they_go(void **state)
{
    (void)state;
    /* 113 km away: 50 and a radius of 40 nautical miles make 124 */
    assert_true(finds(LAGOS, NULL,
                      "{'a': {'lat': 7.3, 'lon': 3.4,"
                      " 'radius': {'value': 40, 'unit': 'nm'}}}"));
    assert_false(finds(LAGOS, NULL,
                       "{'a': {'lat': 7.3, 'lon': 3.4,"
                       " 'radius': {'value': 40, 'unit': 'km'}}}"));
    assert_true(finds(LAGOS, NULL,
                      "{'a': {'polygon': [{'lat': 0, 'lon': 0},"
                      " {'lat': 0, 'lon': 9}, {'lat': 12, 'lon': 9},"
                      " {'lat': 12, 'lon': 0}]}}"));
    assert_false(finds(LAGOS, NULL,
                       "{'a': {'polygon': [{'lat': 20, 'lon': 0},"
                       " {'lat': 20, 'lon': 9}, {'lat': 22, 'lon': 9}]}}"));
}

static void
text_is_found_in_every_field_whatever_its_case(void **state)
{
    const char *message = "{'subject': 'Tanker OFF Lagos',"
                          " 'note': {'text': ['x', {'y': 'STRASSE \xc3\x84"
                          "'}]}, 'refs': ['abcdef'], 'id': 'feed'}";

    (void)state;
    assert_true(finds(NULL, "tanker off", message));
    assert_true(finds(NULL, "LAGOS", message));
    assert_true(finds(NULL, "\xc3\xa4", message)); /* small A umlaut */
    assert_true(finds(NULL, "JMSDF/1", message));  /* its reference */
    assert_false(finds(NULL, "subject", message)); /* a field's name */
    assert_false(finds(NULL, "abcdef", message));  /* an id */
    assert_false(finds(NULL, "feed", message));
    assert_false(finds(NULL, "Abuja", message));
}

/* Final and other sigma, and Kanji, which have no case. */
static void
other_scripts_are_found_too(void **state)
{
    (void)state;
    assert_true(finds(NULL, "\xce\xa3",
                      "{'a': '\xcf\x83\xce\xb5\xcf\x82'}"));
    assert_true(finds(NULL, "\xcf\x82", "{'a': '\xce\xa3'}"));
    assert_true(finds(NULL, "\xe6\xb5\xb7\xe5\xb3\xa1",
                      "{'a': '\xe9\x81\xa0\xe3\x81\x84\xe6\xb5\xb7\xe5\xb3"
                      "\xa1'}"));
}

static void
both_must_fit(void **state)
{
    const char *message = "{'a': {'lat': 6.3, 'lon': 3.4}, 'b': 'tanker'}";

    (void)state;
    assert_true(finds(LAGOS, "tanker", message));
    assert_false(finds(LAGOS, "trawler", message));
    assert_false(finds("0,0,1", "tanker", message));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_are_taken_as_decimals_or_as_minutes),
        cmocka_unit_test(what_is_no_place_on_earth_is_refused_in_words),
        cmocka_unit_test(every_position_of_a_message_counts),
        cmocka_unit_test(a_radius_and_an_area_reach_as_far_as_they_go),
        cmocka_unit_test(text_is_found_in_every_field_whatever_its_case),
        cmocka_unit_test(other_scripts_are_found_too),
        cmocka_unit_test(both_must_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
