/*
 * json.c - JSON text in and out, around json_in and json_out.
 *
 * jansson reads; it has no limit of depth that fits us, so the text is
 * looked over first.  It does not write here: it prints 6.283 as
 * 6.2830000000000004 and lets control characters beyond ASCII pass.
 */
#include "tools/language/json.h"

#include "proto/text.h"
#include "tools/language/json_in.h"
#include "tools/language/json_out.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

/* Deepest nesting of brackets outside of strings. */
static size_t
depth_of(struct span text)
{
    size_t depth = 0;
    size_t deepest = 0;
    bool   quoted = false;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];

        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            deepest = ++depth > deepest ? depth : deepest;
        else if (!quoted && (c == '}' || c == ']') && depth > 0)
            depth--;
    }
    return deepest;
}

json_t *
json_parse(struct span text, struct message_faults *faults)
{
    json_error_t error;
    json_t      *value;

    if (text.len > JSON_TEXT_MAX) {
        message_faults_add(faults, NULL, "is longer than %d bytes",
                           JSON_TEXT_MAX);
        return NULL;
    }
    if (depth_of(text) > JSON_DEPTH_MAX) {
        message_faults_add(faults, NULL, "is nested deeper than %d levels",
                           JSON_DEPTH_MAX);
        return NULL;
    }
    value = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES,
                       &error);
    if (value == NULL)
        message_faults_add(faults, NULL, "line %d, column %d: %.140s",
                           error.line, error.column, error.text);
    return value;
}

enum status
json_object_to_message(const json_t *object, Entente__Message **out,
                       struct message_faults *faults)
{
    Entente__Message *message = NULL;
    enum status       st;

    message_faults_init(faults);
    st = json_in_message(object, &message, faults);
    if (st == STATUS_OK)
        *out = message;
    else if (message != NULL)
        entente__message__free_unpacked(message, NULL);
    return st;
}

enum status
json_to_message(struct span text, Entente__Message **out,
                struct message_faults *faults)
{
    json_t     *object;
    enum status st;

    message_faults_init(faults);
    object = json_parse(text, faults);
    if (object == NULL)
        return text.len > JSON_TEXT_MAX ? STATUS_TOO_LARGE
                                        : STATUS_BAD_ENCODING;
    st = json_object_to_message(object, out, faults);
    json_decref(object);
    return st;
}

enum status
json_from_message(const Entente__Message *message, json_t **out)
{
    json_t *object = json_out_message(message);

    if (object == NULL)
        return STATUS_IO;
    *out = object;
    return STATUS_OK;
}

/* ---- writing ---- */

static void
put_string(const char *bytes, size_t len, FILE *out)
{
    struct span text = {(const uint8_t *)bytes, len};

    fputc('"', out);
    while (text.len > 0) {
        const uint8_t *at = text.ptr;
        bool           bad = false;
        uint32_t       code = text_take(&text, &bad);

        if (bad)
            fputs("\\ufffd", out);
        else if (code == '"' || code == '\\')
            fprintf(out, "\\%c", (int)code);
        else if (code == '\n')
            fputs("\\n", out);
        else if (code == '\t')
            fputs("\\t", out);
        else if (text_is_unseen(code) && code > 0xffff)
            fprintf(out, "\\u%04x\\u%04x",
                    (unsigned)(0xd800 + ((code - 0x10000) >> 10)),
                    (unsigned)(0xdc00 + ((code - 0x10000) & 0x3ff)));
        else if (text_is_unseen(code))
            fprintf(out, "\\u%04x", (unsigned)code);
        else
            fwrite(at, 1, (size_t)(text.ptr - at), out);
    }
    fputc('"', out);
}

/* The fewest digits that read back as the same number, never as a whole. */
static void
put_real(double value, FILE *out)
{
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    fputs(text, out);
    if (strpbrk(text, ".e") == NULL)
        fputs(".0", out);
}

static void
put_break(unsigned indent, unsigned level, FILE *out)
{
    if (indent > 0)
        fprintf(out, "\n%*s", (int)(indent * level), "");
}

static void put_value(const json_t *value, unsigned indent, unsigned level,
                      FILE *out);

static void
put_object(const json_t *object, unsigned indent, unsigned level, FILE *out)
{
    const char *separator = "";
    const char *key;
    json_t     *value;

    fputc('{', out);
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        fputs(separator, out);
        put_break(indent, level + 1, out);
        put_string(key, strlen(key), out);
        fputs(indent > 0 ? ": " : ":", out);
        put_value(value, indent, level + 1, out);
        separator = ",";
    }
    if (separator[0] != '\0')
        put_break(indent, level, out);
    fputc('}', out);
}

static void
put_array(const json_t *array, unsigned indent, unsigned level, FILE *out)
{
    size_t count = json_array_size(array);

    fputc('[', out);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputc(',', out);
        put_break(indent, level + 1, out);
        put_value(json_array_get(array, i), indent, level + 1, out);
    }
    if (count > 0)
        put_break(indent, level, out);
    fputc(']', out);
}

static void
put_value(const json_t *value, unsigned indent, unsigned level, FILE *out)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        put_object(value, indent, level, out);
        return;
    case JSON_ARRAY:
        put_array(value, indent, level, out);
        return;
    case JSON_STRING:
        put_string(json_string_value(value), json_string_length(value), out);
        return;
    case JSON_INTEGER:
        fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return;
    case JSON_REAL:
        put_real(json_real_value(value), out);
        return;
    case JSON_TRUE:
        fputs("true", out);
        return;
    case JSON_FALSE:
        fputs("false", out);
        return;
    case JSON_NULL:
        fputs("null", out);
        return;
    }
}

char *
json_text(const json_t *value, unsigned indent)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len);
    bool   failed;

    if (out == NULL)
        return NULL;
    put_value(value, indent, 0, out);
    failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}
