/*
 * json_in.c - from JSON values to a message's fields.
 *
 * One function a shape of value; read_node() is called for each object and
 * goes over its keys, so that every key is either used or told as a fault.
 * Memory is malloc's, in the way that protobuf-c frees it again.
 */
#include "tools/language/json_in.h"

#include "node/core/message/likelihood.h"
#include "proto/reflect.h"
#include "proto/words.h"
#include "tools/language/coordinate.h"
#include "tools/language/json_scalar.h"
#include "tools/language/zulu.h"

#include <math.h>
#include <string.h>

enum { CANDIDATES_MAX = 64 };

struct reading {
    struct message_faults *faults;
    const struct kind     *kind; /* of the message, NULL: not known */
};

bool
json_in_is_hidden(const ProtobufCFieldDescriptor *field)
{
    return strcmp(field->name, "lat_minutes") == 0 ||
           strcmp(field->name, "lon_minutes") == 0;
}

bool
json_in_is_id(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_BYTES &&
           (strcmp(field->name, "id") == 0 || strcmp(field->name, "ref") == 0 ||
            strcmp(field->name, "refs") == 0);
}

/* ---- values with a shape of their own ---- */

static void read_node(struct reading *reading, const json_t *object,
                      ProtobufCMessage *out, const struct path *at);

static void
read_precision(struct reading *reading, const json_t *value,
               Entente__Time *time, const struct path *at)
{
    const ProtobufCEnumDescriptor *const words =
        &entente__time__precision__descriptor;
    const struct path path = {at, "precision", PATH_NO_INDEX};
    size_t            before = reading->faults->count;
    int               precision = 0;

    if (value == NULL)
        return; /* as exact as it is written */
    json_scalar_word(reading->faults, value, words, &precision, &path);
    if (reading->faults->count == before &&
        zulu_set_precision(time, (Entente__Time__Precision)precision) !=
            STATUS_OK)
        message_faults_add(reading->faults, at,
                           "is written less exactly than its precision %s",
                           words_name(words, precision));
}

static void
read_time(struct reading *reading, const json_t *value, Entente__Time *out,
          const struct path *at)
{
    const json_t *text = value;
    const char   *key;
    json_t       *unused;

    if (json_is_object(value)) {
        text = json_object_get(value, "t");
        out->in_full = 1;
        json_object_foreach((json_t *)value, key, unused) {
            const struct path path = {at, key, PATH_NO_INDEX};

            if (strcmp(key, "t") != 0 && strcmp(key, "precision") != 0)
                message_faults_add(reading->faults, &path,
                                   "is no field of a time; t, precision");
        }
    }
    if (!json_is_string(text) ||
        zulu_parse(json_scalar_span(text), out) != STATUS_OK) {
        message_faults_add(reading->faults, at,
                           "is no time; 2014-04-23T10:00:00Z, "
                           "2014-04-23T10:00Z, 2014-04-23 or {\"t\", "
                           "\"precision\"}");
        return;
    }
    if (out->in_full)
        read_precision(reading, json_object_get(value, "precision"), out, at);
}

/* "06-17N" beside 6.283: sets the degrees and how they were written. */
static bool
read_coordinate(struct reading *reading, const json_t *value,
                ProtobufCMessage *out, const ProtobufCFieldDescriptor *field,
                const struct path *at)
{
    bool     lat = strcmp(field->name, "lat") == 0;
    double   degrees = 0;
    uint32_t notation = 0;

    if (!json_is_string(value) || field->type != PROTOBUF_C_TYPE_DOUBLE ||
        (out->descriptor != &entente__position__descriptor &&
         out->descriptor != &entente__point__descriptor))
        return false;
    if (coordinate_parse(json_scalar_span(value),
                         lat ? COORDINATE_LAT : COORDINATE_LON, &degrees,
                         &notation) != STATUS_OK) {
        message_faults_add(reading->faults, at,
                           "is neither decimal degrees nor \"%s\" or "
                           "\"%s\"",
                           lat ? "06-17N" : "003-21E", lat ? "6N" : "3E");
        return true;
    }
    memcpy((uint8_t *)out + field->offset, &degrees, sizeof(degrees));
    memcpy((uint8_t *)out + field->quantifier_offset, &field->id,
           sizeof(field->id));
    if (out->descriptor == &entente__point__descriptor) {
        Entente__Point *point = (Entente__Point *)out;

        *(lat ? &point->lat_minutes : &point->lon_minutes) = notation;
    } else {
        Entente__Position *position = (Entente__Position *)out;

        *(lat ? &position->lat_minutes : &position->lon_minutes) = notation;
    }
    return true;
}

/* The range follows from yardstick and word where it was left out. */
static void
complete_likelihood(Entente__Likelihood *out)
{
    const struct likelihood *known;

    if (out->has_low_percent_case != 0 || out->has_high_percent_case != 0 ||
        out->word == NULL)
        return;
    known = likelihood_find(out->yardstick, out->word);
    if (known == NULL)
        return;
    out->has_low_percent_case =
        ENTENTE__LIKELIHOOD__HAS_LOW_PERCENT_LOW_PERCENT;
    out->low_percent = known->low_percent;
    out->has_high_percent_case =
        ENTENTE__LIKELIHOOD__HAS_HIGH_PERCENT_HIGH_PERCENT;
    out->high_percent = known->high_percent;
}

static ProtobufCMessage *
read_message(struct reading *reading, const json_t *value,
             const ProtobufCMessageDescriptor *type, const struct path *at)
{
    ProtobufCMessage *out = json_scalar_allocate(1, type->sizeof_message);

    protobuf_c_message_init(type, out);
    if (type == &entente__time__descriptor)
        read_time(reading, value, (Entente__Time *)out, at);
    else if (json_is_object(value))
        read_node(reading, value, out, at);
    else
        json_scalar_wrong(reading->faults, value, "an object {...}", at);
    if (type == &entente__likelihood__descriptor)
        complete_likelihood((Entente__Likelihood *)out);
    return out;
}

/* ---- fields ---- */

/* One value into its place, which is zeroed. */
static void
read_value(struct reading *reading, const json_t *value,
           const ProtobufCFieldDescriptor *field, void *out,
           const struct path *at)
{
    double           number;
    ProtobufCMessage *message;

    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        json_scalar_text(reading->faults, value, out, at);
        return;
    case PROTOBUF_C_TYPE_ENUM:
        json_scalar_word(reading->faults, value, field->descriptor, out, at);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        json_scalar_bytes(reading->faults, value, field, out, at);
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        message = read_message(reading, value, field->descriptor, at);
        memcpy(out, &message, sizeof(message));
        return;
    case PROTOBUF_C_TYPE_DOUBLE:
        number = json_number_value(value);
        if (!json_is_number(value) || !isfinite(number))
            json_scalar_wrong(reading->faults, value, "a number", at);
        memcpy(out, &number, sizeof(number));
        return;
    case PROTOBUF_C_TYPE_BOOL:
        if (!json_is_boolean(value))
            json_scalar_wrong(reading->faults, value, "true or false", at);
        *(protobuf_c_boolean *)out = json_is_true(value);
        return;
    default:
        json_scalar_integer(reading->faults, value, field->type, out, at);
    }
}

/* Empty text in a list: there, so that the rules can tell it is blank. */
static void
no_null_text(void *place)
{
    char *text;

    memcpy(&text, place, sizeof(text));
    if (text == NULL)
        text = json_scalar_allocate(1, 1);
    memcpy(place, &text, sizeof(text));
}

static void
read_list(struct reading *reading, const json_t *value, ProtobufCMessage *out,
          const ProtobufCFieldDescriptor *field, const struct path *at)
{
    size_t      each = reflect_value_len(field->type);
    size_t      count = json_array_size(value);
    uint8_t    *values;
    struct path path = *at;

    if (!json_is_array(value)) {
        json_scalar_wrong(reading->faults, value, "a list [...]", at);
        return;
    }
    if (count == 0)
        return;
    values = json_scalar_allocate(count, each);
    for (size_t i = 0; i < count; i++) {
        path.index = (long)i;
        read_value(reading, json_array_get(value, i), field, values + i * each,
                   &path);
        if (field->type == PROTOBUF_C_TYPE_STRING)
            no_null_text(values + i * each);
    }
    memcpy((uint8_t *)out + field->offset, &values, sizeof(values));
    memcpy((uint8_t *)out + field->quantifier_offset, &count, sizeof(count));
}

/*
 * A zero that protobuf takes for none: where zero is below the range, the
 * rules would never see it.
 */
static void
check_zero(struct reading *reading, const json_t *value,
           const ProtobufCMessageDescriptor *type,
           const ProtobufCFieldDescriptor *field, const struct path *at)
{
    size_t                  count;
    const struct kind_rule *rules = kind_rules(type, &count);

    if (!json_is_integer(value) || json_integer_value(value) != 0 ||
        (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rules[i].field, field->name) == 0 &&
            rules[i].check == KIND_RANGE && rules[i].low > 0)
            message_faults_add(reading->faults, at,
                               "is 0; from %.15g to %.15g", rules[i].low,
                               rules[i].high);
    }
}

static void
read_field(struct reading *reading, const json_t *value, ProtobufCMessage *out,
           const ProtobufCFieldDescriptor *field, const struct path *at)
{
    const struct path path = {at, field->name, PATH_NO_INDEX};

    check_zero(reading, value, out->descriptor, field, &path);
    if (json_is_null(value) || read_coordinate(reading, value, out, field,
                                               &path))
        return;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        read_list(reading, value, out, field, &path);
        return;
    }
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        memcpy((uint8_t *)out + field->quantifier_offset, &field->id,
               sizeof(field->id));
    read_value(reading, value, field, (uint8_t *)out + field->offset, &path);
}

/* ---- keys ---- */

static void
tell_unknown(struct reading *reading, const ProtobufCMessageDescriptor *type,
             const char *key, const struct path *at)
{
    const struct path path = {at, key, PATH_NO_INDEX};
    const char       *known[CANDIDATES_MAX + 1];
    const char       *near;
    size_t            count = 0;

    if (at == NULL && reading->kind != NULL &&
        protobuf_c_message_descriptor_get_field_by_name(reading->kind->type,
                                                        key) != NULL) {
        message_faults_add(reading->faults, &path, "stands under \"%s\"",
                           reading->kind->name);
        return;
    }
    for (unsigned i = 0; i < type->n_fields && count < CANDIDATES_MAX; i++)
        if (!json_in_is_hidden(&type->fields[i]))
            known[count++] = type->fields[i].name;
    if (at == NULL)
        known[count++] = "kind";
    near = words_nearest(span_text(key), known, count);
    if (near != NULL)
        message_faults_add(reading->faults, &path,
                           "is no field here; did you mean \"%s\"?", near);
    else
        message_faults_add(reading->faults, &path, "is no field here");
}

static void
read_node(struct reading *reading, const json_t *object, ProtobufCMessage *out,
          const struct path *at)
{
    const char *key;
    json_t     *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(out->descriptor,
                                                            key);

        if (at == NULL && strcmp(key, "kind") == 0)
            continue;
        if (field == NULL || json_in_is_hidden(field)) {
            tell_unknown(reading, out->descriptor, key, at);
        } else if (at == NULL && field->id > KIND_FIELD_BASE &&
                   (reading->kind == NULL ||
                    strcmp(reading->kind->name, key) != 0)) {
            const struct path path = {NULL, key, PATH_NO_INDEX};

            if (reading->kind != NULL)
                message_faults_add(reading->faults, &path,
                                   "is not of the kind %s",
                                   reading->kind->name);
        } else {
            read_field(reading, value, out, field, at);
        }
    }
}

/* ---- the message ---- */

static const struct kind *
read_kind(const json_t *object, struct message_faults *faults)
{
    const struct path  path = {NULL, "kind", PATH_NO_INDEX};
    const json_t      *value = json_object_get(object, "kind");
    const struct kind *kind = NULL;
    const char        *known[CANDIDATES_MAX];
    const char        *near;
    size_t             count = 0;

    if (!json_is_string(value)) {
        message_faults_add(faults, &path,
                           "is missing; a kind's name, see `entente kinds`");
        return NULL;
    }
    kind = kind_named(json_string_value(value));
    if (kind != NULL)
        return kind;
    for (; kind_at(count) != NULL && count < CANDIDATES_MAX; count++)
        known[count] = kind_at(count)->name;
    near = words_nearest(json_scalar_span(value), known, count);
    message_faults_add(faults, &path, "\"%.40s\" is no kind%s%s%s",
                       json_string_value(value),
                       near == NULL ? "; see `entente kinds`"
                                    : "; did you mean ",
                       near == NULL ? "" : near, near == NULL ? "" : "?");
    return NULL;
}

enum status
json_in_message(const json_t *object, Entente__Message **out,
                struct message_faults *faults)
{
    struct reading    reading = {.faults = faults};
    size_t            before = faults->count + faults->more;
    Entente__Message *message;

    *out = NULL;
    if (!json_is_object(object)) {
        message_faults_add(faults, NULL, "is %s; a message is an object {...}",
                           object == NULL ? "nothing"
                                          : json_scalar_shape(object));
        return STATUS_BAD_FIELD;
    }
    reading.kind = read_kind(object, faults);
    message = json_scalar_allocate(1, sizeof(*message));
    entente__message__init(message);
    read_node(&reading, object, &message->base, NULL);
    if (reading.kind != NULL &&
        json_object_get(object, reading.kind->name) == NULL) {
        const struct path path = {NULL, reading.kind->name, PATH_NO_INDEX};

        message_faults_add(faults, &path, "is missing: the kind's own fields");
    }
    *out = message;
    return faults->count + faults->more > before ? STATUS_BAD_FIELD : STATUS_OK;
}
