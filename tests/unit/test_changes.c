/* What a correction changes, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/written.h"
#include "tools/writing/changes.h"

static char text[8192];

static json_t *
json_of(const char *written)
{
    char    ours[WRITTEN_MAX];
    json_t *object = json_loads(
        (const char *)written_text(written, ours).ptr, 0, NULL);

    assert_non_null(object);
    return object;
}

/* The changes from the incident to itself with `from` as `to`. */
static void
change(const char *from, const char *to)
{
    char    other[WRITTEN_MAX];
    json_t *before = json_of(WRITTEN_INCIDENT);
    json_t *now = json_of(written_but(WRITTEN_INCIDENT, from, to, other));
    FILE   *out = fmemopen(text, sizeof(text), "w");

    assert_non_null(out);
    memset(text, 0, sizeof(text));
    assert_int_equal(changes_print(kind_named("maritime_incident"), before, now,
                                   "jmsdf/s1", out),
                     STATUS_OK);
    (void)fclose(out);
    json_decref(before);
    json_decref(now);
}

static void
each_difference_is_told_with_what_was_there(void **state)
{
    (void)state;
    change("'type': 'tanker'", "'type': 'tug'");
    assert_string_equal(text, "Changed against jmsdf/s1:\n"
                              "  Ship type: tug (was: tanker)\n\n");
    change("'type': 'tanker'", "'type': 'tanker', 'imo': '9074729'");
    assert_string_equal(text, "Changed against jmsdf/s1:\n"
                              "  Ship imo: 9074729 (new)\n\n");
    change(", 'type': 'tanker'", "");
    assert_string_equal(text, "Changed against jmsdf/s1:\n"
                              "  Ship type: (taken out; was: tanker)\n\n");
    change("'lon': 3.35", "'lon': 3.45");
    assert_non_null(strstr(text, "Position: 6.283 3.45 (was: 6.283 3.35)"));
}

/* Who may read it, and how fast it goes, are changes as well. */
static void
the_header_is_compared_too(void **state)
{
    (void)state;
    change("['IN', 'JP']},", "['IN', 'JP', 'US']},");
    assert_non_null(strstr(
        text, "Label releasable to: IN, JP, US (was: IN, JP)\n"));
    change("'IMMEDIATE'", "'FLASH'");
    assert_non_null(strstr(text, "Precedence: FLASH (was: IMMEDIATE)\n"));
}

static void
what_differs_in_every_message_is_no_change(void **state)
{
    (void)state;
    change("'id': '0001", "'id': 'ff01");
    assert_string_equal(text, "Changed against jmsdf/s1:\n  nothing\n\n");
    change("'action': 'ORIGINAL'",
           "'action': 'CORRECT', 'refs': ['000102030405060708090a0b0c0d0e0f']");
    assert_string_equal(text, "Changed against jmsdf/s1:\n  nothing\n\n");
}

/* Two long texts that part late would else look alike. */
static void
of_long_texts_the_place_where_they_part_is_shown(void **state)
{
    char    same[400];
    json_t *before = json_of("{'note': {}}");
    json_t *now = json_of("{'note': {}}");
    FILE   *out = fmemopen(text, sizeof(text), "w");

    (void)state;
    for (size_t i = 0; i + 2 < sizeof(same); i += 2)
        memcpy(same + i, "\xc3\xa9", 2);
    same[sizeof(same) - 2] = '\0';
    json_object_set_new(json_object_get(before, "note"), "text",
                        json_sprintf("%s two boats", same));
    json_object_set_new(json_object_get(now, "note"), "text",
                        json_sprintf("%s ten boats", same));
    memset(text, 0, sizeof(text));
    assert_non_null(out);
    assert_int_equal(changes_print(kind_named("note"), before, now, "q/1", out),
                     STATUS_OK);
    (void)fclose(out);
    assert_non_null(strstr(text, "  Text: ... "));
    assert_non_null(strstr(text, "ten boats (was:"));
    assert_non_null(strstr(text, "two boats)"));
    assert_null(strstr(text, "\\x")); /* no half character */
    json_decref(before);
    json_decref(now);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_difference_is_told_with_what_was_there),
        cmocka_unit_test(the_header_is_compared_too),
        cmocka_unit_test(what_differs_in_every_message_is_no_change),
        cmocka_unit_test(of_long_texts_the_place_where_they_part_is_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
