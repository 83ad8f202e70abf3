/* A message about another: what is taken over, what forbids it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/written.h"
#include "tools/writing/about.h"

#define ID "000102030405060708090a0b0c0d0e0f"

static json_t *
object_of(const char *written)
{
    static struct message_faults faults;
    char                         text[WRITTEN_MAX];
    json_t *object = json_parse(written_text(written, text), &faults);

    assert_non_null(object);
    return object;
}

/* What a way makes of a written message, as text. */
static char *
made(enum about_way way, const char *written, const char *kind,
     const char *words)
{
    json_t *earlier = object_of(written);
    json_t *before = json_deep_copy(earlier);
    json_t *object = about_object(way, earlier, ID, kind);
    char   *text;

    assert_non_null(object);
    if (words != NULL)
        assert_int_equal(about_text(way, object, words, "x/1"), STATUS_OK);
    assert_true(json_equal(earlier, before)); /* it is only read */
    text = json_text(object, 0);
    json_decref(object);
    json_decref(before);
    json_decref(earlier);
    return text;
}

static void
assert_has(char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        print_error("%s\n", text);
    assert_non_null(strstr(text, part));
}

static void
all_take_over_markings_and_name_the_earlier_one(void **state)
{
    (void)state;
    for (enum about_way way = ABOUT_REPLY; way <= ABOUT_CANCEL; way++) {
        char *text = made(way, WRITTEN_INCIDENT, NULL, NULL);

        assert_has(text, "\"releasable_to\":[\"IN\",\"JP\"]");
        assert_has(text, "\"agreement\":\"JDSC-2025\"");
        assert_has(text, "\"precedence\":\"IMMEDIATE\"");
        assert_has(text, "\"status\":\"ACTUAL\"");
        assert_has(text, "\"refs\":[\"" ID "\"]");
        assert_null(strstr(text, "\"dtg\""));
        assert_null(strstr(text, "\"id\""));
        assert_null(strstr(text, "\"action_to\""));
        free(text);
    }
}

static void
each_says_what_it_is(void **state)
{
    static const struct {
        enum about_way way;
        const char    *action;
        const char    *subject;
        const char    *kind;
    } table[] = {
        {ABOUT_REPLY, "ORIGINAL", "Re: Tanker", "note"},
        {ABOUT_FORWARD, "ORIGINAL", "Fwd: Tanker", "maritime_incident"},
        {ABOUT_UPDATE, "UPDATE", "Update: Tanker", "maritime_incident"},
        {ABOUT_CORRECT, "CORRECT", "Correction: Tanker", "maritime_incident"},
        {ABOUT_CANCEL, "CANCEL", "Cancelled: Tanker", "note"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        json_t *earlier = object_of(WRITTEN_INCIDENT);
        json_t *object = about_object(table[i].way, earlier, ID, NULL);
        json_t *body = json_object_get(object, table[i].kind);

        assert_string_equal(table[i].action, json_string_value(json_object_get(
                                                 object, "action")));
        assert_string_equal(table[i].kind, json_string_value(json_object_get(
                                               object, "kind")));
        assert_memory_equal(
            table[i].subject,
            json_string_value(json_object_get(object, "subject")),
            strlen(table[i].subject));
        assert_true(json_equal(body, json_object_get(earlier, table[i].kind)) ||
                    json_object_size(body) == 0);
        assert_int_equal(json_object_size(body) == 0,
                         strcmp(table[i].kind, "note") == 0);
        json_decref(object);
        json_decref(earlier);
    }
}

static void
a_word_before_the_subject_stands_there_once(void **state)
{
    char *text = made(ABOUT_REPLY,
                      "{'kind': 'note', 'subject': 'RE: tea',"
                      " 'refs': ['ffff'], 'note': {'text': 'x'}}",
                      NULL, "Yes.");

    (void)state;
    assert_has(text, "\"subject\":\"RE: tea\"");
    assert_has(text, "\"refs\":[\"" ID "\",\"ffff\"]");
    assert_has(text, "\"note\":{\"text\":\"Yes.\"}");
    free(text);
}

static void
what_is_forwarded_names_who_wrote_it(void **state)
{
    char *text = made(ABOUT_FORWARD, WRITTEN_NOTE, NULL, "See below.");

    (void)state;
    assert_has(text, "\"author\":\"IFC-IOR/Duty Officer\"");
    assert_has(text, "See below.\\n\\n---- x/1 ----\\ntea?");
    free(text);
    text = made(ABOUT_FORWARD,
                "{'kind': 'note', 'author': 'A/B', 'note': {'text': 'x'}}",
                NULL, NULL);
    assert_has(text, "\"author\":\"A/B\"");
    free(text);
}

static void
words_go_where_the_kind_has_a_place(void **state)
{
    json_t *object;
    json_t *earlier = object_of(WRITTEN_INCIDENT);
    char   *text = made(ABOUT_UPDATE, WRITTEN_INCIDENT, NULL, "Two boats.");

    (void)state;
    assert_has(text, "\"narrative\":\"Two boats.\"");
    free(text);
    text = made(ABOUT_UPDATE, WRITTEN_ASSESSMENT, NULL, "More.");
    assert_has(text, "\"change_since\":{\"ref\":\"" ID
                     "\",\"text\":\"More.\"}");
    free(text);
    text = made(ABOUT_REPLY, WRITTEN_ASSESSMENT, "risk_assessment", NULL);
    assert_has(text, "\"stance\":{\"ref\":\"" ID "\"}");
    free(text);
    object = about_object(ABOUT_FORWARD, earlier, ID, NULL);
    assert_int_equal(about_text(ABOUT_FORWARD, object, "x", "y"),
                     STATUS_NOT_FOUND);
    json_decref(object);
    object = about_object(ABOUT_REPLY, earlier, ID, "maritime_incident");
    assert_int_equal(about_text(ABOUT_REPLY, object, "x", "y"),
                     STATUS_NOT_FOUND);
    json_decref(object);
    object = about_object(ABOUT_REPLY, earlier, ID, NULL);
    assert_int_equal(about_text(ABOUT_REPLY, object, "\xff", "y"),
                     STATUS_BAD_FIELD);
    json_decref(object);
    json_decref(earlier);
}

static void
a_label_decides_to_whom_it_may_go(void **state)
{
    static const struct {
        const char *message;
        bool        own;
        enum status st;
        const char *why;
    } table[] = {
        {"{'label': {}}", false, STATUS_OK, ""},
        {"{'label': {'releasable_to': ['JP', 'us']}}", false, STATUS_OK, ""},
        {"{'label': {'releasable_to': ['USFF']}}", false, STATUS_OK, ""},
        {"{'label': {'releasable_to': ['IN', 'JP']}}", false, STATUS_POLICY,
         "releases it to IN, JP"},
        {"{'label': {'releasable_to': ['IN', 'JP']}}", true, STATUS_POLICY,
         "usff is of USFF (US)"},
        {"{'label': {}, 'tlp': 'RED'}", false, STATUS_POLICY, "TLP:RED"},
        {"{'label': {}, 'tlp': 'AMBER'}", false, STATUS_POLICY, "TLP:AMBER"},
        {"{'label': {}, 'tlp': 'AMBER'}", true, STATUS_OK, ""},
        {"{'label': {}, 'tlp': 'GREEN'}", false, STATUS_OK, ""},
        {"{'label': {'caveats': ['EYES', 'Orcon']}}", false, STATUS_POLICY,
         "Orcon"},
        {"{'label': {'caveats': ['ORCON']}}", true, STATUS_OK, ""},
    };
    const struct about_reader reader = {"usff", "USFF", "US"};

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        json_t *earlier = object_of(table[i].message);
        char    why[ABOUT_WORDS] = "";

        assert_int_equal(about_may_forward(earlier, table[i].own, &reader, why),
                         table[i].st);
        assert_non_null(strstr(why, table[i].why));
        json_decref(earlier);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_take_over_markings_and_name_the_earlier_one),
        cmocka_unit_test(each_says_what_it_is),
        cmocka_unit_test(a_word_before_the_subject_stands_there_once),
        cmocka_unit_test(what_is_forwarded_names_who_wrote_it),
        cmocka_unit_test(words_go_where_the_kind_has_a_place),
        cmocka_unit_test(a_label_decides_to_whom_it_may_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
