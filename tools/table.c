/*
 * table.c - rows in columns.
 *
 * Widths come from a small table of our own: wcwidth() needs a locale, and
 * what a peer wrote must look the same in each.
 */
#include "tools/table.h"

#include "proto/text.h"
#include "tools/page.h"
#include "tools/show.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { GAP = 2, LAST_MIN = 9 };

struct range {
    uint32_t first;
    uint32_t last;
};

/* Combining marks and joiners: no column of their own (Unicode Mn, Me, Cf). */
static const struct range narrow[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},
    {0x064b, 0x065f}, {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948},
    {0x094d, 0x094d}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e},
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x20d0, 0x20ff},
    {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

/* East Asian Wide and Fullwidth, and pictographs (Unicode Annex 11). */
static const struct range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2e80, 0x303e},
    {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
    {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
    {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static bool
is_in(const struct range *ranges, size_t count, uint32_t character)
{
    for (size_t i = 0; i < count; i++) {
        if (character >= ranges[i].first && character <= ranges[i].last)
            return true;
    }
    return false;
}

static size_t
width_of(uint32_t character)
{
    if (is_in(narrow, sizeof(narrow) / sizeof(narrow[0]), character))
        return 0;
    return is_in(wide, sizeof(wide) / sizeof(wide[0]), character) ? 2 : 1;
}

size_t
table_text_width(const char *text)
{
    struct span left = span_text(text);
    size_t      width = 0;

    while (left.len > 0) {
        bool     bad = false;
        uint32_t character = text_take(&left, &bad);

        width += bad ? 1 : width_of(character);
    }
    return width;
}

size_t
table_terminal_width(void)
{
    struct winsize size = {0};

    if (!isatty(STDOUT_FILENO) ||
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

void
table_init(struct table *table, const char *const *titles)
{
    *table = (struct table){0};
    while (titles[table->columns] != NULL) {
        assert(table->columns < TABLE_COLUMNS);
        table->titles[table->columns] = titles[table->columns];
        table->columns++;
    }
}

void
table_clear(struct table *table)
{
    for (size_t i = 0; i < table->count * table->columns; i++)
        free(table->cells[i]);
    free(table->cells);
    table->cells = NULL;
    table->count = table->cap = 0;
}

/* The text made safe; NULL without memory. */
static char *
safe(const char *text)
{
    char  *out = NULL;
    size_t len = 0;
    FILE  *stream = open_memstream(&out, &len);

    if (stream == NULL)
        return NULL;
    show_text(text == NULL ? "-" : text, stream);
    if (fclose(stream) != 0) {
        free(out);
        return NULL;
    }
    return out;
}

void
table_add(struct table *table, const char *const *cells)
{
    if (table->count == table->cap) {
        size_t cap = table->cap == 0 ? 16 : 2 * table->cap;
        char **grown = reallocarray(table->cells, cap * table->columns,
                                    sizeof(*grown));

        if (grown == NULL) {
            table->failed = true;
            return;
        }
        table->cells = grown;
        table->cap = cap;
    }
    for (size_t i = 0; i < table->columns; i++) {
        char *cell = safe(cells[i]);

        table->cells[table->count * table->columns + i] = cell;
        table->failed = table->failed || cell == NULL;
    }
    table->count++;
}

const char *
table_cell(const struct table *table, size_t row, size_t column)
{
    const char *cell = table->cells[row * table->columns + column];

    return cell == NULL ? "" : cell;
}

/* As much of the text as fits in `width` columns; "~" ends what was cut. */
static void
print_cut(const char *text, size_t width, FILE *out)
{
    struct span left = span_text(text);
    size_t      at = 0;

    if (table_text_width(text) <= width) {
        fputs(text, out);
        return;
    }
    while (left.len > 0) {
        struct span before = left;
        bool        bad = false;
        uint32_t    character = text_take(&left, &bad);

        at += bad ? 1 : width_of(character);
        if (at + 1 > width)
            break;
        fwrite(before.ptr, 1, before.len - left.len, out);
    }
    fputc('~', out);
}

static void
print_row(const struct table *table, const size_t *widths, size_t room,
          size_t row, FILE *out)
{
    for (size_t i = 0; i < table->columns; i++) {
        bool        title = row == SIZE_MAX;
        bool        right = table->titles[i][0] == '>';
        bool        last = i + 1 == table->columns;
        const char *text = title ? table->titles[i] + 1
                                 : table_cell(table, row, i);
        size_t      blank = widths[i] - table_text_width(text);

        if (right)
            fprintf(out, "%*s", (int)blank, "");
        if (last && room > 0)
            print_cut(text, room, out);
        else
            fputs(text, out);
        if (!last)
            fprintf(out, "%*s", (int)((right ? 0 : blank) + GAP), "");
    }
    fputc('\n', out);
}

/* "REF: ifc/1", and below it what else is there to tell. */
static void
print_block(const struct table *table, size_t width, size_t row, FILE *out)
{
    for (size_t i = 0; i < table->columns; i++) {
        const struct page page = {out, i == 0 ? 0 : PAGE_INDENT,
                                  page_width_for(width)};
        const char       *text = table_cell(table, row, i);

        if (i == 0 || (text[0] != '\0' && strcmp(text, "-") != 0))
            page_field(&page, table->titles[i] + 1, text);
    }
}

enum status
table_print(const struct table *table, size_t width, FILE *out)
{
    size_t widths[TABLE_COLUMNS] = {0};
    size_t before = 0;
    size_t room = 0;

    for (size_t i = 0; i < table->columns; i++) {
        widths[i] = table_text_width(table->titles[i] + 1);
        for (size_t row = 0; row < table->count; row++) {
            size_t cell = table_text_width(table_cell(table, row, i));

            widths[i] = cell > widths[i] ? cell : widths[i];
        }
        if (i + 1 < table->columns)
            before += widths[i] + GAP;
    }
    if (width >= before + LAST_MIN)
        room = width - before;
    if (width == 0 || room > 0)
        print_row(table, widths, 0, SIZE_MAX, out);
    for (size_t row = 0; row < table->count; row++) {
        if (width == 0 || room > 0)
            print_row(table, widths, room, row, out);
        else
            print_block(table, width, row, out);
    }
    return table->failed || ferror(out) != 0 ? STATUS_IO : STATUS_OK;
}
