/*
 * table.h - rows in columns for a terminal, aligned also where characters are
 * two columns wide or none.
 *
 * Cells are made safe for a terminal when they are added (safe.h).
 */
#ifndef TOOLS_TABLE_H
#define TOOLS_TABLE_H

#include "proto/bytes.h"

#include <stdio.h>

enum { TABLE_COLUMNS = 12 };

struct table {
    size_t      columns;
    const char *titles[TABLE_COLUMNS]; /* "<KIND" left, ">QUEUED" right */
    size_t      count;
    size_t      cap;
    char      **cells;  /* count * columns, each the table's own */
    bool        failed; /* no memory for a row */
};

/* Titles up to NULL; static text.  `<` or `>` before each aligns it. */
void table_init(struct table *table, const char *const *titles);
void table_clear(struct table *table);

/* One row: as many texts as there are titles, copied; NULL counts as "-". */
void table_add(struct table *table, const char *const *cells);

/* What was added, made safe; "" without memory. */
const char *table_cell(const struct table *table, size_t row, size_t column);

/*
 * Titles and rows.  width: of the terminal, to which the last column is cut,
 * or where too little would be left of it each row becomes a block of lines;
 * 0: neither.  IO: a row was lost for want of memory, or out failed.
 */
NODISCARD enum status table_print(const struct table *table, size_t width,
                                  FILE *out);

/* As much of a safe text as fits in `width` columns; "~" ends what was cut. */
void table_print_cut(const char *text, size_t width, FILE *out);

/* Columns of standard output where it is a terminal, else 0. */
size_t table_terminal_width(void);

#endif
