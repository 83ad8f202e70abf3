/* lines.c - lines, decimals and base64 fields, one spelling each. */
#include "crypto/lines.h"

#include "crypto/base64.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_BYTES = 48 };

static_assert(BASE64_LEN(BLOCK_BYTES) == LINES_BLOCK, "no padding inside");

struct lines
lines_of(struct span text)
{
    return (struct lines){.left = text};
}

void
lines_fail(struct lines *lines)
{
    lines->failed = true;
    lines->left = SPAN_EMPTY;
}

struct span
lines_take(struct lines *lines)
{
    struct span    left = lines->left;
    const uint8_t *end = left.len > 0 ? memchr(left.ptr, '\n', left.len) : NULL;
    size_t         len;

    lines->line += !lines->failed;
    if (end == NULL) {
        lines_fail(lines);
        return SPAN_EMPTY;
    }
    len = (size_t)(end - left.ptr);
    lines->left = (struct span){end + 1, left.len - len - 1};
    return (struct span){left.ptr, len};
}

static bool
begins(struct span text, struct span prefix)
{
    return text.len >= prefix.len &&
           span_equal((struct span){text.ptr, prefix.len}, prefix);
}

struct span
lines_take_after(struct lines *lines, const char *prefix)
{
    struct span line = lines_take(lines);
    struct span start = span_text(prefix);

    if (lines->failed || !begins(line, start)) {
        lines_fail(lines);
        return SPAN_EMPTY;
    }
    return (struct span){line.ptr + start.len, line.len - start.len};
}

void
lines_expect(struct lines *lines, const char *line)
{
    if (lines_take_after(lines, line).len > 0)
        lines_fail(lines);
}

bool
lines_next_begins(const struct lines *lines, const char *prefix)
{
    return begins(lines->left, span_text(prefix));
}

struct span
lines_note(struct lines *lines)
{
    struct span note = lines->left;

    while (lines_take(lines).len > 0)
        ; /* the text and its empty line */
    while (lines_next_begins(lines, LINES_SIGNATURE))
        (void)lines_take(lines);
    note.len -= lines->left.len;
    return lines->failed ? SPAN_EMPTY : note;
}

uint64_t
lines_decimal(struct lines *lines, struct span digits, uint64_t max)
{
    uint64_t value = 0;
    bool     good = digits.len > 0 && (digits.len == 1 || digits.ptr[0] != '0');

    for (size_t i = 0; good && i < digits.len; i++) {
        uint64_t digit = (uint64_t)digits.ptr[i] - '0'; /* wraps below '0' */

        good = digit <= 9 && digit <= max && value <= (max - digit) / 10;
        value = value * 10 + digit;
    }
    if (!good)
        lines_fail(lines);
    return good ? value : 0;
}

void
lines_base64(struct lines *lines, struct span text, uint8_t *out, size_t len)
{
    size_t got = 0;

    if (base64_decode(text, out, len, &got) != STATUS_OK || got != len)
        lines_fail(lines);
}

size_t
lines_block(struct lines *lines, uint8_t *out, size_t cap)
{
    size_t len = 0;
    size_t width = LINES_BLOCK;

    for (;;) {
        struct span line = lines_take(lines);
        size_t      got = 0;

        if (line.len == 0 && len > 0 && !lines->failed)
            return len;
        if (line.len > LINES_BLOCK || width < LINES_BLOCK ||
            base64_decode(line, out + len, cap - len, &got) != STATUS_OK ||
            got == 0) {
            lines_fail(lines);
            return 0;
        }
        width = line.len;
        len += got;
    }
}

void
lines_put_line(struct writer *out, const char *line)
{
    writer_put(out, span_text(line));
    writer_u8(out, '\n');
}

void
lines_put_decimal(struct writer *out, uint64_t value)
{
    char text[sizeof("18446744073709551615")];

    (void)snprintf(text, sizeof(text), "%" PRIu64, value);
    writer_put(out, span_text(text));
}

void
lines_put_base64(struct writer *out, struct span bytes)
{
    base64_encode(bytes, out);
    writer_u8(out, '\n');
}

void
lines_put_block(struct writer *out, struct span bytes)
{
    struct reader in = reader_of(bytes);

    assert(bytes.len > 0);
    while (in.left > 0) {
        size_t len = in.left < BLOCK_BYTES ? in.left : BLOCK_BYTES;

        lines_put_base64(out, reader_take(&in, len));
    }
    writer_u8(out, '\n');
}
