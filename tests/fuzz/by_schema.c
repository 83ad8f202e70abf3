/* by_schema.c - one walk over a descriptor writes a message of that type. */
#include "tests/fuzz/by_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Packed; free it. */
static uint8_t *
packed(const ProtobufCMessage *message, struct span *out)
{
    size_t   len = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(len + 1);
    size_t   written;

    assert(bytes != NULL);
    written = protobuf_c_message_pack(message, bytes);
    assert(written == len);
    *out = (struct span){bytes, len};
    return bytes;
}

/* Protobuf has many encodings of one message, and those received are what is
 * kept; but ours of it is accepted, and is the same message. */
static void
assert_settles(const ProtobufCMessage *message, enum strict_unknown unknown)
{
    static uint8_t      memory[1 << 20];
    struct strict_arena arena = strict_arena_of(memory, sizeof(memory));
    struct strict_fault fault = {0};
    ProtobufCMessage   *read = NULL;
    struct span         first, second;
    uint8_t            *ours = packed(message, &first);
    uint8_t            *again;
    enum status         st;

    st = strict_unpack(message->descriptor, first, &arena, unknown, &read,
                       &fault);
    assert(st == STATUS_OK);
    again = packed(read, &second);
    assert(span_equal(first, second));
    free(again);
    free(ours);
}

bool
by_schema_one(const ProtobufCMessageDescriptor *type,
              enum strict_unknown unknown, struct span in)
{
    static uint8_t      memory[1 << 20];
    struct strict_arena arena = strict_arena_of(memory, sizeof(memory));
    struct strict_fault fault = {0};
    ProtobufCMessage   *message = NULL;

    if (strict_unpack(type, in, &arena, unknown, &message, &fault) !=
        STATUS_OK) {
        assert(memchr(fault.path, 0, sizeof(fault.path)) != NULL);
        assert(memchr(fault.words, 0, sizeof(fault.words)) != NULL);
        return false;
    }
    assert_settles(message, unknown);
    return true;
}

static void
put_varint(struct writer *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        writer_u8(out, (uint8_t)(value | 0x80));
    writer_u8(out, (uint8_t)value);
}

static void
put_bytes(struct writer *out, struct span bytes)
{
    put_varint(out, bytes.len);
    writer_put(out, bytes);
}

static void put_message(struct writer                    *out,
                        const ProtobufCMessageDescriptor *type,
                        const ProtobufCFieldDescriptor   *chosen);

static void
put_value(struct writer *out, const ProtobufCFieldDescriptor *field)
{
    static const uint8_t                bytes[16] = {0x11, 0x22, 0x33};
    static const uint8_t                one_and_a_half[8] = {[6] = 0xf8, 0x3f};
    static const uint8_t                small_half[4] = {[2] = 0xc0, 0x3f};
    const ProtobufCEnumDescriptor      *words = field->descriptor;
    const ProtobufCMessageDescriptor   *type = field->descriptor;
    uint8_t                            *inner;
    struct writer                       within;

    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: put_bytes(out, span_text("a")); break;
    case PROTOBUF_C_TYPE_BYTES: put_bytes(out, SPAN_OF(bytes)); break;
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
        writer_put(out, SPAN_OF(one_and_a_half));
        break;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32: writer_put(out, SPAN_OF(small_half)); break;
    case PROTOBUF_C_TYPE_ENUM:
        put_varint(out, (uint64_t)words->values[words->n_values - 1].value);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        inner = malloc(BY_SCHEMA_MAX);
        assert(inner != NULL);
        within = writer_of(inner, BY_SCHEMA_MAX);
        put_message(&within, type, NULL);
        assert(writer_end(&within) == STATUS_OK);
        put_bytes(out, writer_span(&within));
        free(inner);
        break;
    default: put_varint(out, 1); break; /* integers and bool */
    }
}

static unsigned
wire_type(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE: return 2;
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64: return 1;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32: return 5;
    default: return 0;
    }
}

static void
put_field(struct writer *out, const ProtobufCFieldDescriptor *field)
{
    uint8_t       one[16];
    struct writer packed = writer_of(one, sizeof(one));

    if ((field->flags & PROTOBUF_C_FIELD_FLAG_PACKED) != 0) {
        put_varint(out, (uint64_t)field->id << 3 | 2);
        put_value(&packed, field);
        put_bytes(out, writer_span(&packed));
        return;
    }
    put_varint(out, (uint64_t)field->id << 3 | wire_type(field));
    put_value(out, field);
}

static bool
is_one_of(const ProtobufCFieldDescriptor *a, const ProtobufCFieldDescriptor *b)
{
    return (a->flags & b->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
           a->quantifier_offset == b->quantifier_offset;
}

/* Of each oneof its first member, or `chosen` where that belongs to it. */
static bool
is_wanted(const ProtobufCMessageDescriptor *type,
          const ProtobufCFieldDescriptor   *field,
          const ProtobufCFieldDescriptor   *chosen)
{
    if (chosen != NULL && is_one_of(field, chosen))
        return field == chosen;
    for (const ProtobufCFieldDescriptor *f = type->fields; f < field; f++)
        if (is_one_of(f, field))
            return false;
    return true;
}

static void
put_message(struct writer *out, const ProtobufCMessageDescriptor *type,
            const ProtobufCFieldDescriptor *chosen)
{
    for (unsigned i = 0; i < type->n_fields; i++)
        if (is_wanted(type, &type->fields[i], chosen))
            put_field(out, &type->fields[i]);
}

void
by_schema_seeds(const ProtobufCMessageDescriptor *type, fuzz_seed_fn *seed,
                void *arg)
{
    static uint8_t memory[BY_SCHEMA_MAX];

    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        struct writer out = writer_of(memory, sizeof(memory));

        if (i > 0 && (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
            continue;
        put_message(&out, type, field);
        assert(writer_end(&out) == STATUS_OK);
        seed(arg, field->name, writer_span(&out));
    }
}
