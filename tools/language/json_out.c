/*
 * json_out.c - from a message's fields to JSON values.
 *
 * The mirror of json_in.c: what that reads as one value is written as one,
 * in the notation it was written in where that gives the same value again.
 */
#include "tools/language/json_out.h"

#include "crypto/base64.h"
#include "proto/reflect.h"
#include "proto/words.h"
#include "tools/language/coordinate.h"
#include "tools/language/json_in.h"
#include "tools/language/zulu.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *out_node(const ProtobufCMessage *node);

static json_t *
out_base64(struct span bytes)
{
    size_t        len = BASE64_LEN(bytes.len);
    uint8_t      *text = malloc(len + 1);
    struct writer to = writer_of(text, text == NULL ? 0 : len);
    json_t       *value = NULL;

    if (text != NULL) {
        base64_encode(bytes, &to);
        value = json_stringn((const char *)text, to.len);
    }
    free(text);
    return value;
}

static json_t *
out_bytes(const ProtobufCFieldDescriptor *field, struct span bytes)
{
    char hex[2 * LIMIT_MESSAGE_ID + 1];

    if (!json_in_is_id(field) || bytes.len != LIMIT_MESSAGE_ID)
        return out_base64(bytes);
    hex_encode(bytes.ptr, bytes.len, hex);
    return json_string(hex);
}

static json_t *
out_double(double value)
{
    if (value == floor(value) && fabs(value) < 1e15 &&
        !(value == 0 && signbit(value)))
        return json_integer((json_int_t)value);
    return json_real(value);
}

static json_t *
out_u64(uint64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%" PRIu64, value);
    return json_string(text);
}

static json_t *
out_i64(int64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%" PRId64, value);
    return json_string(text);
}

static json_t *
out_word(const ProtobufCEnumDescriptor *words, int value)
{
    const char *word = words_name(words, value);

    return word == NULL ? json_integer(value) : json_string(word);
}

static json_t *
out_time(const Entente__Time *time)
{
    char text[ZULU_TEXT];

    zulu_format(time, text);
    if (!time->in_full)
        return json_string(text);
    return json_pack("{s:s, s:o}", "t", text, "precision",
                     out_word(&entente__time__precision__descriptor,
                              (int)time->precision));
}

/* Degrees and minutes where they were written so and say the same. */
static json_t *
out_coordinate(double degrees, enum coordinate_axis axis, uint32_t notation)
{
    char     text[COORDINATE_TEXT];
    double   again = 0;
    uint32_t written = 0;

    if (notation >= 1 && notation <= COORDINATE_DECIMALS_MAX + 1) {
        coordinate_format(degrees, axis, notation - 1, text);
        if (coordinate_parse(span_text(text), axis, &again, &written) ==
                STATUS_OK &&
            again == degrees)
            return json_string(text);
    }
    return out_double(degrees);
}

static json_t *
out_degrees(const ProtobufCMessage *node, const ProtobufCFieldDescriptor *field)
{
    double   degrees = reflect_number(node, field, 0);
    bool     lat = strcmp(field->name, "lat") == 0;
    uint32_t notation;

    if (node->descriptor == &entente__point__descriptor)
        notation = lat ? ((const Entente__Point *)node)->lat_minutes
                       : ((const Entente__Point *)node)->lon_minutes;
    else
        notation = lat ? ((const Entente__Position *)node)->lat_minutes
                       : ((const Entente__Position *)node)->lon_minutes;
    return out_coordinate(degrees, lat ? COORDINATE_LAT : COORDINATE_LON,
                          notation);
}

static bool
is_degrees(const ProtobufCMessage         *node,
           const ProtobufCFieldDescriptor *field)
{
    return (node->descriptor == &entente__point__descriptor ||
            node->descriptor == &entente__position__descriptor) &&
           field->type == PROTOBUF_C_TYPE_DOUBLE;
}

static json_t *
out_value(const ProtobufCMessage *node, const ProtobufCFieldDescriptor *field,
          size_t index)
{
    if (is_degrees(node, field))
        return out_degrees(node, field);
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return json_string(reflect_text(node, field, index));
    case PROTOBUF_C_TYPE_BYTES:
        return out_bytes(field, reflect_bytes(node, field, index));
    case PROTOBUF_C_TYPE_ENUM:
        return out_word(field->descriptor, reflect_i32(node, field, index));
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(reflect_i32(node, field, index));
    case PROTOBUF_C_TYPE_MESSAGE:
        return out_node(reflect_message(node, field, index));
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return out_u64(reflect_u64(node, field, index));
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return out_i64((int64_t)reflect_u64(node, field, index));
    default:
        return out_double(reflect_number(node, field, index));
    }
}

static json_t *
out_list(const ProtobufCMessage *node, const ProtobufCFieldDescriptor *field)
{
    size_t  count = reflect_count(node, field);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(list, out_value(node, field, i)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

/* What the schema here does not know, as it came. */
static json_t *
out_unknown(const ProtobufCMessage *node)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < node->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *field = &node->unknown_fields[i];
        json_t *row = json_pack(
            "{s:i, s:i, s:o}", "field", (int)field->tag, "wire_type",
            (int)field->wire_type, "base64",
            out_base64((struct span){field->data, field->len}));

        if (json_array_append_new(list, row) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* Adds the fields to `object`; false without memory. */
static bool
out_fields(const ProtobufCMessage *node, json_t *object)
{
    const ProtobufCMessageDescriptor *type = node->descriptor;

    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        json_t                         *value;

        if (reflect_count(node, field) == 0 || json_in_is_hidden(field))
            continue;
        value = field->label == PROTOBUF_C_LABEL_REPEATED
                    ? out_list(node, field)
                    : out_value(node, field, 0);
        if (json_object_set_new(object, field->name, value) != 0)
            return false;
    }
    return node->n_unknown_fields == 0 ||
           json_object_set_new(object, "unknown_fields", out_unknown(node)) ==
               0;
}

static json_t *
out_node(const ProtobufCMessage *node)
{
    json_t *object;

    if (node->descriptor == &entente__time__descriptor)
        return out_time((const Entente__Time *)node);
    object = json_object();
    if (object == NULL || out_fields(node, object))
        return object;
    json_decref(object);
    return NULL;
}

json_t *
json_out_message(const Entente__Message *message)
{
    const struct kind *kind = kind_of(message);
    json_t            *object = json_object();
    char               name[32];

    (void)snprintf(name, sizeof(name), "kind %u", message_kind_number(message));
    if (object == NULL ||
        json_object_set_new(object, "kind",
                            json_string(kind == NULL ? name : kind->name)) !=
            0 ||
        !out_fields(&message->base, object)) {
        json_decref(object);
        return NULL;
    }
    return object;
}
