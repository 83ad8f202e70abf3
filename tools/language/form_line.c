/*
 * form_line.c - where a value begins and where it ends.
 */
#include "tools/language/form_line.h"

#include <stdlib.h>
#include <string.h>

static bool
is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

struct span
form_line_trimmed(struct span text)
{
    while (text.len > 0 && (is_blank(text.ptr[0]) || text.ptr[0] == '\n'))
        text = (struct span){text.ptr + 1, text.len - 1};
    while (text.len > 0 && (is_blank(text.ptr[text.len - 1]) ||
                            text.ptr[text.len - 1] == '\n'))
        text.len--;
    return text;
}

static struct span
take_line(struct span *text)
{
    const uint8_t *end = memchr(text->ptr, '\n', text->len);
    size_t len = end == NULL ? text->len : (size_t)(end - text->ptr) + 1;
    struct span line = {text->ptr, len};

    *text = (struct span){text->ptr + len, text->len - len};
    return line;
}

/* Whether the next line is of the value before it: it begins with a blank, or
 * it is empty or a comment and such a line comes behind it. */
static bool
goes_on(struct span text)
{
    while (text.len > 0 && (text.ptr[0] == '\n' || text.ptr[0] == '#'))
        (void)take_line(&text);
    return text.len > 0 && is_blank(text.ptr[0]);
}

enum status
form_line_next(struct span *text, struct span *field, struct span *value)
{
    struct span    line = SPAN_EMPTY;
    const uint8_t *colon;

    do {
        if (text->len == 0)
            return STATUS_NOT_FOUND;
        line = take_line(text);
    } while (line.ptr[0] == '#' || form_line_trimmed(line).len == 0);
    *field = form_line_trimmed(line);
    colon = memchr(line.ptr, ':', line.len);
    if (colon == NULL || is_blank(line.ptr[0]))
        return STATUS_BAD_ENCODING;
    *field = form_line_trimmed((struct span){line.ptr,
                                             (size_t)(colon - line.ptr)});
    *value = (struct span){colon + 1,
                           (size_t)(line.ptr + line.len - (colon + 1))};
    while (goes_on(*text))
        value->len += take_line(text).len; /* it follows without a gap */
    *value = form_line_trimmed(*value);
    return STATUS_OK;
}

size_t
form_line_number(struct span text, struct span place)
{
    size_t line = 1;

    for (size_t i = 0; i < text.len && text.ptr + i < place.ptr; i++)
        line += text.ptr[i] == '\n';
    return line;
}

char *
form_line_joined(struct span value, size_t *len)
{
    char *out = malloc(value.len + 1);
    bool  first = true;

    *len = 0;
    while (out != NULL && value.len > 0) {
        struct span line = take_line(&value);
        bool        begun = first;

        if (!first && line.ptr[0] == '#')
            continue;
        first = false;
        for (size_t i = 0; i < line.len; i++) {
            uint8_t c = line.ptr[i];

            if (c == '\r' || (!begun && is_blank(c)))
                continue;
            begun = true;
            out[(*len)++] = (char)c;
        }
    }
    while (*len > 0 && out[*len - 1] == '\n') /* before a comment */
        (*len)--;
    return out;
}
