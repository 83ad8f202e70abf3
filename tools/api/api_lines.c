/*
 * api_lines.c - one buffer, a line at its front.
 *
 * I1. at <= seen <= len: no end of a line stands in [at, seen).
 * I2. A line that is too long is told once, and then skipped to its end.
 */
#include "tools/api/api_lines.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { READ = 65536, CAP = API_LINES_MAX + 1 + READ };

struct api_lines {
    uint8_t bytes[CAP];
    size_t  at;   /* the line begins here */
    size_t  seen; /* looked through up to here */
    size_t  len;
    size_t  number; /* of lines that ended */
    bool    skipping;
    bool    ended;
};

struct api_lines *
api_lines_new(void)
{
    return calloc(1, sizeof(struct api_lines));
}

void
api_lines_free(struct api_lines *lines)
{
    free(lines);
}

uint8_t *
api_lines_room(struct api_lines *lines, size_t *len)
{
    if (CAP - lines->len < READ && lines->at > 0) {
        memmove(lines->bytes, lines->bytes + lines->at,
                lines->len - lines->at);
        lines->seen -= lines->at;
        lines->len -= lines->at;
        lines->at = 0;
    }
    *len = CAP - lines->len;
    assert(*len > 0); /* api_lines_next() was AGAIN */
    return lines->bytes + lines->len;
}

void
api_lines_add(struct api_lines *lines, size_t len)
{
    assert(len <= CAP - lines->len);
    lines->len += len;
}

void
api_lines_end(struct api_lines *lines)
{
    lines->ended = true;
}

/* The end of the line at the front; false: it has not come. */
static bool
find_end(struct api_lines *lines, size_t *end)
{
    const uint8_t *found = memchr(lines->bytes + lines->seen, '\n',
                                  lines->len - lines->seen);

    lines->seen = lines->len; /* (I1) */
    if (found != NULL)
        *end = (size_t)(found - lines->bytes);
    else if (lines->ended && lines->at < lines->len)
        *end = lines->len;
    else
        return false;
    return true;
}

static bool
is_blank(struct span line)
{
    for (size_t i = 0; i < line.len; i++)
        if (strchr(" \t\r", line.ptr[i]) == NULL || line.ptr[i] == '\0')
            return false;
    return true;
}

/* Goes on behind the line that ended at `end`. */
static void
leave(struct api_lines *lines, size_t end)
{
    lines->at = end < lines->len ? end + 1 : end;
    lines->seen = lines->at;
    lines->number++;
}

enum status
api_lines_next(struct api_lines *lines, struct span *out, size_t *number)
{
    size_t end;

    while (find_end(lines, &end)) {
        struct span line = {lines->bytes + lines->at, end - lines->at};
        bool        skipped = lines->skipping;

        leave(lines, end);
        lines->skipping = false;
        *number = lines->number;
        if (!skipped && line.len > API_LINES_MAX)
            return STATUS_TOO_LARGE;
        if (skipped || is_blank(line))
            continue;
        *out = line;
        return STATUS_OK;
    }
    if (lines->skipping || lines->len - lines->at > API_LINES_MAX) {
        bool told = lines->skipping;

        lines->at = lines->seen = lines->len = 0;
        lines->skipping = true; /* (I2) */
        *number = lines->number + 1;
        return told ? STATUS_AGAIN : STATUS_TOO_LARGE;
    }
    return STATUS_AGAIN;
}
