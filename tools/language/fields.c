/* fields.c - the walk over a kind's fields, down to those of one line. */
#include "tools/language/fields.h"

#include "tools/language/json_in.h"

#include <stdio.h>
#include <string.h>

struct walk {
    fields_fn *each;
    void      *context;
    bool       header;
};

/* What stands above the fields of one message. */
struct above {
    char               path[PATH_TEXT]; /* with its dot, or "" */
    enum kind_presence presence;
    bool               optional; /* it need not be there */
    bool               home;     /* KIND_HOME_FILLS somewhere above */
};

static void walk_fields(const struct walk                *walk,
                        const ProtobufCMessageDescriptor *type,
                        const struct above *above, const json_t *object);

static bool
is_position(const ProtobufCMessageDescriptor *type)
{
    return type == &entente__position__descriptor;
}

bool
fields_is_line(const ProtobufCFieldDescriptor *field)
{
    return field->type != PROTOBUF_C_TYPE_MESSAGE ||
           field->descriptor == &entente__time__descriptor ||
           field->descriptor == &entente__quantity__descriptor ||
           field->descriptor == &entente__point__descriptor ||
           is_position(field->descriptor);
}

static enum kind_check
check_of(const ProtobufCMessageDescriptor *type, const char *field)
{
    size_t                  count;
    const struct kind_rule *rules = kind_rules(type, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i].field, field) == 0)
            return rules[i].check;
    return KIND_ANY;
}

bool
fields_takes_commas(const ProtobufCMessageDescriptor *type,
                    const ProtobufCFieldDescriptor   *field)
{
    return field->label == PROTOBUF_C_LABEL_REPEATED &&
           (field->type == PROTOBUF_C_TYPE_ENUM ||
            field->type == PROTOBUF_C_TYPE_BYTES ||
            check_of(type, field->name) == KIND_LINE);
}

const char *
fields_type_name(const ProtobufCFieldDescriptor *field)
{
    if (field->descriptor == &entente__time__descriptor)
        return "time";
    if (field->descriptor == &entente__quantity__descriptor)
        return "number with unit";
    if (field->descriptor == &entente__point__descriptor ||
        field->descriptor == &entente__position__descriptor)
        return "position";
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return "text";
    case PROTOBUF_C_TYPE_ENUM:
        return "word";
    case PROTOBUF_C_TYPE_BYTES:
        return json_in_is_id(field) ? "message id" : "bytes";
    case PROTOBUF_C_TYPE_BOOL:
        return "yes or no";
    case PROTOBUF_C_TYPE_MESSAGE:
        return "fields";
    default:
        return "number";
    }
}

/* What people do not write: the node's number, and how a thing is spelled. */
static bool
is_skipped(const ProtobufCMessageDescriptor *type,
           const ProtobufCFieldDescriptor   *field)
{
    if (type == &entente__message__descriptor)
        return field->id > KIND_FIELD_BASE ||
               strcmp(field->name, "number") == 0;
    if (is_position(type))
        return field->type == PROTOBUF_C_TYPE_DOUBLE ||
               json_in_is_hidden(field);
    return false;
}

static enum kind_presence
presence_along(const struct above *above, enum kind_presence own)
{
    if (above->presence == KIND_OPTIONAL || own == KIND_OPTIONAL)
        return KIND_OPTIONAL;
    if (above->presence == KIND_HOME_FILLS || own == KIND_HOME_FILLS)
        return KIND_HOME_FILLS;
    return above->presence == KIND_SEND_FILLS ? KIND_SEND_FILLS : own;
}

static void
walk_below(const struct walk *walk, const struct fields_row *row)
{
    struct above below = {.presence = row->presence,
                          .optional = row->presence == KIND_OPTIONAL,
                          .home = row->home};

    (void)snprintf(below.path, sizeof(below.path), "%.*s.", PATH_TEXT - 2,
                   row->path);
    walk_fields(walk, row->field->descriptor, &below, row->value);
}

/* One element of a list of messages, or a message that stands alone. */
static void
walk_message(const struct walk *walk, struct fields_row *row)
{
    bool   list = row->field->label == PROTOBUF_C_LABEL_REPEATED;
    size_t count = list ? json_array_size(row->value) : 1;
    char   path[PATH_TEXT];

    for (size_t i = 0; i < (count > 0 ? count : 1); i++) {
        struct fields_row element = *row;

        (void)snprintf(path, sizeof(path), list ? "%.100s[%zu]" : "%.120s",
                       row->path, i);
        element.path = path;
        element.value = list ? json_array_get(row->value, i) : row->value;
        if (fields_is_line(row->field))
            walk->each(&element, walk->context);
        if (!fields_is_line(row->field) ||
            is_position(row->field->descriptor))
            walk_below(walk, &element);
    }
}

static void
walk_fields(const struct walk *walk, const ProtobufCMessageDescriptor *type,
            const struct above *above, const json_t *object)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        enum kind_presence              own = kind_presence(type, field->name);
        char                            path[PATH_TEXT];
        struct fields_row               row = {
                          .path = path,
                          .type = type,
                          .field = field,
                          .presence = presence_along(above, own),
                          .within = above->optional && own != KIND_OPTIONAL,
                          .home = above->home || own == KIND_HOME_FILLS,
                          .header = walk->header,
                          .value = json_object_get(object, field->name)};

        if (is_skipped(type, field))
            continue;
        (void)snprintf(path, sizeof(path), "%.60s%.60s", above->path,
                       field->name);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            walk_message(walk, &row);
        else
            walk->each(&row, walk->context);
    }
}

void
fields_each(const struct kind *kind, const json_t *message, fields_fn *each,
            void *context)
{
    struct walk        walk = {each, context, true};
    const struct above nothing = {.path = "", .presence = KIND_MANDATORY};

    walk_fields(&walk, &entente__message__descriptor, &nothing, message);
    walk.header = false;
    walk_fields(&walk, kind->type, &nothing,
                json_object_get(message, kind->name));
}
