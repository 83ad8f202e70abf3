/*
 * protocol_page.h - proto/PROTOCOL.md as its tests read it: fenced blocks by
 * name, tables by the comment that stands before them.
 *
 *     ```hex link/frame-1          <!-- table: labels -->
 *     0011...                      | name | string | where |
 *     ```
 *
 * A block that differs from what the code says fails the test and prints the
 * right one; with PROTOCOL_REWRITE in the environment it is written anew.
 * Each program answers for the areas (the part before the slash) it names:
 * a block of one that it never compared fails, too.
 *
 * Include once, in a test of cmocka.
 */
#ifndef TESTS_UNIT_PROTOCOL_PAGE_H
#define TESTS_UNIT_PROTOCOL_PAGE_H

#include "proto/origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_PATH SOURCE_DIR "/proto/PROTOCOL.md"
#define FENCE "```"

enum { PAGE_SEEN = 64, PAGE_NAME = 64, PAGE_CELLS = 10, PAGE_CELL = 512 };

static struct page {
    char  *text; /* ended by a zero byte */
    bool   changed;
    char   seen[PAGE_SEEN][PAGE_NAME];
    size_t seen_count;
} page;

/* The whole of a file of the tree; free it. */
static inline char *
page_file(const char *path)
{
    FILE  *file = fopen(path, "rb");
    char  *text = NULL;
    size_t len = 0;

    if (file == NULL || getdelim(&text, &len, '\0', file) < 0)
        fail_msg("%s cannot be read", path);
    fclose(file);
    return text;
}

static inline int
page_open(void **state)
{
    (void)state;
    page = (struct page){.text = page_file(PAGE_PATH)};
    return 0;
}

static inline int
page_close(void **state)
{
    FILE *file;
    int   failed = 0;

    (void)state;
    if (page.changed) {
        file = fopen(PAGE_PATH, "wb");
        failed = file == NULL || fputs(page.text, file) < 0;
        failed = (file != NULL && fclose(file) != 0) || failed;
        print_message("%s was written anew\n", PAGE_PATH);
    }
    free(page.text);
    return failed;
}

/* --- blocks --------------------------------------------------------------- */

/* The content of the block of that name: [*from, *to) in page.text. */
static inline void
page_find(const char *name, size_t *from, size_t *to)
{
    char        mark[PAGE_NAME + 2];
    const char *line = NULL;
    const char *end;

    snprintf(mark, sizeof(mark), " %s\n", name);
    for (const char *at = page.text; (at = strstr(at, "\n" FENCE)) != NULL;
         at += 4) {
        const char *stop = strchr(at + 1, '\n');
        size_t      len = strlen(mark);

        if (stop == NULL || (size_t)(stop + 1 - at) < len ||
            memcmp(stop + 1 - len, mark, len) != 0)
            continue;
        line = stop + 1;
        break;
    }
    if (line == NULL)
        fail_msg("PROTOCOL.md has no block %s", name);
    end = strncmp(line, FENCE "\n", 4) == 0 ? line : strstr(line, "\n" FENCE);
    assert_non_null(end);
    *from = (size_t)(line - page.text);
    *to = (size_t)(end - page.text) + (end != line);
}

static inline void
page_replace(size_t from, size_t to, const char *with)
{
    size_t len = strlen(page.text), with_len = strlen(with);
    char  *text = malloc(len + with_len + 1);

    assert_non_null(text);
    memcpy(text, page.text, from);
    memcpy(text + from, with, with_len);
    memcpy(text + from + with_len, page.text + to, len - to + 1);
    free(page.text);
    page.text = text;
    page.changed = true;
}

/* That the block is `right`, which ends with a newline. */
static inline void
page_block(const char *name, const char *right)
{
    size_t from, to;

    page_find(name, &from, &to);
    assert_true(page.seen_count < PAGE_SEEN);
    snprintf(page.seen[page.seen_count++], PAGE_NAME, "%s", name);
    if (strlen(right) == to - from &&
        memcmp(page.text + from, right, to - from) == 0)
        return;
    if (getenv("PROTOCOL_REWRITE") != NULL)
        page_replace(from, to, right);
    else
        fail_msg("PROTOCOL.md, block %s should be:\n%s", name, right);
}

/* The same for bytes, as lines of 32. */
static inline void
page_hex(const char *name, struct span bytes)
{
    size_t lines = (bytes.len + 31) / 32;
    char  *text = calloc(lines * 65 + 1, 1);
    size_t at = 0;

    assert_non_null(text);
    for (size_t i = 0; i < bytes.len; i += 32) {
        size_t part = bytes.len - i < 32 ? bytes.len - i : 32;

        hex_encode(bytes.ptr + i, part, text + at);
        at += 2 * part;
        text[at++] = '\n';
    }
    text[at] = '\0';
    page_block(name, text);
    free(text);
}

/* A text that grows line by line. */
struct lines_text {
    char   text[65536];
    size_t len;
};

static inline void page_line(struct lines_text *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline void
page_line(struct lines_text *out, const char *format, ...)
{
    va_list args;
    int     len;

    va_start(args, format);
    len = vsnprintf(out->text + out->len, sizeof(out->text) - out->len - 1,
                    format, args);
    va_end(args);
    assert_true(len >= 0 && out->len + (size_t)len + 2 < sizeof(out->text));
    out->len += (size_t)len;
    out->text[out->len++] = '\n';
    out->text[out->len] = '\0';
}

/* "words    hex", 32 bytes a line */
static inline void
page_line_hex(struct lines_text *out, const char *words, struct span bytes)
{
    char hex[65];

    for (size_t i = 0; i < bytes.len; i += 32) {
        hex_encode(bytes.ptr + i, bytes.len - i < 32 ? bytes.len - i : 32, hex);
        page_line(out, "%-20s %s", i == 0 ? words : "", hex);
    }
}

/*
 * The name of the next block that has one, from *at on: start with page.text.
 * False: there is none.
 */
static inline bool
page_next_name(const char **at, char name[static PAGE_NAME])
{
    while ((*at = strstr(*at, "\n" FENCE)) != NULL) {
        size_t kind, len;

        *at += 4;
        kind = strspn(*at, "abcdefghijklmnopqrstuvwxyz");
        if (kind == 0 || (*at)[kind] != ' ')
            continue;
        *at += kind + 1;
        len = strcspn(*at, "\n");
        assert_true(len < PAGE_NAME);
        snprintf(name, PAGE_NAME, "%.*s", (int)len, *at);
        return true;
    }
    return false;
}

/* Whether the name begins with one of these. */
static inline bool
page_is_in(const char *name, const char *const *areas, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(name, areas[i], strlen(areas[i])) == 0)
            return true;
    return false;
}

/* Every named block of these areas was compared. */
static inline void
page_all_seen(const char *const *areas, size_t count)
{
    const char *at = page.text;
    char        name[PAGE_NAME];

    while (page_next_name(&at, name)) {
        bool seen = false;

        for (size_t i = 0; i < page.seen_count; i++)
            seen = seen || strcmp(name, page.seen[i]) == 0;
        if (page_is_in(name, areas, count) && !seen)
            fail_msg("PROTOCOL.md, block %s: nothing stands behind it", name);
    }
}

/* --- tables --------------------------------------------------------------- */

struct page_table {
    const char *name;
    const char *at; /* the next row */
};

static inline struct page_table
page_table(const char *name)
{
    struct page_table table = {.name = name};
    char              mark[PAGE_NAME];

    snprintf(mark, sizeof(mark), "<!-- table: %s -->\n\n|", name);
    table.at = strstr(page.text, mark);
    if (table.at == NULL)
        fail_msg("PROTOCOL.md has no table %s", name);
    table.at += strlen(mark) - 1;
    for (int i = 0; i < 2; i++) { /* the head and the line below it */
        table.at = strchr(table.at, '\n');
        assert_non_null(table.at);
        table.at++;
    }
    return table;
}

/* The first `cells` cells of the next row, "a | b"; empty past the last. */
static inline void
page_take_row(struct page_table *table, size_t cells,
              char out[static PAGE_CELL])
{
    const char *end = strchr(table->at, '\n');
    const char *at = table->at;
    size_t      len = 0;

    assert_non_null(end);
    out[0] = '\0';
    if (*at != '|')
        return;
    for (size_t i = 0; i < cells; i++) {
        const char *from = at + 1;
        const char *to;

        at = memchr(from, '|', (size_t)(end - from));
        if (at == NULL)
            fail_msg("table %s: a row has too few cells", table->name);
        for (to = at; from < to && strchr(" `", *from) != NULL; from++)
            ;
        for (; to > from && strchr(" `", to[-1]) != NULL; to--)
            ;
        len += (size_t)snprintf(out + len, PAGE_CELL - len, "%s%.*s",
                                i > 0 ? " | " : "", (int)(to - from), from);
    }
    table->at = end + 1;
}

/* That the next row begins with these cells, given as "a | b". */
static inline void page_row(struct page_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline void
page_row(struct page_table *table, const char *format, ...)
{
    char    right[PAGE_CELL], is[PAGE_CELL];
    size_t  cells = 1;
    va_list args;

    va_start(args, format);
    vsnprintf(right, sizeof(right), format, args);
    va_end(args);
    for (const char *at = right; (at = strstr(at, " | ")) != NULL; at += 3)
        cells++;
    page_take_row(table, cells, is);
    if (strcmp(is, right) != 0)
        fail_msg("PROTOCOL.md, table %s: | %s | should be | %s |",
                 table->name, is, right);
}

struct page_cells {
    char at[PAGE_CELLS][PAGE_CELL];
};

/* The cells of the next row; false: there is none. */
static inline bool
page_next_row(struct page_table *table, size_t cells, struct page_cells *out)
{
    char        row[PAGE_CELL];
    const char *at = row;

    assert_true(cells <= PAGE_CELLS);
    page_take_row(table, cells, row);
    for (size_t i = 0; row[0] != '\0' && i < cells; i++) {
        const char *end = strstr(at, " | ");
        size_t      len = end == NULL ? strlen(at) : (size_t)(end - at);

        snprintf(out->at[i], PAGE_CELL, "%.*s", (int)len, at);
        at += end == NULL ? len : len + 3;
    }
    return row[0] != '\0';
}

static inline void
page_table_end(struct page_table *table)
{
    char is[PAGE_CELL];

    page_take_row(table, 1, is);
    if (is[0] != '\0')
        fail_msg("PROTOCOL.md, table %s: | %s | is one too many", table->name,
                 is);
}

#endif
