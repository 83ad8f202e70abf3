/*
 * Every mistake that one field allows, in every kind there is and in both
 * languages: each field of the schemas is set wrong once in a message that is
 * right otherwise, as JSON and as a form, and the fault must name that very
 * field and say what would be right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/language/form.h"
#include "tools/language/gloss.h"
#include "tools/language/json.h"
#include "tools/language/json_in.h"
#include "tools/writing/draft.h"

enum { DEPTH_MAX = 6 };

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

/* What is null in JSON does not stand in a form. */
static void
prune(json_t *value)
{
    const char *key;
    json_t     *below;
    void       *next;
    size_t      i;

    json_object_foreach_safe(value, next, key, below)
    {
        if (json_is_null(below))
            json_object_del(value, key);
        else
            prune(below);
    }
    json_array_foreach(value, i, below)
        prune(below);
}

/* A position or a quantity is one line of a form: its parts are told there. */
static bool
is_said_above(const char *path)
{
    for (size_t i = 0; i < draft->faults.count; i++) {
        const char *told = draft->faults.list[i].path;

        if (told[0] != '\0' && strlen(told) < strlen(path) &&
            strncmp(path, told, strlen(told)) == 0)
            return true;
    }
    return false;
}

/* The same object, written as a form and read from it. */
static enum status
judge_form(const struct kind *kind, const char *path, json_t *value)
{
    json_t           *object = whole(kind);
    Entente__Message *message = NULL;
    char             *text = NULL;
    size_t            len = 0;
    FILE             *out = open_memstream(&text, &len);
    enum status       st;

    assert_non_null(out);
    set_at(object, path, json_incref(value));
    prune(object);
    assert_int_equal(form_template(kind, object, out), STATUS_OK);
    assert_int_equal(fclose(out), 0);
    json_decref(object);
    draft_free(draft);
    draft = draft_new(NULL);
    st = draft_take(draft, text, len);
    if (draft->object != NULL)
        st = draft_judge(draft, MESSAGE_READY, &message);
    if (message != NULL)
        entente__message__free_unpacked(message, NULL);
    return st;
}

/* Whether the example has what this field is part of. */
static bool
has_parent(const struct kind *kind, const char *path)
{
    json_t *object = whole(kind);
    json_t *at = object;
    bool    has;

    for (; at != NULL && strchr(path, '.') != NULL;
         path = strchr(path, '.') + 1) {
        char name[64];

        snprintf(name, sizeof(name), "%.*s", (int)strcspn(path, ".["), path);
        at = json_object_get(at, name);
        if (json_is_array(at))
            at = json_array_get(at, 0);
    }
    has = at != NULL;
    json_decref(object);
    return has;
}

/* A form has lines of text: no types, no line end in a value, and a blank one
 * is none. */
static bool
can_stand_in_a_form(const struct kind *kind, const char *path,
                    const json_t *value, const char *words)
{
    const char *text = json_string_value(value);

    if (json_is_null(value)) /* nothing is missing in what is not begun */
        return has_parent(kind, path);
    if (strcmp(words, "text in quotes") == 0)
        return false;
    return text == NULL || (strchr(text, '\n') == NULL &&
                            text[strspn(text, " ")] != '\0');
}

static void
refused_in_a_form(const struct kind *kind, const char *path, json_t *value,
                  const char *words)
{
    enum status st = judge_form(kind, path, value);
    bool        said = is_said(path, words) || is_said_above(path);

    if (st != STATUS_BAD_FIELD || !said)
        print_error("a form, %s, %s: not \"%s\" but \"%s\"\n", kind->name,
                    path, words, words_at(path));
    assert_int_equal(st, STATUS_BAD_FIELD);
    assert_true(said);
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
    assert_true(words_at(path)[0] != '\0');
    assert_true(is_said(path, words));
    assert_int_equal(status_exit_code(st), 7);
    if (can_stand_in_a_form(kind, path, value, words))
        refused_in_a_form(kind, path, value, words);
    json_decref(value);
}

/* The edge itself is not past it, whatever else there is to say. */
static void
allowed(const struct kind *kind, const char *path, json_t *value,
        const char *words)
{
    json_incref(value);
    (void)!judge_with(kind, path, value);
    if (is_said(path, words))
        print_error("%s, %s: %s\n", kind->name, path, words_at(path));
    assert_false(is_said(path, words));
    (void)!judge_form(kind, path, value);
    assert_false(is_said(path, words));
    json_decref(value);
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
    case KIND_IMO:
        refused(kind, path, json_string("IMO 9074729"), "7 digits");
        refused(kind, path, json_string("9074728"), "stands 9, not 8");
        allowed(kind, path, json_string("9074729"), "IMO number");
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

/* --- several -------------------------------------------------------------- */

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
    };

    return cmocka_run_group_tests(tests, NULL, end);
}
