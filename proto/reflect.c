/* reflect.c - protobuf-c's ways of presence, read as one. */
#include "proto/reflect.h"

#include <assert.h>
#include <string.h>

size_t
reflect_value_len(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return sizeof(uint64_t);
    case PROTOBUF_C_TYPE_DOUBLE:
        return sizeof(double);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
        return sizeof(char *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(ProtobufCMessage *);
    default: /* 32-bit numbers and enums */
        return sizeof(uint32_t);
    }
}

/* Copies a value out of its place in the message. */
#define AT(type, place)                                                        \
    ({                                                                         \
        type value_at_place;                                                   \
        memcpy(&value_at_place, (place), sizeof(type));                        \
        value_at_place;                                                        \
    })

static const void *
member(const ProtobufCMessage *message, unsigned offset)
{
    return (const uint8_t *)message + offset;
}

static bool
is_zero(ProtobufCType type, const void *value)
{
    static const uint8_t zeros[sizeof(ProtobufCBinaryData)];

    switch (type) {
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = AT(char *, value);

        return text == NULL || text[0] == '\0';
    }
    case PROTOBUF_C_TYPE_BYTES:
        return AT(ProtobufCBinaryData, value).len == 0;
    case PROTOBUF_C_TYPE_MESSAGE:
        return AT(ProtobufCMessage *, value) == NULL;
    default:
        return memcmp(value, zeros, reflect_value_len(type)) == 0;
    }
}

size_t
reflect_count(const ProtobufCMessage         *message,
              const ProtobufCFieldDescriptor *field)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return AT(size_t, member(message, field->quantifier_offset));
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return AT(uint32_t, member(message, field->quantifier_offset)) ==
               field->id;
    return !is_zero(field->type, member(message, field->offset));
}

const void *
reflect_value(const ProtobufCMessage         *message,
              const ProtobufCFieldDescriptor *field, size_t index)
{
    const void *at = member(message, field->offset);

    assert(index < reflect_count(message, field));
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return at;
    return AT(const uint8_t *, at) + index * reflect_value_len(field->type);
}

const ProtobufCMessage *
reflect_message(const ProtobufCMessage         *message,
                const ProtobufCFieldDescriptor *field, size_t index)
{
    assert(field->type == PROTOBUF_C_TYPE_MESSAGE);
    return AT(ProtobufCMessage *, reflect_value(message, field, index));
}

const char *
reflect_text(const ProtobufCMessage         *message,
             const ProtobufCFieldDescriptor *field, size_t index)
{
    const char *text;

    assert(field->type == PROTOBUF_C_TYPE_STRING);
    text = AT(char *, reflect_value(message, field, index));
    return text == NULL ? "" : text;
}

struct span
reflect_bytes(const ProtobufCMessage         *message,
              const ProtobufCFieldDescriptor *field, size_t index)
{
    ProtobufCBinaryData bytes;

    assert(field->type == PROTOBUF_C_TYPE_BYTES);
    bytes = AT(ProtobufCBinaryData, reflect_value(message, field, index));
    return (struct span){bytes.data, bytes.len};
}

uint64_t
reflect_u64(const ProtobufCMessage *message,
            const ProtobufCFieldDescriptor *field, size_t index)
{
    assert(reflect_value_len(field->type) == sizeof(uint64_t));
    return AT(uint64_t, reflect_value(message, field, index));
}

int32_t
reflect_i32(const ProtobufCMessage *message,
            const ProtobufCFieldDescriptor *field, size_t index)
{
    assert(reflect_value_len(field->type) == sizeof(int32_t));
    return AT(int32_t, reflect_value(message, field, index));
}

double
reflect_number(const ProtobufCMessage         *message,
               const ProtobufCFieldDescriptor *field, size_t index)
{
    const void *value = reflect_value(message, field, index);

    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return (double)AT(int64_t, value);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return (double)AT(uint64_t, value);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return AT(uint32_t, value);
    case PROTOBUF_C_TYPE_FLOAT:
        return (double)AT(float, value);
    case PROTOBUF_C_TYPE_DOUBLE:
        return AT(double, value);
    default:
        return AT(int32_t, value);
    }
}
