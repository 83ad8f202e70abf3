/*
 * card_text.c - people read the lines, programs the block; both say the same.
 *
 * Invariant:
 *  (I1) card_text_compare accepts a text only if each of its lines is the one
 *       that card_text_write wrote, and there are no others.
 */
#include "crypto/card_text.h"

#include "crypto/base64.h"
#include "crypto/lines.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { BLOCK_LINE_BYTES = 48, MINUTE_LEN = 20 };

#define TITLE "Entente card"
#define BEGIN "-----BEGIN ENTENTE CARD-----"
#define END "-----END ENTENTE CARD-----"
#define ADDRESS "Address:           "
#define ADDRESS_NONE ADDRESS "none (by courier only)"

/* Before the addresses; what follows the name of a field differs. */
static const char *const head_fields[] = {
    "Node:              ", "Organisation:      ", "Country:           ",
    "Node id:           ", "Valid until:       ",
};
enum { HEAD_FIELDS = sizeof(head_fields) / sizeof(head_fields[0]) };
#define FIRST_CONTACT "First contact key: "

static const char *const advice[] = {
    "",
    "Hand this file to the administrator of the other node, by any means:",
    "nothing in it is secret. They type",
    "",
    "    entente pair FILE",
    "",
    "and you do the same with theirs. Then read the safety number to each",
    "other by telephone or in person. A file in which any character was",
    "changed is refused.",
    "",
};
enum { ADVICE_LINES = sizeof(advice) / sizeof(advice[0]) };

static void
put_text(struct writer *out, const char *text)
{
    writer_put(out, span_text(text));
}

static void
put_line(struct writer *out, const char *field, const char *value)
{
    put_text(out, field);
    put_text(out, value);
    put_text(out, "\n");
}

/* Days of a month, from 1, of the Gregorian calendar. */
static uint64_t
days_of(uint64_t year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (uint64_t)(month == 2 && leap);
}

/* "2031-05-17 09:30 UTC"; at most CERT_TIME_MAX, so four digits a year. */
static void
format_minute(uint64_t ms, char out[static MINUTE_LEN + 1])
{
    uint64_t minutes = ms / 60000, days = minutes / (24 * 60);
    uint64_t year = 1970;
    unsigned month = 1;
    int      len;

    assert(ms <= CERT_TIME_MAX);
    while (days >= days_of(year, month)) {
        days -= days_of(year, month);
        year += month == 12;
        month = month % 12 + 1;
    }
    len = snprintf(out, MINUTE_LEN + 1,
                   "%04" PRIu64 "-%02u-%02" PRIu64 " %02" PRIu64 ":%02" PRIu64
                   " UTC",
                   year, month, days + 1, minutes / 60 % 24, minutes % 60);
    assert(len == MINUTE_LEN);
}

static void
put_fields(struct writer *out, const struct card *card)
{
    char    node_id[2 * LIMIT_NODE_ID + 1], key_id[2 * CARD_KEY_ID_LEN + 1];
    char    until[MINUTE_LEN + 1];
    uint8_t id[CARD_KEY_ID_LEN];

    hex_encode(card->cert.node.bytes, LIMIT_NODE_ID, node_id);
    card_key_id(card->first_contact, id);
    hex_encode(id, sizeof(id), key_id);
    format_minute(card->expires_ms, until);
    put_line(out, head_fields[0], card->cert.node_name);
    put_line(out, head_fields[1], card->cert.org_name);
    put_line(out, head_fields[2], card->cert.country);
    put_line(out, head_fields[3], node_id);
    put_line(out, head_fields[4], until);
    for (size_t i = 0; i < card->address_count; i++)
        put_line(out, ADDRESS, card->address[i]);
    if (card->address_count == 0)
        put_line(out, ADDRESS_NONE, "");
    put_line(out, FIRST_CONTACT, key_id);
}

struct span
card_text_span(const struct card_text *text)
{
    return (struct span){(const uint8_t *)text->text, text->len};
}

void
card_text_write(const struct card *card, struct span block,
                struct card_text *out)
{
    struct writer to = writer_of((uint8_t *)out->text, LIMIT_CARD);
    struct reader in = reader_of(block);

    put_line(&to, TITLE, "");
    put_line(&to, "", "");
    put_fields(&to, card);
    for (size_t i = 0; i < ADVICE_LINES; i++)
        put_line(&to, advice[i], "");
    put_line(&to, BEGIN, "");
    while (in.left > 0) {
        size_t len = in.left < BLOCK_LINE_BYTES ? in.left : BLOCK_LINE_BYTES;

        base64_encode(reader_take(&in, len), &to);
        put_text(&to, "\n");
    }
    put_line(&to, END, "");
    assert(writer_end(&to) == STATUS_OK);
    out->len = to.len;
    out->text[to.len] = '\0';
}

enum status
card_text_normalize(struct span text, struct card_text *out)
{
    struct writer to = writer_of((uint8_t *)out->text, LIMIT_CARD);

    for (size_t i = 0; i < text.len; i++) {
        bool cr_lf = text.ptr[i] == '\r' && i + 1 < text.len &&
                     text.ptr[i + 1] == '\n';

        if (!cr_lf)
            writer_u8(&to, text.ptr[i]);
    }
    if (text.len > 0 && text.ptr[text.len - 1] != '\n')
        writer_u8(&to, '\n');
    if (writer_end(&to) != STATUS_OK)
        return STATUS_TOO_LARGE;
    out->len = to.len;
    out->text[to.len] = '\0';
    return STATUS_OK;
}

/* The lines still to be read, and the number of the one read last. */
struct cursor {
    struct lines lines;
    size_t       line;
};

/* Takes a line that begins so, or fails at it. */
static struct span
expect(struct cursor *at, const char *prefix)
{
    if (at->lines.failed)
        return SPAN_EMPTY;
    at->line++;
    return lines_take_after(&at->lines, prefix);
}

static void
expect_whole(struct cursor *at, const char *line)
{
    if (expect(at, line).len > 0)
        lines_fail(&at->lines);
}

static void
expect_head(struct cursor *at)
{
    expect_whole(at, TITLE);
    expect_whole(at, "");
    for (size_t i = 0; i < HEAD_FIELDS; i++)
        (void)expect(at, head_fields[i]);
    while (lines_next_begins(&at->lines, ADDRESS))
        (void)expect(at, ADDRESS);
    (void)expect(at, FIRST_CONTACT);
    for (size_t i = 0; i < ADVICE_LINES; i++)
        expect_whole(at, advice[i]);
    expect_whole(at, BEGIN);
}

/* The lines up to END, decoded. */
static void
take_block(struct cursor *at, struct card_block *out)
{
    out->len = 0;
    out->line = at->line + 1;
    while (!at->lines.failed && !lines_next_begins(&at->lines, END "\n")) {
        struct span line = expect(at, "");
        size_t      len = 0;

        if (base64_decode(line, out->bytes + out->len,
                          sizeof(out->bytes) - out->len, &len) != STATUS_OK)
            lines_fail(&at->lines);
        out->len += len;
    }
    expect_whole(at, END);
}

enum status
card_text_block(const struct card_text *text, struct card_block *out,
                size_t *line)
{
    struct cursor at = {.lines = lines_of(card_text_span(text))};

    expect_head(&at);
    take_block(&at, out);
    if (!at.lines.failed && at.lines.left.len > 0) {
        at.line++;
        lines_fail(&at.lines);
    }
    *line = at.line;
    return at.lines.failed ? STATUS_BAD_ENCODING : STATUS_OK;
}

enum status
card_text_compare(const struct card_text *is, const struct card_text *should,
                  size_t *line)
{
    size_t at = 0;

    *line = 1;
    while (is->text[at] == should->text[at] && at < should->len)
        *line += is->text[at++] == '\n';
    if (is->len != should->len || at < should->len) /* (I1) */
        return STATUS_BAD_ENCODING;
    return STATUS_OK;
}
