/*
 * page.c - safe text in lines.
 *
 * Wrapping counts characters, not bytes; it breaks at blanks only, so a
 * language without them is left to the terminal.
 */
#include "tools/page.h"

#include "proto/text.h"

#include <ctype.h>
#include <string.h>

static size_t
put_character(struct span *text, FILE *out)
{
    const uint8_t *at = text->ptr;
    bool           bad = false;
    uint32_t       code = text_take(text, &bad);
    int            len = 1;

    if (bad)
        len = fprintf(out, "\\x%02x", at[0]);
    else if (code == '\n')
        len = fprintf(out, "\\n");
    else if (code == '\t')
        len = fprintf(out, "\\t");
    else if (text_is_control(code) && code < 0x100)
        len = fprintf(out, "\\x%02x", (unsigned)code);
    else if (text_is_control(code))
        len = fprintf(out, "\\u{%x}", (unsigned)code);
    else
        (void)fwrite(at, 1, (size_t)(text->ptr - at), out);
    return len < 0 ? 0 : (size_t)len;
}

void
page_text(const char *text, FILE *out)
{
    struct span left = span_text(text);

    while (left.len > 0)
        (void)put_character(&left, out);
}

static void
put_blanks(unsigned count, FILE *out)
{
    (void)fprintf(out, "%*s", (int)count, "");
}

void
page_line(const struct page *page, const char *text)
{
    if (text[0] != '\0')
        put_blanks(page->indent, page->out);
    page_text(text, page->out);
    (void)fputc('\n', page->out);
}

/* Columns of the next character once it is safe; at least what it takes. */
static size_t
columns_of_next(struct span text)
{
    bool     bad = false;
    uint32_t code = text_take(&text, &bad);

    if (bad || (text_is_control(code) && code < 0x100))
        return sizeof("\\x00") - 1;
    if (text_is_control(code))
        return sizeof("\\u{e0000}") - 1;
    return code < 0x1100 ? 1 : 2;
}

static size_t
columns_of(struct span word)
{
    size_t columns = 0;
    bool   bad;

    while (word.len > 0) {
        columns += columns_of_next(word);
        (void)text_take(&word, &bad);
    }
    return columns;
}

struct wrapping {
    FILE    *out;
    size_t   width;
    size_t   at;    /* column */
    unsigned hang;  /* where later lines begin */
    bool     begun; /* a word stands on this line */
};

static void
next_line(struct wrapping *wrapping)
{
    (void)fputc('\n', wrapping->out);
    put_blanks(wrapping->hang, wrapping->out);
    wrapping->at = wrapping->hang;
    wrapping->begun = false;
}

/*
 * A word too long for a line is broken here, since what a terminal breaks
 * goes on in its first column, where only our own words stand.
 */
static void
put_word(struct wrapping *wrapping, struct span word)
{
    if (wrapping->begun &&
        wrapping->at + 1 + columns_of(word) > wrapping->width) {
        next_line(wrapping);
    } else if (wrapping->begun) {
        (void)fputc(' ', wrapping->out);
        wrapping->at++;
    }
    while (word.len > 0) {
        size_t columns = columns_of_next(word);

        if (wrapping->at + columns > wrapping->width)
            next_line(wrapping);
        (void)put_character(&word, wrapping->out);
        wrapping->at += columns;
    }
    wrapping->begun = true;
}

/* Words from column `at` on, later lines beginning at `hang`. */
static void
put_wrapped(const struct page *page, const char *text, size_t at,
            unsigned hang)
{
    size_t          width = page->width == 0 ? PAGE_WIDTH : page->width;
    struct wrapping wrapping = {page->out, width, at, hang, false};

    if (hang + PAGE_WIDTH_MIN / 2 > width) /* too deep for so little */
        wrapping.width = hang + PAGE_WIDTH_MIN / 2;

    while (*text != '\0') {
        size_t len = strcspn(text, " \n");

        if (len > 0)
            put_word(&wrapping, (struct span){(const uint8_t *)text, len});
        text += len;
        if (*text == '\n' && text[1] != '\0')
            next_line(&wrapping);
        text += *text != '\0';
    }
    (void)fputc('\n', page->out);
}

unsigned
page_width_for(size_t terminal)
{
    if (terminal == 0 || terminal > PAGE_WIDTH)
        return PAGE_WIDTH;
    return terminal < PAGE_WIDTH_MIN ? PAGE_WIDTH_MIN : (unsigned)terminal;
}

void
page_field(const struct page *page, const char *name, const char *text)
{
    size_t at = page->indent + strlen(name) + 2;

    put_blanks(page->indent, page->out);
    for (size_t i = 0; name[i] != '\0'; i++) {
        int c = (unsigned char)name[i];

        (void)fputc(i == 0 ? toupper(c) : c == '_' || c == '.' ? ' ' : c,
                    page->out);
    }
    (void)fputs(text[0] == '\0' ? ":" : ": ", page->out);
    put_wrapped(page, text, at, page->indent + PAGE_INDENT);
}

void
page_paragraph(const struct page *page, const char *text)
{
    put_blanks(page->indent, page->out);
    put_wrapped(page, text, page->indent, page->indent);
}

void
page_hanging(const struct page *page, const char *text)
{
    put_blanks(page->indent, page->out);
    put_wrapped(page, text, page->indent, page->indent + PAGE_INDENT);
}
