/* form_value.c - values of a form, by the type of their field. */
#include "tools/language/form_value.h"

#include "tools/language/coordinate.h"
#include "tools/language/json.h"
#include "tools/language/zulu.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 40 };

static json_t *
json_of_span(struct span text)
{
    return json_stringn((const char *)text.ptr, text.len);
}

/* Takes the first word off `text`, with the blanks and commas around it. */
static struct span
take_word(struct span *text)
{
    struct span word = {text->ptr, 0};

    while (word.len < text->len && text->ptr[word.len] != ' ' &&
           text->ptr[word.len] != ',')
        word.len++;
    *text = (struct span){text->ptr + word.len, text->len - word.len};
    while (text->len > 0 && (text->ptr[0] == ' ' || text->ptr[0] == ','))
        *text = (struct span){text->ptr + 1, text->len - 1};
    return word;
}

/* A decimal number, whole or not; NULL when it is none or very long. */
static json_t *
number_of(struct span text)
{
    char      copy[NUMBER_MAX] = "";
    char     *end = NULL;
    long long whole;
    double    value;

    if (text.len == 0 || text.len >= sizeof(copy))
        return NULL;
    for (size_t i = 0; i < text.len; i++) {
        copy[i] = (char)text.ptr[i];
        if (strchr("0123456789+-.eE", copy[i]) == NULL)
            return NULL;
    }
    errno = 0;
    whole = strtoll(copy, &end, 10);
    if (*end == '\0' && errno == 0)
        return json_integer(whole);
    value = strtod(copy, &end);
    return *end == '\0' ? json_real(value) : NULL;
}

static json_t *
quantity_of(struct span text)
{
    size_t      len = 0;
    struct span unit;
    json_t     *number;

    while (len < text.len && memchr("0123456789+-.", text.ptr[len], 13) != NULL)
        len++;
    number = number_of((struct span){text.ptr, len});
    unit = (struct span){text.ptr + len, text.len - len};
    while (unit.len > 0 && unit.ptr[0] == ' ')
        unit = (struct span){unit.ptr + 1, unit.len - 1};
    if (number == NULL || unit.len == 0) {
        json_decref(number);
        return NULL;
    }
    return json_pack("{s:o, s:o}", "value", number, "unit",
                     json_of_span(unit));
}

/* Letters on both sides, or on none: two plain numbers. */
static json_t *
position_of(struct span text)
{
    struct span lat = SPAN_EMPTY;
    struct span lon = SPAN_EMPTY;
    json_t     *north;
    json_t     *east;

    if (coordinate_part(text, &lat, &lon) == STATUS_OK)
        return json_pack("{s:o*, s:o*}", "lat", json_of_span(lat), "lon",
                         json_of_span(lon));
    lat = take_word(&text);
    lon = take_word(&text);
    north = number_of(lat);
    east = number_of(lon);
    if (north != NULL && east != NULL && text.len == 0)
        return json_pack("{s:o, s:o}", "lat", north, "lon", east);
    json_decref(north);
    json_decref(east);
    return NULL;
}

static json_t *
time_of(struct span text)
{
    char        plain[ZULU_TEXT];
    struct span time;

    if (zulu_of_dtg(text, plain) == STATUS_OK)
        return json_string(plain);
    time = take_word(&text);
    if (text.len == 0)
        return json_of_span(time);
    return json_pack("{s:o, s:o}", "t", json_of_span(time), "precision",
                     json_of_span(text));
}

static json_t *
message_of(const ProtobufCFieldDescriptor *field, struct span text,
           const char **right)
{
    if (field->descriptor == &entente__time__descriptor)
        return time_of(text);
    if (field->descriptor == &entente__quantity__descriptor) {
        *right = "is a number and its unit: 12.5 kn";
        return quantity_of(text);
    }
    if (field->descriptor == &entente__position__descriptor ||
        field->descriptor == &entente__point__descriptor) {
        *right = "is a position: 06-17N 003-21E, 6N 3E, or 6.283 3.35";
        return position_of(text);
    }
    *right = "has fields of its own, each on a line";
    return NULL;
}

static json_t *
bool_of(struct span text)
{
    if (span_equal(text, span_text("yes")) ||
        span_equal(text, span_text("true")))
        return json_true();
    if (span_equal(text, span_text("no")) ||
        span_equal(text, span_text("false")))
        return json_false();
    return NULL;
}

json_t *
form_value_parse(const ProtobufCFieldDescriptor *field, struct span text,
                 const struct path *path, struct message_faults *faults)
{
    const char *right = "cannot be read";
    json_t     *value;

    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        right = "is not UTF-8, or has a zero byte in it";
        value = json_of_span(text);
        break;
    case PROTOBUF_C_TYPE_ENUM:
    case PROTOBUF_C_TYPE_BYTES:
        value = json_of_span(text);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        value = message_of(field, text, &right);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        right = "is yes or no";
        value = bool_of(text);
        break;
    default:
        right = "is a number";
        value = number_of(text);
        if (value == NULL && text.len > 0 && isdigit(text.ptr[0]))
            value = json_of_span(text); /* of 64 bits, or told as wrong */
    }
    if (value == NULL)
        message_faults_add(faults, path, "%s", right);
    return value;
}

/* ---- to text ---- */

/* Text as it stands, a number as JSON has it. */
static void
put_scalar(FILE *out, const json_t *value)
{
    char *text;

    if (json_is_string(value)) {
        (void)fputs(json_string_value(value), out);
        return;
    }
    text = value == NULL ? NULL : json_text(value, 0);
    if (text != NULL)
        (void)fputs(text, out);
    free(text);
}

static void
put_pair(FILE *out, const json_t *value, const char *first, const char *second)
{
    put_scalar(out, json_object_get(value, first));
    if (json_object_get(value, second) != NULL)
        (void)fputc(' ', out);
    put_scalar(out, json_object_get(value, second));
}

static void
put_value(FILE *out, const ProtobufCFieldDescriptor *field, const json_t *value)
{
    if (!json_is_object(value))
        put_scalar(out, value);
    else if (field->descriptor == &entente__time__descriptor)
        put_pair(out, value, "t", "precision");
    else if (field->descriptor == &entente__quantity__descriptor)
        put_pair(out, value, "value", "unit");
    else
        put_pair(out, value, "lat", "lon");
}

char *
form_value_text(const ProtobufCFieldDescriptor *field, const json_t *value)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = value == NULL ? NULL : open_memstream(&text, &len);

    if (out == NULL)
        return NULL;
    put_value(out, field, value);
    if (fclose(out) != 0 || len == 0) {
        free(text);
        return NULL;
    }
    return text;
}
