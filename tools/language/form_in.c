/*
 * form_in.c - the form's lines, read into the JSON that they stand for.
 *
 * The form has no rules of its own: it becomes the same object that a program
 * would write, and what is wrong with that is told by the same code.
 */
#include "tools/language/form_in.h"

#include "proto/words.h"
#include "tools/language/fields.h"
#include "tools/language/form_line.h"
#include "tools/language/form_value.h"
#include "tools/language/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MAX = 96 };

/* ---- paths ---- */

struct step {
    char name[64];
    long index; /* PATH_NO_INDEX: none */
    bool last;
};

/* Takes "key_judgements[2]." or a last "text" off the path. */
static bool
take_step(struct span *path, struct step *step)
{
    struct reader in = reader_of(*path);
    size_t        len = 0;

    memset(step, 0, sizeof(*step));
    step->index = PATH_NO_INDEX;
    while (in.left > 0 && in.ptr[0] != '.' && in.ptr[0] != '[') {
        if (len + 1 >= sizeof(step->name))
            return false;
        step->name[len++] = (char)reader_u8(&in);
    }
    if (in.left > 0 && in.ptr[0] == '[') {
        (void)reader_u8(&in);
        step->index = 0;
        while (in.left > 0 && in.ptr[0] >= '0' && in.ptr[0] <= '9' &&
               step->index < LIMIT_BODY)
            step->index = step->index * 10 + (reader_u8(&in) - '0');
        if (reader_u8(&in) != ']')
            return false;
    }
    step->last = in.left == 0;
    if (!step->last && reader_u8(&in) != '.')
        return false;
    *path = reader_rest(&in);
    return len > 0 && !in.failed && (step->last || path->len > 0);
}

static const ProtobufCFieldDescriptor *
field_named(const ProtobufCMessageDescriptor *type, const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(type, name);
}

static bool
is_header(const char *name)
{
    const ProtobufCFieldDescriptor *field =
        field_named(&entente__message__descriptor, name);

    return field != NULL && field->id <= KIND_FIELD_BASE;
}

void
form_in_path(const struct kind *kind, struct span field,
             char out[static PATH_TEXT])
{
    struct span rest = field;
    struct step step;
    size_t      at = 0;

    if (kind != NULL && take_step(&rest, &step) && !is_header(step.name) &&
        field_named(kind->type, step.name) != NULL &&
        strcmp(step.name, kind->name) != 0) {
        at = strlen(kind->name) + 1;
        memcpy(out, kind->name, at - 1);
        out[at - 1] = '.';
    }
    for (size_t i = 0; i < field.len && at < PATH_TEXT - 1; i++)
        out[at++] = (char)field.ptr[i];
    out[at] = '\0';
}

/* ---- setting ---- */

struct setting {
    struct span            value;
    bool                   again;
    struct message_faults *faults;
};

static enum status
refuse(const struct setting *setting, const struct path *path,
       const char *words)
{
    message_faults_add(setting->faults, path, "%s", words);
    return STATUS_BAD_FIELD;
}

static enum status
append_value(const struct setting *setting,
             const ProtobufCFieldDescriptor *field, struct span text,
             json_t *list, const struct path *path)
{
    json_t *value = form_value_parse(field, text, path, setting->faults);

    if (value == NULL)
        return STATUS_BAD_FIELD;
    return json_array_append_new(list, value) == 0 ? STATUS_OK : STATUS_IO;
}

/* One value, or all that stand between commas where commas part them. */
static enum status
append_values(const struct setting *setting,
              const ProtobufCMessageDescriptor *type,
              const ProtobufCFieldDescriptor *field, json_t *list,
              const struct path *path)
{
    struct span left = setting->value;
    enum status st = STATUS_OK;

    if (!fields_takes_commas(type, field))
        return append_value(setting, field, left, list, path);
    while (left.len > 0 && st == STATUS_OK) {
        const uint8_t *comma = memchr(left.ptr, ',', left.len);
        size_t len = comma == NULL ? left.len : (size_t)(comma - left.ptr);
        struct span one = form_line_trimmed((struct span){left.ptr, len});

        len += comma != NULL;
        left = (struct span){left.ptr + len, left.len - len};
        if (one.len > 0)
            st = append_value(setting, field, one, list, path);
    }
    return st;
}

/* The list under that name, made when it is not there; NULL: not a list. */
static json_t *
list_in(json_t *object, const char *name, bool anew)
{
    json_t *list = json_object_get(object, name);

    if (list == NULL || anew) {
        if (json_object_set_new(object, name, json_array()) != 0)
            return NULL;
        list = json_object_get(object, name);
    }
    return json_is_array(list) ? list : NULL;
}

static enum status
set_list(const struct setting *setting, const ProtobufCMessageDescriptor *type,
         const ProtobufCFieldDescriptor *field, const struct step *step,
         json_t *object, const struct path *path)
{
    bool    anew = setting->again && step->index == PATH_NO_INDEX;
    json_t *list = list_in(object, step->name, anew);
    json_t *value;

    if (list == NULL)
        return refuse(setting, path, "is a list");
    if (step->index == PATH_NO_INDEX)
        return append_values(setting, type, field, list, path);
    if ((size_t)step->index > json_array_size(list))
        return refuse(setting, path, "stands before the one ahead of it");
    if ((size_t)step->index == json_array_size(list))
        return append_value(setting, field, setting->value, list, path);
    if (!setting->again)
        return refuse(setting, path, "stands there twice");
    value = form_value_parse(field, setting->value, path, setting->faults);
    if (value == NULL)
        return STATUS_BAD_FIELD;
    return json_array_set_new(list, (size_t)step->index, value) == 0
               ? STATUS_OK
               : STATUS_IO;
}

/* A position comes in parts: its point, its radius, its name. */
static enum status
set_single(const struct setting *setting, const ProtobufCFieldDescriptor *field,
           const struct step *step, json_t *object, const struct path *path)
{
    json_t *there = json_object_get(object, step->name);
    json_t *value;
    bool    merge = json_is_object(there) &&
                 field->descriptor == &entente__position__descriptor &&
                 (setting->again || json_object_get(there, "lat") == NULL);

    if (there != NULL && !merge && !setting->again)
        return refuse(setting, path, "stands there twice");
    value = form_value_parse(field, setting->value, path, setting->faults);
    if (value == NULL)
        return STATUS_BAD_FIELD;
    if (merge) {
        int failed = json_object_update(there, value);

        json_decref(value);
        return failed ? STATUS_IO : STATUS_OK;
    }
    return json_object_set_new(object, step->name, value) == 0 ? STATUS_OK
                                                                : STATUS_IO;
}

/* The object that a step leads into, made when it is not there. */
static json_t *
enter(const ProtobufCFieldDescriptor *field, const struct step *step,
      json_t *object)
{
    json_t *below;
    json_t *list;

    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        list = list_in(object, step->name, false);
        if (list == NULL || step->index == PATH_NO_INDEX ||
            (size_t)step->index > json_array_size(list))
            return NULL;
        if ((size_t)step->index == json_array_size(list) &&
            json_array_append_new(list, json_object()) != 0)
            return NULL;
        below = json_array_get(list, (size_t)step->index);
    } else {
        if (json_object_get(object, step->name) == NULL &&
            json_object_set_new(object, step->name, json_object()) != 0)
            return NULL;
        below = json_object_get(object, step->name);
    }
    return json_is_object(below) ? below : NULL;
}

static enum status
no_such_field(const struct setting *setting, const struct kind *kind,
              const ProtobufCMessageDescriptor *type, const struct path *path)
{
    const char *known[CANDIDATES_MAX];
    const char *near;
    size_t      count = 0;

    for (unsigned i = 0; i < type->n_fields && count < CANDIDATES_MAX; i++)
        known[count++] = type->fields[i].name;
    for (unsigned i = 0; kind != NULL && i < kind->type->n_fields &&
                         count < CANDIDATES_MAX;
         i++)
        known[count++] = kind->type->fields[i].name;
    near = words_nearest(span_text(path->field), known, count);
    message_faults_add(setting->faults, path, "is no field here%s%s%s",
                       near == NULL ? "" : "; did you mean \"",
                       near == NULL ? "" : near, near == NULL ? "" : "\"?");
    return STATUS_BAD_FIELD;
}

static enum status
set_below(const struct setting *setting, const ProtobufCMessageDescriptor *type,
          struct span rest, json_t *object, const struct path *at,
          const struct kind *kind)
{
    const ProtobufCFieldDescriptor *field;
    struct step                     step;
    struct path                     path = {at, step.name, PATH_NO_INDEX};

    if (!take_step(&rest, &step)) {
        path.field = "(field)";
        return refuse(setting, &path, "is not written like a.b[0].c");
    }
    path.index = step.index;
    field = field_named(type, step.name);
    if (field == NULL)
        return no_such_field(setting, kind, type, &path);
    if (step.index != PATH_NO_INDEX &&
        field->label != PROTOBUF_C_LABEL_REPEATED)
        return refuse(setting, &path, "is no list");
    if (step.last && field->label == PROTOBUF_C_LABEL_REPEATED)
        return set_list(setting, type, field, &step, object, &path);
    if (step.last)
        return set_single(setting, field, &step, object, &path);
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return refuse(setting, &path, "has no fields of its own");
    object = enter(field, &step, object);
    if (object == NULL)
        return refuse(setting, &path, "is a list; [0] is the first, and each "
                                      "stands after the one before it");
    return set_below(setting, field->descriptor, rest, object, &path, NULL);
}

enum status
form_in_set(json_t *object, struct span field, struct span value, bool again,
            struct message_faults *faults)
{
    const struct setting setting = {value, again, faults};
    const char          *name = json_string_value(json_object_get(object,
                                                                  "kind"));
    const struct kind   *kind = name == NULL ? NULL : kind_named(name);
    const struct path    body = {NULL, name, PATH_NO_INDEX};
    struct span          rest = field;
    struct step          step;

    if (kind == NULL || !take_step(&rest, &step) || is_header(step.name) ||
        (strcmp(step.name, kind->name) != 0 &&
         field_named(kind->type, step.name) == NULL))
        return set_below(&setting, &entente__message__descriptor, field, object,
                         NULL, kind);
    if (json_object_get(object, name) == NULL &&
        json_object_set_new(object, name, json_object()) != 0)
        return STATUS_IO;
    object = json_object_get(object, name);
    if (!json_is_object(object))
        return refuse(&setting, &body, "is no object");
    return set_below(&setting, kind->type,
                     strcmp(step.name, kind->name) == 0 && !step.last ? rest
                                                                      : field,
                     object, &body, NULL);
}

/* ---- the form ---- */

const struct kind *
form_in_kind(struct span text)
{
    struct span field;
    struct span value = SPAN_EMPTY;
    char        name[64] = "";
    enum status st;

    do {
        st = form_line_next(&text, &field, &value);
    } while (st == STATUS_BAD_ENCODING ||
             (st == STATUS_OK && !span_equal(field, span_text("kind"))));
    if (st != STATUS_OK || value.len >= sizeof(name))
        return NULL;
    for (size_t i = 0; i < value.len; i++)
        name[i] = (char)value.ptr[i];
    return kind_named(name);
}

static void
set_line(json_t *object, struct span field, struct span value,
         struct message_faults *faults)
{
    struct span text;
    char       *lines = form_line_joined(value, &text.len);

    if (lines == NULL)
        return;
    text.ptr = (const uint8_t *)lines;
    if (!span_equal(field, span_text("kind")) && text.len > 0)
        (void)!form_in_set(object, field, text, false, faults);
    free(lines);
}

/* Its path is "line 7", by which it is found again (annotate.h). */
static void
tell_no_line(struct span text, struct span line, struct message_faults *faults)
{
    char        where[FORM_IN_LINE];
    struct path path = {NULL, where, PATH_NO_INDEX};

    (void)snprintf(where, sizeof(where), FORM_IN_LINE_PATH "%zu",
                   form_line_number(text, line));
    message_faults_add(faults, &path,
                       "\"%.*s\" is no `field: value`; a line that goes on "
                       "with the value above it begins with a blank",
                       (int)(line.len < 50 ? line.len : 50),
                       (const char *)line.ptr);
}

json_t *
form_in_object(struct span text, struct message_faults *faults)
{
    const struct kind *kind = form_in_kind(text);
    struct span        left = text;
    json_t            *object;
    struct span        field = SPAN_EMPTY;
    struct span        value = SPAN_EMPTY;
    enum status        st;

    if (text.len > JSON_TEXT_MAX || kind == NULL) {
        const struct path path = {NULL, "kind", PATH_NO_INDEX};

        if (kind == NULL)
            message_faults_add(faults, &path, "is missing or not known; a line "
                                              "`kind: note`, say; see `entente "
                                              "kinds`");
        else
            message_faults_add(faults, NULL, "is longer than %d bytes",
                               JSON_TEXT_MAX);
        return NULL;
    }
    object = json_pack("{s:s, s:{}}", "kind", kind->name, kind->name);
    while ((st = form_line_next(&left, &field, &value)) != STATUS_NOT_FOUND) {
        if (st == STATUS_OK)
            set_line(object, field, value, faults);
        else
            tell_no_line(text, field, faults);
    }
    return object;
}
