/*
 * The JSON language: what goes in comes out again, and what is wrong is told
 * with its path and the nearest word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/written.h"

static struct message_faults faults;

/* JSON, message, bytes, message, JSON: the text of the last. */
static char *
there_and_back(const char *text)
{
    size_t              len = 0;
    uint8_t            *bytes = written_bytes(text, &len);
    static uint8_t      room[65536];
    struct strict_arena arena = strict_arena_of(room, sizeof(room));
    Entente__Message   *message = NULL;
    json_t             *object = NULL;
    char               *out;

    (void)!message_parse((struct span){bytes, len}, MESSAGE_READY, &arena,
                         &message, &faults);
    assert_non_null(message);
    assert_int_equal(json_from_message(message, &object), STATUS_OK);
    out = json_text(object, 0);
    assert_non_null(out);
    json_decref(object);
    free(bytes);
    return out;
}

static void
assert_survives(const char *text)
{
    char        quoted[WRITTEN_MAX];
    struct span in = written_text(text, quoted);
    char       *out = there_and_back(text);
    json_t     *before = json_parse(in, &faults);
    json_t     *after = json_parse(span_text(out), &faults);

    assert_non_null(before);
    assert_non_null(after);
    if (!json_equal(before, after))
        print_error("%s\nbecame\n%s\n", quoted, out);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
    free(out);
}

/* A note with these members in its header survives. */
static void
assert_member_survives(const char *member)
{
    char text[WRITTEN_MAX];
    char changed[WRITTEN_MAX];

    (void)snprintf(changed, sizeof(changed), "%s, 'version'", member);
    assert_survives(written_but(WRITTEN_NOTE, "'version'", changed, text));
}

static const char *
read_fault(const char *text, const char *path)
{
    assert_null(written_message(text, &faults));
    for (size_t i = 0; i < faults.count; i++)
        if (strcmp(faults.list[i].path, path) == 0)
            return faults.list[i].words;
    print_error("at %s: %s\n", faults.list[0].path, faults.list[0].words);
    return "(no fault at that path)";
}

static void
assert_read_fault(const char *text, const char *path, const char *words)
{
    assert_string_equal(read_fault(text, path), words);
    assert_int_equal(faults.count, 1);
}

static void
the_three_kinds_survive_field_by_field(void **state)
{
    (void)state;
    assert_survives(WRITTEN_NOTE);
    assert_survives(WRITTEN_INCIDENT);
    assert_survives(WRITTEN_ASSESSMENT);
}

static void
times_come_back_as_they_were_written(void **state)
{
    static const char *const times[] = {
        "'2014-04-23'",
        "'2014-04-23T10:00Z'",
        "'2014-04-23T10:00:00Z'",
        "'2014-04-23T10:00:00.120Z'",
        "'2014-04-23T10:00:00+09:00'",
        "'2014-04-23T10:00:00+00:00'",
        "'2014-04-23T10:00:00.000001-03:30'",
        "'1900-02-28T23:59:59Z'",
        "{'t': '2014-04-23', 'precision': 'DAY'}",
        "{'t': '2014-04-23T00:00:00Z', 'precision': 'DAY'}",
        "{'t': '2014-04-23T10:00:00Z', 'precision': 'MINUTE'}",
        "{'t': '2014-04-23T10:00:00.5Z', 'precision': 'SECOND'}",
    };
    char member[128];

    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        (void)snprintf(member, sizeof(member), "'ack_by': %s", times[i]);
        assert_member_survives(member);
    }
}

static void
positions_come_back_as_they_were_written(void **state)
{
    static const char *const places[] = {
        "{'lat': '06-17N', 'lon': '003-21E'}",
        "{'lat': '06-17.25S', 'lon': '003-21.001W'}",
        "{'lat': '00-00S', 'lon': 180}",
        "{'lat': -0.5, 'lon': 1e-7}",
        "{'lat': 6.123456789012345, 'lon': -58.173332}",
        "{'lat': 6, 'lon': 3, 'radius': {'value': 2.5, 'unit': 'nm'}}",
        ("{'polygon': [{'lat': 1, 'lon': 2}, {'lat': '01-30N', 'lon': 2},"
         "{'lat': 0, 'lon': 0}], 'name': 'box'}"),
    };
    char text[WRITTEN_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        assert_survives(written_but(WRITTEN_INCIDENT,
                                    "{'lat': 6.283, 'lon': 3.35}", places[i],
                                    text));
}

static void
numbers_and_words_survive_whatever_their_value(void **state)
{
    char text[WRITTEN_MAX];

    (void)state;
    assert_member_survives("'tlp': 'AMBER+STRICT', 'pap': 'CLEAR'");
    assert_member_survives("'refs': ['ffffffffffffffffffffffffffffffff']");
    assert_member_survives("'number': '18446744073709551615'");
    assert_member_survives("'language': '\\u65e5\\u672c \\ud83d\\ude00'");
    assert_survives(written_but(
        WRITTEN_INCIDENT, "'occurred'",
        "'casualties': {'injured': 0, 'dead': 2}, 'weapons': ['knife', 'rpg'],"
        "'external_refs': [{'system': 'asam', 'id': '2013-3'}],"
        "'source': {'ref': '000102030405060708090a0b0c0d0e0f',"
        "'reliability': 'F', 'credibility': 6}, 'occurred'",
        text));
}

static void
a_reader_gets_what_another_way_of_writing_means(void **state)
{
    char *out;
    char  text[WRITTEN_MAX];

    (void)state;
    out = there_and_back(written_but(WRITTEN_NOTE, "'version'",
                                     "'number': 17, 'info_to': [],"
                                     "'releaser': null, 'author': '',"
                                     "'version'",
                                     text));
    assert_non_null(strstr(out, "\"number\":\"17\""));
    assert_null(strstr(out, "author"));
    assert_null(strstr(out, "releaser"));
    assert_null(strstr(out, "info_to"));
    free(out);
    out = there_and_back(written_but(WRITTEN_NOTE, "'IMMEDIATE'", "'flash'",
                                     text));
    assert_non_null(strstr(out, "\"precedence\":\"FLASH\""));
    free(out);
}

static void
the_range_follows_from_the_word_where_it_was_left_out(void **state)
{
    char  text[WRITTEN_MAX];
    char *out = there_and_back(written_but(WRITTEN_ASSESSMENT,
                                           ",'low_percent': 55,"
                                           " 'high_percent': 80",
                                           "", text));

    (void)state;
    assert_non_null(strstr(out, "\"low_percent\":55,\"high_percent\":80"));
    free(out);
}

static void
an_unknown_key_or_word_names_its_nearest(void **state)
{
    char text[WRITTEN_MAX];

    (void)state;
    assert_read_fault(written_but(WRITTEN_NOTE, "'subject'", "'subjcet'", text),
                      "subjcet",
                      "is no field here; did you mean \"subject\"?");
    assert_read_fault(written_but(WRITTEN_INCIDENT, "'type'", "'tpye'", text),
                      "maritime_incident.ship.tpye",
                      "is no field here; did you mean \"type\"?");
    assert_read_fault(written_but(WRITTEN_NOTE, "'IMMEDIATE'", "'IMEDIATE'",
                                  text),
                      "precedence",
                      "\"IMEDIATE\" is no word here; did you mean IMMEDIATE? "
                      "(DEFERRED, ROUTINE, PRIORITY, IMMEDIATE, FLASH, "
                      "OVERRIDE)");
    assert_read_fault(written_but(WRITTEN_INCIDENT, "'lat': 6.283",
                                  "'lat': 6.283, 'lat_minutes': 1", text),
                      "maritime_incident.position.lat_minutes",
                      "is no field here");
    assert_read_fault(written_but(WRITTEN_INCIDENT, "'status'",
                                  "'ship': {}, 'status'", text),
                      "ship", "stands under \"maritime_incident\"");
}

static void
the_kind_must_be_named_and_be_the_one_that_is_there(void **state)
{
    (void)state;
    assert_read_fault("{'kind': 'nota', 'subject': 's'}", "kind",
                      "\"nota\" is no kind; did you mean note?");
    assert_read_fault("{'subject': 's'}", "kind",
                      "is missing; a kind's name, see `entente kinds`");
    assert_read_fault("{'kind': 'note', 'subject': 's'}", "note",
                      "is missing: the kind's own fields");
    assert_read_fault("{'kind': 'note', 'note': {}, 'maritime_incident': {}}",
                      "maritime_incident", "is not of the kind note");
    assert_read_fault("[]", "", "is a list; a message is an object {...}");
}

static void
a_value_of_the_wrong_shape_is_told_what_would_be_right(void **state)
{
    static const struct {
        const char *from, *to, *path, *words;
    } table[] = {
        {"'version': 1", "'version': 'x'", "version",
         "is text; a whole number"},
        {"'version': 1", "'version': 1.5", "version",
         "is a number; a whole number"},
        {"'version': 1", "'version': -1", "version",
         "is less than 0"},
        {"'version': 1", "'version': 4294967296", "version",
         "is more than 4294967295"},
        {"'Tanker approached off Lagos'", "7", "subject",
         "is a number; text in quotes"},
        {"'ACTUAL'", "true", "status",
         "is true; one of ACTUAL, EXERCISE, TEST"},
        {"['JMSDF']", "'JMSDF'", "action_to", "is text; a list [...]"},
        {"['JMSDF']", "[['JMSDF']]", "action_to[0]",
         "is a list; text in quotes"},
        {"0e0f", "0e0", "id", "is not 32 hex digits"},
        {"{'org': 'IFC-IOR', 'post': 'Duty Officer'}", "'IFC'", "originator",
         "is text; an object {...}"},
    };
    char text[WRITTEN_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_read_fault(written_but(WRITTEN_NOTE, table[i].from, table[i].to,
                                      text),
                          table[i].path, table[i].words);
}

static void
a_time_that_is_none_is_refused(void **state)
{
    static const char *const times[] = {
        "'2014-02-29'", "'2014-4-23'", "'2014-04-23 10:00:00Z'",
        "'2014-04-23T10:00:00'", "'2014-04-23T24:00:00Z'", "''", "7",
        "'2014-04-23T10:00:00-00:00'", "{'precision': 'DAY'}", "{}",
        "'2014-04-23T10:00:00.Z'", "'2014-04-23Z'",
    };
    char text[WRITTEN_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        assert_memory_equal(
            read_fault(written_but(WRITTEN_NOTE, "'2014-04-23T10:00:00Z'",
                                   times[i], text),
                       "dtg"),
            "is no time;", 11);
    assert_string_equal(
        read_fault(written_but(WRITTEN_NOTE, "'2014-04-23T10:00:00Z'",
                               "{'t': '2014-04-23', 'precision': 'SECOND'}",
                               text),
                   "dtg"),
        "is written less exactly than its precision SECOND");
}

static void
text_beyond_the_limits_is_refused_before_it_is_parsed(void **state)
{
    char             *deep = malloc(JSON_TEXT_MAX + 2);
    Entente__Message *message = NULL;

    (void)state;
    assert_non_null(deep);
    memset(deep, '[', JSON_TEXT_MAX + 1);
    deep[JSON_TEXT_MAX + 1] = '\0';
    assert_int_equal(json_to_message(span_text(deep), &message, &faults),
                     STATUS_TOO_LARGE);
    deep[30] = '\0';
    assert_int_equal(json_to_message(span_text(deep), &message, &faults),
                     STATUS_BAD_ENCODING);
    assert_string_equal(faults.list[0].words,
                        "is nested deeper than 24 levels");
    free(deep);
    assert_int_equal(json_to_message(span_text("{\"kind\": \"note\","
                                               "\"kind\": \"note\"}"),
                                     &message, &faults),
                     STATUS_BAD_ENCODING);
    assert_int_equal(json_to_message(span_text("{\"subject\": \"a\\u0000b\"}"),
                                     &message, &faults),
                     STATUS_BAD_ENCODING);
    assert_int_equal(json_to_message(SPAN_EMPTY, &message, &faults),
                     STATUS_BAD_ENCODING);
    assert_null(message);
}

static void
no_prefix_of_a_good_text_is_taken(void **state)
{
    char              quoted[WRITTEN_MAX];
    struct span       text = written_text(WRITTEN_ASSESSMENT, quoted);
    Entente__Message *message = NULL;

    (void)state;
    for (size_t len = 0; len < text.len; len++)
        assert_int_not_equal(json_to_message((struct span){text.ptr, len},
                                             &message, &faults),
                             STATUS_OK);
}

static void
what_this_node_does_not_know_is_shown_and_not_taken(void **state)
{
    size_t              len = 0;
    uint8_t            *bytes = written_bytes(WRITTEN_NOTE, &len);
    static uint8_t      room[65536];
    struct strict_arena arena = strict_arena_of(room, sizeof(room));
    Entente__Message   *message = NULL;
    json_t             *object = NULL;
    char               *out;

    (void)state;
    memcpy(bytes + len - 9, "\xca\x06\x02\x08\x01", 5); /* kind 105 */
    assert_int_equal(message_parse((struct span){bytes, len - 4},
                                   MESSAGE_READY, &arena, &message, &faults),
                     STATUS_OK);
    assert_int_equal(json_from_message(message, &object), STATUS_OK);
    out = json_text(object, 0);
    assert_non_null(strstr(out, "{\"kind\":\"kind 5\","));
    assert_non_null(strstr(out, "\"unknown_fields\":[{\"field\":105,"
                                "\"wire_type\":2,\"base64\":\"AggB\"}]"));
    assert_int_equal(json_object_to_message(object, &message, &faults),
                     STATUS_BAD_FIELD);
    json_decref(object);
    free(out);
    free(bytes);
}

static void
text_is_as_short_as_it_may_be_and_safe_on_a_terminal(void **state)
{
    static const struct {
        const char *in, *out;
    } table[] = {
        {"[6.283]", "[6.283]"},
        {"[0.1, 1e300, -2.5]", "[0.1,1e+300,-2.5]"},
        {"[6.1234567890123456]", "[6.123456789012345]"},
        {"[5.0, 5]", "[5.0,5]"},
        {"[\"\\u001b[31m\\n\\t\\\"\\\\\"]", "[\"\\u001b[31m\\n\\t\\\"\\\\\"]"},
        {"[\"\\u009b\\u202e\\u2066\"]", "[\"\\u009b\\u202e\\u2066\"]"},
        {"[\"\\udb40\\udc41\"]", "[\"\\udb40\\udc41\"]"},
        {"[\"\xe6\xb5\xb7\", true, false, null, {}]",
         "[\"\xe6\xb5\xb7\",true,false,null,{}]"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        json_t *value = json_parse(span_text(table[i].in), &faults);
        char   *out = json_text(value, 0);

        assert_string_equal(out, table[i].out);
        json_decref(value);
        free(out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_three_kinds_survive_field_by_field),
        cmocka_unit_test(times_come_back_as_they_were_written),
        cmocka_unit_test(positions_come_back_as_they_were_written),
        cmocka_unit_test(numbers_and_words_survive_whatever_their_value),
        cmocka_unit_test(a_reader_gets_what_another_way_of_writing_means),
        cmocka_unit_test(the_range_follows_from_the_word_where_it_was_left_out),
        cmocka_unit_test(an_unknown_key_or_word_names_its_nearest),
        cmocka_unit_test(the_kind_must_be_named_and_be_the_one_that_is_there),
        cmocka_unit_test(
            a_value_of_the_wrong_shape_is_told_what_would_be_right),
        cmocka_unit_test(a_time_that_is_none_is_refused),
        cmocka_unit_test(text_beyond_the_limits_is_refused_before_it_is_parsed),
        cmocka_unit_test(no_prefix_of_a_good_text_is_taken),
        cmocka_unit_test(what_this_node_does_not_know_is_shown_and_not_taken),
        cmocka_unit_test(text_is_as_short_as_it_may_be_and_safe_on_a_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
