/*
 * table.c - rows in columns, as wide as columns.h says that they are.
 */
#include "tools/terminal/table.h"

#include "tools/terminal/columns.h"
#include "tools/terminal/page.h"
#include "tools/terminal/safe.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { GAP = 2, LAST_MIN = 9 };

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
        const char *text = cells[i] == NULL ? "-" : cells[i];
        char       *cell = safe_text(span_text(text), false);

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

static size_t
width_of(const char *text)
{
    return columns_of(span_text(text));
}

void
table_print_cut(const char *text, size_t width, FILE *out)
{
    struct span left = span_text(text);
    bool        turns = safe_turns(left);
    bool        cut = columns_of(left) > width;
    size_t      at = 0;

    fputs(turns ? SAFE_ISOLATE : "", out);
    while (left.len > 0) {
        size_t      columns = 0;
        struct span cluster = columns_take(&left, &columns);

        at += columns;
        if (at + cut > width)
            break;
        fwrite(cluster.ptr, 1, cluster.len, out);
    }
    fputs(turns ? SAFE_ISOLATE_END : "", out);
    fputs(cut ? "~" : "", out);
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
        size_t      blank = widths[i] - width_of(text);

        if (right)
            fprintf(out, "%*s", (int)blank, "");
        table_print_cut(text, last && room > 0 ? room : SIZE_MAX, out);
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
        widths[i] = width_of(table->titles[i] + 1);
        for (size_t row = 0; row < table->count; row++) {
            size_t cell = width_of(table_cell(table, row, i));

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
