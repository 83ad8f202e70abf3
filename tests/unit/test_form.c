/* The form: the same language as JSON, for a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/written.h"
#include "tools/language/form.h"
#include "tools/language/gloss.h"

static struct message_faults faults;
static char                  text[65536];

static FILE *
open_text(void)
{
    FILE *out = fmemopen(text, sizeof(text), "w");

    assert_non_null(out);
    memset(text, 0, sizeof(text));
    return out;
}

static json_t *
example_of(const struct kind *kind)
{
    json_t *object = json_parse(span_text(gloss_example(kind)), &faults);

    assert_non_null(object);
    return object;
}

/* The JSON of what a form or JSON text says. */
static json_t *
read_object(const char *form)
{
    Entente__Message *message = NULL;
    json_t           *object = NULL;

    if (form_read(span_text(form), &message, &faults) != STATUS_OK)
        print_error("%s: %s\n", faults.list[0].path, faults.list[0].words);
    assert_non_null(message);
    assert_int_equal(json_from_message(message, &object), STATUS_OK);
    entente__message__free_unpacked(message, NULL);
    return object;
}

static void
assert_fault(const char *form, const char *path, const char *words)
{
    Entente__Message *message = NULL;

    assert_int_not_equal(form_read(span_text(form), &message, &faults),
                         STATUS_OK);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].path, path);
    assert_non_null(strstr(faults.list[0].words, words));
}

static void
each_kind_has_an_example_that_is_valid_and_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; kind_at(i) != NULL; i++) {
        FILE             *out = open_text();
        json_t           *before = example_of(kind_at(i));
        json_t           *after;
        Entente__Message *message = NULL;

        assert_int_equal(form_template_json(kind_at(i), out), STATUS_OK);
        (void)fclose(out);
        assert_int_equal(form_read(span_text(text), &message, &faults),
                         STATUS_OK);
        if (message_validate(message, MESSAGE_DRAFT, &faults) != STATUS_OK)
            print_error("%s: %s\n", faults.list[0].path,
                        faults.list[0].words);
        assert_int_equal(faults.count, 0);
        assert_ptr_equal(kind_of(message), kind_at(i));
        entente__message__free_unpacked(message, NULL);
        after = read_object(text);
        assert_true(json_equal(before, after));
        json_decref(before);
        json_decref(after);
    }
}

/* Form and JSON are one language: every field, both ways. */
static void
a_form_filled_with_an_example_says_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; kind_at(i) != NULL; i++) {
        FILE   *out = open_text();
        json_t *before = example_of(kind_at(i));
        json_t *after;

        assert_int_equal(form_template(kind_at(i), before, out), STATUS_OK);
        (void)fclose(out);
        after = read_object(text);
        if (!json_equal(before, after))
            print_error("%s\n", text);
        assert_true(json_equal(before, after));
        json_decref(before);
        json_decref(after);
    }
}

static void
an_empty_form_lacks_what_is_mandatory_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; kind_at(i) != NULL; i++) {
        FILE             *out = open_text();
        Entente__Message *message = NULL;

        assert_int_equal(form_template(kind_at(i), NULL, out), STATUS_OK);
        (void)fclose(out);
        assert_true(strstr(text, "mandatory") < strstr(text, "subject:"));
        assert_int_equal(form_read(span_text(text), &message, &faults),
                         STATUS_OK);
        assert_int_equal(message_validate(message, MESSAGE_DRAFT, &faults),
                         STATUS_BAD_FIELD);
        for (size_t j = 0; j < faults.count; j++)
            assert_memory_equal(faults.list[j].words, "is missing", 10);
        entente__message__free_unpacked(message, NULL);
    }
}

static void
each_field_and_no_other_is_described_with_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; kind_at(i) != NULL; i++) {
        json_t *kind = form_describe_json(kind_at(i));
        json_t *list = json_object_get(kind, "fields");
        FILE   *out = open_text();
        json_t *row;
        size_t  at;

        assert_true(json_array_size(list) > 20);
        json_array_foreach(list, at, row) {
            const char *field = json_string_value(json_object_get(row,
                                                                  "field"));
            const char *meaning = json_string_value(
                json_object_get(row, "meaning"));

            if (meaning[0] == '\0')
                print_error("%s has no meaning\n", field);
            assert_true(meaning[0] != '\0');
            assert_null(strstr(field, "lat_minutes"));
        }
        json_decref(kind);
        assert_int_equal(form_describe(kind_at(i), out), STATUS_OK);
        (void)fclose(out);
        assert_non_null(strstr(text, "subject: text, mandatory\n"));
    }
}

static void
a_form_is_read_as_an_officer_writes_it(void **state)
{
    json_t *object = read_object(
        "# a comment\n"
        "kind: maritime_incident\n"
        "subject:   Tanker approached  \r\n"
        "\n"
        "label.releasable_to: IN, JP\n"
        "precedence: flash\n"
        "occurred: 2014-04-23\n"
        "position: 06-17N 003-21E\n"
        "position.radius: 2.5nm\n"
        "maritime_incident.ship.name: unknown: a tanker # 1\n"
        "narrative: first line\n"
        "\n"
        "#! a comment within\n"
        "    second line\n"
        "weapons: knife, rpg\n"
        "weapons: club\n"
        "external_refs[0].system: imb\n"
        "external_refs[0].id: 037-14\n"
        "external_refs[1].system: asam\n"
        "external_refs[1].id: 2014-61\n"
        "casualties.dead: 0\n"
        "method:\n");
    char *out = json_text(object, 0);

    (void)state;
    assert_string_equal(
        out,
        "{\"kind\":\"maritime_incident\",\"precedence\":\"FLASH\","
        "\"label\":{\"releasable_to\":[\"IN\",\"JP\"]},"
        "\"subject\":\"Tanker approached\",\"maritime_incident\":{"
        "\"ship\":{\"name\":\"unknown: a tanker # 1\"},"
        "\"position\":{\"lat\":\"06-17N\",\"lon\":\"003-21E\","
        "\"radius\":{\"value\":2.5,\"unit\":\"nm\"}},"
        "\"occurred\":\"2014-04-23\",\"weapons\":[\"knife\",\"rpg\",\"club\"],"
        "\"casualties\":{\"dead\":0},"
        "\"external_refs\":[{\"system\":\"imb\",\"id\":\"037-14\"},"
        "{\"system\":\"asam\",\"id\":\"2014-61\"}],"
        "\"narrative\":\"first line\\n\\nsecond line\"}}");
    free(out);
    json_decref(object);
}

static void
json_is_read_where_a_form_is(void **state)
{
    json_t *object = read_object("  \n {\"kind\": \"note\", \"subject\": \"s\","
                                 "\"note\": {\"text\": \"x\"}}");

    (void)state;
    assert_string_equal(json_string_value(json_object_get(object, "kind")),
                        "note");
    json_decref(object);
}

static void
what_is_wrong_with_a_form_is_told_with_its_path(void **state)
{
    (void)state;
    assert_fault("subject: s\n", "kind", "is missing or not known");
    assert_fault("", "kind", "is missing or not known");
    assert_fault("kind: note\nsubjcet: s\n", "subjcet",
                 "did you mean \"subject\"");
    assert_fault("kind: note\ntxet: s\n", "txet", "did you mean \"text\"");
    assert_fault("kind: note\nsubject: a\nsubject: b\n", "subject",
                 "stands there twice");
    assert_fault("kind: note\nwithout colon\n", "line 2",
                 "begins with a blank");
    assert_fault("kind: note\nprecedence: fast\n", "precedence",
                 "is no word here");
    assert_fault("kind: note\nversion: one\n", "version", "is a number");
    assert_fault("kind: note\nlabel: NATO\n", "label",
                 "has fields of its own");
    assert_fault("kind: note\nsubject.x: s\n", "subject",
                 "has no fields of its own");
    assert_fault("kind: note\nsubject[0]: s\n", "subject[0]", "is no list");
    assert_fault("kind: note\nlabel..policy: s\n", "label.(field)",
                 "is not written like");
    assert_fault("kind: note\nlabel.policy.: s\n", "label.(field)",
                 "is not written like");
    assert_fault("kind: maritime_incident\nposition: here\n",
                 "maritime_incident.position", "is a position");
    assert_fault("kind: maritime_incident\nship.speed: 12\n",
                 "maritime_incident.ship.speed", "its unit");
    assert_fault("kind: maritime_incident\nposition: 91-00N 003-21E\n",
                 "maritime_incident.position.lat", "is neither");
    assert_fault("kind: maritime_incident\nexternal_refs[1].id: x\n",
                 "maritime_incident.external_refs[1]", "[0] is the first");
    assert_fault("kind: maritime_incident\nexternal_refs.id: x\n",
                 "maritime_incident.external_refs", "is a list");
    assert_fault("kind: note\nnote: x\n", "note.note", "is no field here");
}

/* coordinate.h says which; here, that they reach it whole. */
static void
a_position_is_read_as_officers_type_it(void **state)
{
    static const char *const good[] = {"6N 3E", "6 N, 3 E", "06N003E",
                                       "3e 6n", "N6 E3", "6 3", "6,3"};
    static const char *const bad[] = {"6N", "6N 3", "6 3E", "6N 3N", "N6 3E",
                                      "6 3 2", "06-17 003-21"};
    char line[80];

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        json_t *object;
        double  lat = 0;
        double  lon = 0;

        snprintf(line, sizeof(line), "kind: maritime_incident\nposition: %s\n",
                 good[i]);
        object = read_object(line);
        assert_int_equal(json_unpack(object, "{s{s{s:F, s:F}}}",
                                     "maritime_incident", "position", "lat",
                                     &lat, "lon", &lon),
                         0);
        assert_true(lat > 5.999 && lat < 6.001 && lon > 2.999 && lon < 3.001);
        json_decref(object);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        snprintf(line, sizeof(line), "kind: maritime_incident\nposition: %s\n",
                 bad[i]);
        assert_fault(line, "maritime_incident.position",
                     "is a position: 06-17N 003-21E, 6N 3E, or 6.283 3.35");
    }
}

static enum status
set(json_t *object, const char *field, const char *value)
{
    return form_set(object, span_text(field), span_text(value), &faults);
}

static void
a_field_is_set_whether_it_was_there_or_not(void **state)
{
    json_t *object = json_pack("{s:s, s:s}", "kind", "maritime_incident",
                               "subject", "old");

    (void)state;
    message_faults_init(&faults);
    assert_int_equal(set(object, "subject", "new"), STATUS_OK);
    assert_int_equal(set(object, "ship.name", "KOHINOOR"), STATUS_OK);
    assert_int_equal(set(object, "weapons", "knife,club"), STATUS_OK);
    assert_int_equal(set(object, "weapons", "rpg"), STATUS_OK);
    assert_int_equal(set(object, "position", "1 2"), STATUS_OK);
    assert_int_equal(set(object, "position", "3 4"), STATUS_OK);
    assert_int_equal(faults.count, 0);
    assert_int_equal(set(object, "ship.nmae", "x"), STATUS_BAD_FIELD);
    assert_string_equal(faults.list[0].path, "maritime_incident.ship.nmae");
    {
        char *out = json_text(object, 0);

        assert_string_equal(
            out, "{\"kind\":\"maritime_incident\",\"subject\":\"new\","
                 "\"maritime_incident\":{\"ship\":{\"name\":\"KOHINOOR\"},"
                 "\"weapons\":[\"rpg\"],\"position\":{\"lat\":3,\"lon\":4}}}");
        free(out);
    }
    json_decref(object);
}

static void
no_prefix_of_a_form_does_harm(void **state)
{
    json_t           *object = example_of(kind_named("maritime_incident"));
    FILE             *out = open_text();
    Entente__Message *message = NULL;

    (void)state;
    assert_int_equal(form_template(kind_named("maritime_incident"), object,
                                   out),
                     STATUS_OK);
    (void)fclose(out);
    for (size_t len = 0; len < strlen(text); len += 3) {
        char *cut = malloc(len + 1);

        memcpy(cut, text, len);
        if (form_read((struct span){(const uint8_t *)cut, len}, &message,
                      &faults) == STATUS_OK)
            entente__message__free_unpacked(message, NULL);
        free(cut);
    }
    json_decref(object);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_an_example_that_is_valid_and_comes_back),
        cmocka_unit_test(a_form_filled_with_an_example_says_the_same),
        cmocka_unit_test(
            an_empty_form_lacks_what_is_mandatory_and_nothing_else),
        cmocka_unit_test(each_field_and_no_other_is_described_with_its_meaning),
        cmocka_unit_test(a_form_is_read_as_an_officer_writes_it),
        cmocka_unit_test(json_is_read_where_a_form_is),
        cmocka_unit_test(what_is_wrong_with_a_form_is_told_with_its_path),
        cmocka_unit_test(a_position_is_read_as_officers_type_it),
        cmocka_unit_test(a_field_is_set_whether_it_was_there_or_not),
        cmocka_unit_test(no_prefix_of_a_form_does_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
