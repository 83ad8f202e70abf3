/*
 * page.c - safe text in lines.
 *
 * A line breaks at blanks, and between Kanji, which are written without any;
 * what is longer than a line is broken here, since what a terminal breaks
 * goes on in its first column, where only our own words stand.
 */
#include "tools/terminal/page.h"

#include "proto/text.h"
#include "tools/terminal/columns.h"
#include "tools/terminal/safe.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void
page_text(const char *text, FILE *out)
{
    safe_put(span_text(text), false, out);
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
    safe_print(text, page->out);
    (void)fputc('\n', page->out);
}

/* --- words ---------------------------------------------------------------- */

/* Closing marks and small Kana: no line begins with one (JIS X 4051). */
static bool
may_begin(struct span cluster)
{
    static const char never[] = "\xe3\x80\x81\xe3\x80\x82\xef\xbc\x8c"
                                "\xef\xbc\x8e\xe3\x80\x8d\xe3\x80\x8f"
                                "\xef\xbc\x89\xe3\x80\x91\xef\xbc\x81"
                                "\xef\xbc\x9f\xe3\x83\xbc\xe3\x80\x85"
                                "\xe3\x81\x81\xe3\x81\x83\xe3\x81\x85"
                                "\xe3\x81\x87\xe3\x81\x89\xe3\x81\xa3"
                                "\xe3\x82\x83\xe3\x82\x85\xe3\x82\x87"
                                "\xe3\x82\xa1\xe3\x82\xa3\xe3\x82\xa5"
                                "\xe3\x82\xa7\xe3\x82\xa9\xe3\x83\x83"
                                "\xe3\x83\xa3\xe3\x83\xa5\xe3\x83\xa7";

    for (size_t i = 0; i + 3 < sizeof(never); i += 3)
        if (cluster.len >= 3 && memcmp(cluster.ptr, never + i, 3) == 0)
            return false;
    return true;
}

/* Opening marks: no line ends with one. */
static bool
may_end(struct span cluster)
{
    static const char never[] = "\xe3\x80\x8c\xe3\x80\x8e\xef\xbc\x88"
                                "\xe3\x80\x90";

    for (size_t i = 0; i + 3 < sizeof(never); i += 3)
        if (cluster.len >= 3 && memcmp(cluster.ptr, never + i, 3) == 0)
            return false;
    return true;
}

/* What stays together: up to a blank, a line's end, or a place beside a
 * character of two columns. */
static struct span
take_word(struct span *text)
{
    struct span word = {text->ptr, 0};
    struct span before = SPAN_EMPTY;
    size_t      before_columns = 0;

    while (text->len > 0 && text->ptr[0] != ' ' && text->ptr[0] != '\n') {
        struct span left = *text;
        size_t      columns = 0;
        struct span cluster = columns_take(&left, &columns);

        if (word.len > 0 && (columns == 2 || before_columns == 2) &&
            may_begin(cluster) && may_end(before))
            break;
        word.len += cluster.len;
        before = cluster;
        before_columns = columns;
        *text = left;
    }
    return word;
}

/* --- lines ---------------------------------------------------------------- */

struct wrapping {
    FILE    *out;
    size_t   width;
    size_t   at;    /* column */
    unsigned hang;  /* where later lines begin */
    bool     begun; /* a word stands on this line */
    bool     turns; /* each line is isolated */
};

static void
begin_line(const struct wrapping *wrapping)
{
    (void)fputs(wrapping->turns ? SAFE_ISOLATE : "", wrapping->out);
}

static void
end_line(const struct wrapping *wrapping)
{
    (void)fputs(wrapping->turns ? SAFE_ISOLATE_END "\n" : "\n", wrapping->out);
}

static void
next_line(struct wrapping *wrapping)
{
    end_line(wrapping);
    put_blanks(wrapping->hang, wrapping->out);
    begin_line(wrapping);
    wrapping->at = wrapping->hang;
    wrapping->begun = false;
}

static void
put_word(struct wrapping *wrapping, struct span word, bool blank)
{
    blank = blank && wrapping->begun;
    if (wrapping->begun &&
        wrapping->at + blank + columns_of(word) > wrapping->width) {
        next_line(wrapping);
    } else if (blank) {
        (void)fputc(' ', wrapping->out);
        wrapping->at++;
    }
    while (word.len > 0) {
        size_t      columns = 0;
        struct span cluster = columns_take(&word, &columns);

        if (wrapping->at + columns > wrapping->width)
            next_line(wrapping);
        (void)fwrite(cluster.ptr, 1, cluster.len, wrapping->out);
        wrapping->at += columns;
    }
    wrapping->begun = true;
}

static void
put_words(struct wrapping *wrapping, struct span text)
{
    bool blank = false;

    while (text.len > 0) {
        struct span word = take_word(&text);

        if (word.len > 0) {
            put_word(wrapping, word, blank);
            blank = false;
            continue;
        }
        if (text.ptr[0] == '\n' && text.len > 1)
            next_line(wrapping);
        blank = true;
        text = (struct span){text.ptr + 1, text.len - 1};
    }
}

/* Words from column `at` on, later lines beginning at `hang`. */
static void
put_wrapped(const struct page *page, const char *text, size_t at,
            unsigned hang)
{
    size_t          width = page->width == 0 ? PAGE_WIDTH : page->width;
    char           *safe = safe_text(span_text(text), true);
    struct wrapping wrapping = {.out = page->out,
                                .width = width,
                                .at = at,
                                .hang = hang};

    if (hang + PAGE_WIDTH_MIN / 2 > width) /* too deep for so little */
        wrapping.width = hang + PAGE_WIDTH_MIN / 2;
    if (safe != NULL) {
        wrapping.turns = safe_turns(span_text(safe));
        begin_line(&wrapping);
        put_words(&wrapping, span_text(safe));
    }
    end_line(&wrapping);
    free(safe);
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
