/*
 * Every mistake that one field allows, in every kind there is: each field of
 * the schemas is set wrong once in a message that is right otherwise, and the
 * fault must name that very field and say what would be right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/draft.h"
#include "tools/gloss.h"
#include "tools/json.h"
#include "tools/json_in.h"

enum { DEPTH_MAX = 6, BRACKETS = 3000 };

static struct draft *draft;
static size_t        tried; /* mistakes made */

/* --- one mistake --------------------------------------------------------- */

static json_t *
whole(const struct kind *kind)
{
    static struct message_faults faults;
    json_t *object = json_parse(span_text(gloss_example(kind)), &faults);
    json_t *header = json_pack(
        "{s:s, s:i, s:[s], s:s, s:s, s:s, s:s}", "id",
        "000102030405060708090a0b0c0d0e0f", "version", 1, "action_to", "JMSDF",
        "dtg", "2014-04-23T10:00:00Z", "status", "ACTUAL", "action",
        "ORIGINAL", "precedence", "ROUTINE");

    assert_non_null(object);
    json_object_update_missing(object, header);
    json_decref(header);
    return object;
}

/* The value at "a.b[0].c", its parents made where they are not there. */
static void
set_at(json_t *object, const char *path, json_t *value)
{
    char        name[64];
    size_t      len = strcspn(path, ".[");
    bool        list = path[len] == '[';
    const char *rest = path + len + (list ? strlen("[0]") : 0);
    json_t     *below;

    snprintf(name, sizeof(name), "%.*s", (int)len, path);
    if (list && json_array_size(json_object_get(object, name)) == 0)
        json_object_set_new(object, name, json_pack("[{}]"));
    if (*rest == '\0' && list) {
        json_array_set_new(json_object_get(object, name), 0, value);
        return;
    }
    if (*rest == '\0') {
        json_object_set_new(object, name, value);
        return;
    }
    if (!list && !json_is_object(json_object_get(object, name)))
        json_object_set_new(object, name, json_object());
    below = json_object_get(object, name);
    set_at(list ? json_array_get(below, 0) : below, rest + 1, value);
}

/* Judges the kind's example with that value there; the faults are in draft. */
static enum status
judge_with(const struct kind *kind, const char *path, json_t *value)
{
    Entente__Message *message = NULL;
    enum status       st;

    draft_free(draft);
    draft = draft_new(whole(kind));
    assert_non_null(draft);
    if (path != NULL)
        set_at(draft->object, path, value);
    st = draft_judge(draft, MESSAGE_READY, &message);
    if (message != NULL)
        entente__message__free_unpacked(message, NULL);
    return st;
}

static const char *
words_at(const char *path)
{
    for (size_t i = 0; i < draft->faults.count; i++)
        if (strcmp(draft->faults.list[i].path, path) == 0)
            return draft->faults.list[i].words;
    return "";
}

/* Whether one of the faults at this path says so. */
static bool
is_said(const char *path, const char *words)
{
    for (size_t i = 0; i < draft->faults.count; i++)
        if (strcmp(draft->faults.list[i].path, path) == 0 &&
            strstr(draft->faults.list[i].words, words) != NULL)
            return true;
    return false;
}

static void
refused(const struct kind *kind, const char *path, json_t *value,
        const char *words)
{
    enum status st;

    json_incref(value);
    st = judge_with(kind, path, value);
    tried++;
    if (!is_said(path, words)) {
        char *text = json_text(value, 0);

        print_error("%s, %s = %.60s: not \"%s\" but \"%s\"\n", kind->name, path,
                    text, words, words_at(path));
        free(text);
    }
    assert_int_equal(st, STATUS_BAD_FIELD);
    assert_true(is_said(path, words));
    assert_int_equal(status_exit_code(st), 7);
    json_decref(value);
}

/* The edge itself is not past it, whatever else there is to say. */
static void
allowed(const struct kind *kind, const char *path, json_t *value,
        const char *words)
{
    (void)!judge_with(kind, path, value);
    if (is_said(path, words))
        print_error("%s, %s: %s\n", kind->name, path, words_at(path));
    assert_false(is_said(path, words));
}

/* --- the walk over a type ------------------------------------------------- */

static const struct kind_rule *
rule_of(const ProtobufCMessageDescriptor *type, const char *field)
{
    size_t                  count;
    const struct kind_rule *rules = kind_rules(type, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i].field, field) == 0)
            return &rules[i];
    return NULL;
}

static json_t *
number_for(const ProtobufCFieldDescriptor *field, double value)
{
    json_t *number = field->type == PROTOBUF_C_TYPE_DOUBLE ||
                             field->type == PROTOBUF_C_TYPE_MESSAGE
                         ? json_real(value)
                         : json_integer((json_int_t)value);

    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return json_pack("{s:o, s:s}", "value", number, "unit",
                         strcmp(field->name, "radius") == 0 ? "nm" : "kn");
    return number;
}

static void
walk_rule(const struct kind *kind, const ProtobufCFieldDescriptor *field,
          const struct kind_rule *rule, const char *path)
{
    char text[LIMIT_LINE + 2];

    memset(text, 'x', sizeof(text));
    switch (rule->check) {
    case KIND_RANGE:
        refused(kind, path, number_for(field, rule->low - 1), "");
        refused(kind, path, number_for(field, rule->high + 1), "");
        assert_true(words_at(path)[0] != '\0');
        allowed(kind, path, number_for(field, rule->low), "; from");
        allowed(kind, path, number_for(field, rule->high), "; from");
        return;
    case KIND_LINE:
        refused(kind, path, json_string("a\nb"), "one line");
        refused(kind, path, json_stringn(text, LIMIT_LINE + 1),
                "longer than 1024 bytes");
        allowed(kind, path, json_stringn(text, LIMIT_LINE), "longer");
        return;
    case KIND_DIGITS:
        refused(kind, path, json_string("12"), "digits");
        refused(kind, path, json_string("12345678x"), "digits");
        return;
    case KIND_BYTES:
        refused(kind, path, json_string("0011"), "");
        return;
    case KIND_FILE:
        refused(kind, path, json_string("../etc/x"), "without folders");
        return;
    case KIND_ANY:
        return;
    }
}

static bool
is_time(const ProtobufCFieldDescriptor *field)
{
    return field->descriptor == &entente__time__descriptor;
}

static void
walk_value(const struct kind *kind, const ProtobufCMessageDescriptor *type,
           const ProtobufCFieldDescriptor *field, const char *path)
{
    const struct kind_rule *rule = rule_of(type, field->name);

    if (field->type == PROTOBUF_C_TYPE_ENUM)
        refused(kind, path, json_string("no_such_word"), "is no word here");
    if (field->type == PROTOBUF_C_TYPE_STRING)
        refused(kind, path, json_string("  "), "is blank");
    if (field->type == PROTOBUF_C_TYPE_STRING)
        refused(kind, path, json_integer(1), "text in quotes");
    if (field->type == PROTOBUF_C_TYPE_UINT32)
        refused(kind, path, json_string("many"), "number");
    if (is_time(field))
        refused(kind, path, json_string("yesterday"), "is no time; 2014");
    if (is_time(field))
        refused(kind, path, json_string("2014-02-30"), "is no time");
    if (rule != NULL)
        walk_rule(kind, field, rule, path);
}

static void
walk(const struct kind *kind, const ProtobufCMessageDescriptor *type,
     const char *above, unsigned depth)
{
    char path[PATH_TEXT];

    for (unsigned i = 0; i < type->n_fields && depth < DEPTH_MAX; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        bool top = type == &entente__message__descriptor;
        bool list = field->label == PROTOBUF_C_LABEL_REPEATED;

        if (json_in_is_hidden(field) ||
            (top && (strcmp(field->name, "number") == 0 ||
                     (field->id > KIND_FIELD_BASE &&
                      strcmp(field->name, kind->name) != 0))))
            continue;
        snprintf(path, sizeof(path), "%.90s%.30s", above, field->name);
        if (kind_presence(type, field->name) != KIND_OPTIONAL)
            refused(kind, path, json_null(), "is missing");
        snprintf(path, sizeof(path), "%.90s%.30s%s", above, field->name,
                 list ? "[0]" : "");
        walk_value(kind, type, field, path);
        snprintf(path, sizeof(path), "%.90s%.30s%s.", above, field->name,
                 list ? "[0]" : "");
        if (field->type == PROTOBUF_C_TYPE_MESSAGE && !is_time(field))
            walk(kind, field->descriptor, path, depth + 1);
    }
}

static void
each_field_of_each_kind_is_refused_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; kind_at(i) != NULL; i++) {
        tried = 0;
        assert_int_equal(judge_with(kind_at(i), NULL, NULL),
                         STATUS_OK);
        walk(kind_at(i), &entente__message__descriptor, "", 0);
        assert_true(tried > 100);
    }
}

/* --- several, and texts that are no message ------------------------------- */

static void
all_are_told_at_once_each_once(void **state)
{
    static const char *const paths[] = {
        "subject", "precedence", "label.policy", "dtg",
        "maritime_incident.ship.imo", "maritime_incident.position.lat",
        "maritime_incident.weapons[0]", "maritime_incident.occurred"};
    Entente__Message *message = NULL;

    (void)state;
    draft_free(draft);
    draft = draft_new(whole(kind_named("maritime_incident")));
    set_at(draft->object, paths[0], json_null());
    set_at(draft->object, paths[1], json_string("FAST"));
    set_at(draft->object, paths[2], json_string("a\nb"));
    set_at(draft->object, paths[3], json_string("noon"));
    set_at(draft->object, paths[4], json_string("12"));
    set_at(draft->object, paths[5], json_integer(91));
    set_at(draft->object, paths[6], json_string("knive"));
    set_at(draft->object, paths[7], json_null());
    assert_int_equal(draft_judge(draft, MESSAGE_READY, &message),
                     STATUS_BAD_FIELD);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        assert_true(words_at(paths[i])[0] != '\0');
    assert_int_equal(draft->faults.count, 8);
    assert_non_null(strstr(words_at(paths[6]), "knife"));
}

/* Takes a text that is no message; the first fault's words. */
static const char *
taken(const char *text, size_t len, enum status st)
{
    char *copy = malloc(len + 1);

    assert_non_null(copy);
    memcpy(copy, text, len);
    copy[len] = '\0';
    draft_free(draft);
    draft = draft_new(NULL);
    assert_int_equal(draft_take(draft, copy, len), st);
    assert_int_equal(status_exit_code(st), 7);
    assert_true(draft->faults.count > 0);
    return draft->faults.list[0].words;
}

static void
a_text_that_is_no_message_is_told_its_place_or_its_limit(void **state)
{
    static const struct {
        const char *text;
        enum status st;
        const char *words;
    } table[] = {
        {"{\"kind\": \"note\",\n \"subject\": \"a\",\n \"subject\": \"b\"}",
         STATUS_BAD_ENCODING, "line 3"},
        {"{\"kind\": \"note\",\n \"subject\": \"\xff\"}", STATUS_BAD_ENCODING,
         "line 2"},
        {"{\"kind\": \"note\"", STATUS_BAD_ENCODING, "line 1"},
        {"", STATUS_BAD_ENCODING, "is missing or not known"},
        {"kind: note\nsubject: \xff\xfe\n", STATUS_BAD_FIELD, "is not UTF-8"},
        {"kind: note\nsubject: a\nsubject: b\n", STATUS_BAD_FIELD, "twice"},
        {"kind: note\nthree boats\n", STATUS_BAD_FIELD, "three boats"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const char *words = taken(table[i].text, strlen(table[i].text),
                                  table[i].st);

        if (strstr(words, table[i].words) == NULL)
            print_error("%s: %s\n", table[i].text, words);
        assert_non_null(strstr(words, table[i].words));
    }
}

static void
three_thousand_brackets_and_a_megabyte_are_past_their_limits(void **state)
{
    char *text = malloc(JSON_TEXT_MAX + 2);

    (void)state;
    assert_non_null(text);
    memset(text, '[', BRACKETS);
    assert_non_null(strstr(taken(text, BRACKETS, STATUS_BAD_ENCODING),
                           "deeper than 24 levels"));
    memset(text, ' ', JSON_TEXT_MAX + 1);
    text[0] = '{';
    assert_non_null(strstr(taken(text, JSON_TEXT_MAX + 1, STATUS_TOO_LARGE),
                           "longer than 1048576 bytes"));
    memset(text, 'x', JSON_TEXT_MAX + 1);
    memcpy(text, "kind: note\n", 11);
    assert_non_null(strstr(taken(text, JSON_TEXT_MAX + 1, STATUS_TOO_LARGE),
                           "longer than 1048576 bytes"));
    free(text);
}

static int
end(void **state)
{
    (void)state;
    draft_free(draft);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_of_each_kind_is_refused_by_its_name),
        cmocka_unit_test(all_are_told_at_once_each_once),
        cmocka_unit_test(
            a_text_that_is_no_message_is_told_its_place_or_its_limit),
        cmocka_unit_test(
            three_thousand_brackets_and_a_megabyte_are_past_their_limits),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}
