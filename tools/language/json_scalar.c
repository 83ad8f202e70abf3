/*
 * json_scalar.c - text, words, bytes and whole numbers out of JSON values.
 */
#include "tools/language/json_scalar.h"

#include "crypto/base64.h"
#include "proto/reflect.h"
#include "proto/words.h"
#include "tools/language/json_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MAX = 64, BYTES_TEXT_MAX = 1 << 18 };

struct span
json_scalar_span(const json_t *value)
{
    return (struct span){(const uint8_t *)json_string_value(value),
                         json_string_length(value)};
}

const char *
json_scalar_shape(const json_t *value)
{
    static const char *const names[] = {"an object", "a list",    "text",
                                        "a number",  "a number",  "true",
                                        "false",     "null"};

    return names[json_typeof(value)];
}

void *
json_scalar_allocate(size_t count, size_t len)
{
    void *memory = calloc(count > 0 ? count : 1, len);

    if (memory == NULL) {
        fputs("entente: out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return memory;
}

void
json_scalar_wrong(struct message_faults *faults, const json_t *value,
                  const char *right, const struct path *at)
{
    message_faults_add(faults, at, "is %s; %s", json_scalar_shape(value),
                       right);
}

/* ---- scalars ---- */

void
json_scalar_text(struct message_faults *faults, const json_t *value, char **out,
                 const struct path *at)
{
    struct span text = json_scalar_span(value);
    char       *copy;

    if (!json_is_string(value)) {
        json_scalar_wrong(faults, value, "text in quotes", at);
        return;
    }
    if (text.len == 0)
        return; /* absent, as protobuf has it */
    copy = json_scalar_allocate(text.len + 1, 1);
    memcpy(copy, text.ptr, text.len);
    *out = copy;
}

void
json_scalar_word(struct message_faults *faults, const json_t *value,
                 const ProtobufCEnumDescriptor *words, int *out,
                 const struct path *at)
{
    const char *known[CANDIDATES_MAX];
    const char *near;
    size_t      count = 0;
    char        list[MESSAGE_WORDS];

    words_list(words, list, sizeof(list));
    if (!json_is_string(value)) {
        message_faults_add(faults, at, "is %s; one of %s",
                           json_scalar_shape(value), list);
        return;
    }
    if (words_value(words, json_scalar_span(value), out) == STATUS_OK)
        return;
    for (unsigned i = 0; i < words->n_values && count < CANDIDATES_MAX; i++)
        if (words_name(words, words->values[i].value) != NULL)
            known[count++] = words_name(words, words->values[i].value);
    near = words_nearest(json_scalar_span(value), known, count);
    if (near != NULL)
        message_faults_add(faults, at,
                           "\"%.40s\" is no word here; did you mean %s? (%s)",
                           json_string_value(value), near, list);
    else
        message_faults_add(faults, at,
                           "\"%.40s\" is no word here; one of %s",
                           json_string_value(value), list);
}

void
json_scalar_bytes(struct message_faults *faults, const json_t *value,
                  const ProtobufCFieldDescriptor *field,
                  ProtobufCBinaryData *out, const struct path *at)
{
    struct span text = json_scalar_span(value);
    const char *right = json_in_is_id(field) ? "32 hex digits"
                                             : "base64 in quotes";
    uint8_t    *bytes;
    size_t      len = LIMIT_MESSAGE_ID;
    enum status st;

    if (!json_is_string(value) || text.len > BYTES_TEXT_MAX) {
        json_scalar_wrong(faults, value, right, at);
        return;
    }
    bytes = json_scalar_allocate(text.len + LIMIT_MESSAGE_ID, 1);
    if (json_in_is_id(field))
        st = hex_decode(text, bytes, LIMIT_MESSAGE_ID);
    else
        st = base64_decode(text, bytes, text.len, &len);
    if (st != STATUS_OK)
        message_faults_add(faults, at, "is not %s", right);
    if (st != STATUS_OK || len == 0) {
        free(bytes);
        return;
    }
    *out = (ProtobufCBinaryData){len, bytes};
}

/* Decimal digits, with a sign where one may be; false: no such number. */
static bool
integer_of_text(struct span text, bool *negative, uint64_t *magnitude)
{
    struct reader in = reader_of(text);

    *magnitude = 0;
    *negative = text.len > 0 && text.ptr[0] == '-';
    if (*negative)
        (void)reader_u8(&in);
    if (in.left == 0)
        return false;
    while (in.left > 0) {
        unsigned digit = (unsigned)reader_u8(&in) - '0';

        if (digit > 9 || *magnitude > (UINT64_MAX - digit) / 10)
            return false;
        *magnitude = *magnitude * 10 + digit;
    }
    return true;
}

static bool
integer_of(const json_t *value, bool *negative, uint64_t *magnitude)
{
    json_int_t given;

    if (json_is_string(value))
        return integer_of_text(json_scalar_span(value), negative, magnitude);
    if (!json_is_integer(value))
        return false;
    given = json_integer_value(value);
    *negative = given < 0;
    *magnitude = given < 0 ? 0 - (uint64_t)given : (uint64_t)given;
    return true;
}

/* The largest magnitude that a type holds, below and above zero. */
static uint64_t
magnitude_max(ProtobufCType type, bool negative)
{
    switch (type) {
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return negative ? 0 : UINT64_MAX;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return negative ? 0 : UINT32_MAX;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return (uint64_t)INT32_MAX + negative;
    default:
        return (uint64_t)INT64_MAX + negative;
    }
}

void
json_scalar_integer(struct message_faults *faults, const json_t *value,
                    ProtobufCType type, void *out, const struct path *at)
{
    bool     negative = false;
    uint64_t magnitude = 0;
    uint64_t stored;

    if (!integer_of(value, &negative, &magnitude)) {
        json_scalar_wrong(faults, value, "a whole number", at);
        return;
    }
    if (magnitude > magnitude_max(type, negative)) {
        message_faults_add(faults, at, "is %s than %s%" PRIu64,
                           negative ? "less" : "more",
                           negative && magnitude_max(type, negative) > 0 ? "-"
                                                                         : "",
                           magnitude_max(type, negative));
        return;
    }
    stored = negative ? 0 - magnitude : magnitude; /* two's complement */
    if (reflect_value_len(type) == sizeof(uint64_t)) {
        memcpy(out, &stored, sizeof(stored));
    } else {
        uint32_t low = (uint32_t)stored;

        memcpy(out, &low, sizeof(low));
    }
}
