/*
 * changes.c - both messages as rows of path and text, held against each other.
 */
#include "tools/writing/changes.h"

#include "tools/language/fields.h"
#include "tools/language/form_value.h"
#include "tools/terminal/page.h"

#include <stdlib.h>
#include <string.h>

enum {
    SHOWN = 160,  /* bytes of each of two texts */
    BEFORE = 30   /* of them, what both have before they part */
};

struct row {
    char  path[PATH_TEXT];
    char *text;
};

struct rows {
    struct row *list;
    size_t      count;
    bool        failed;
};

/* --- rows ----------------------------------------------------------------- */

static bool
differs_by_nature(const char *path)
{
    static const char *const names[] = {
        "id", "version", "dtg", "action", "refs", "change_since.ref"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(path, names[i]) == 0)
            return true;
    return false;
}

static void
put_value(const struct fields_row *row, const json_t *value, FILE *out)
{
    char *text = form_value_text(row->field, value);

    fputs(text == NULL ? "" : text, out);
    free(text);
}

/* A list in one line; for free(), NULL without memory. */
static char *
text_of(const struct fields_row *row)
{
    bool   list = json_is_array(row->value);
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len);

    if (out == NULL)
        return NULL;
    if (!list)
        put_value(row, row->value, out);
    for (size_t i = 0; i < json_array_size(row->value); i++) {
        fputs(i == 0 ? "" : ", ", out);
        put_value(row, json_array_get(row->value, i), out);
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static void
on_field(const struct fields_row *row, void *context)
{
    struct rows *rows = context;
    struct row  *longer;
    char        *text;

    if (row->value == NULL || rows->failed || differs_by_nature(row->path))
        return;
    text = text_of(row);
    longer = realloc(rows->list, (rows->count + 1) * sizeof(*longer));
    rows->list = longer == NULL ? rows->list : longer;
    rows->failed = text == NULL || longer == NULL;
    if (rows->failed || text[0] == '\0') {
        free(text);
        return;
    }
    snprintf(longer[rows->count].path, PATH_TEXT, "%s", row->path);
    longer[rows->count++].text = text;
}

static void
rows_clear(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free(rows->list[i].text);
    free(rows->list);
}

/* NULL: it has none at that path. */
static const char *
text_at(const struct rows *rows, const char *path)
{
    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->list[i].path, path) == 0)
            return rows->list[i].text;
    return NULL;
}

/* --- telling -------------------------------------------------------------- */

static bool
is_within_character(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* From `from` on as much as is shown, with dots for the rest. */
static void
put_cut(const char *text, size_t from, FILE *out)
{
    size_t end = strlen(text);

    if (end - from > SHOWN) {
        end = from + SHOWN;
        while (is_within_character(text[end]))
            end--;
    }
    fputs(from > 0 ? "... " : "", out);
    fwrite(text + from, 1, end - from, out);
    fputs(text[end] != '\0' ? " ..." : "", out);
}

/* A little before two long texts part; 0: from the beginning. */
static size_t
where_they_part(const char *one, const char *other)
{
    size_t at = 0;

    while (one[at] != '\0' && one[at] == other[at])
        at++;
    if (at < SHOWN / 2)
        return 0;
    at -= BEFORE;
    while (is_within_character(one[at]))
        at--;
    return at;
}

/* "9074729 (was: 9074728)" */
NODISCARD static enum status
say(const struct page *page, const char *path, const char *was, const char *is)
{
    size_t from = was == NULL || is == NULL ? 0 : where_they_part(was, is);
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len);

    if (out == NULL)
        return STATUS_IO;
    if (is != NULL)
        put_cut(is, from, out);
    fputs(was == NULL ? " (new)" : is == NULL ? "(taken out; was: " : " (was: ",
          out);
    if (was != NULL) {
        put_cut(was, from, out);
        fputc(')', out);
    }
    if (fclose(out) != 0) {
        free(text);
        return STATUS_IO;
    }
    page_field(page, path, text);
    free(text);
    return STATUS_OK;
}

NODISCARD static enum status
compare(const struct rows *before, const struct rows *now,
        const struct page *page, size_t *count)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < now->count && st == STATUS_OK; i++) {
        const struct row *row = &now->list[i];
        const char       *was = text_at(before, row->path);

        if (was != NULL && strcmp(was, row->text) == 0)
            continue;
        st = say(page, row->path, was, row->text);
        ++*count;
    }
    for (size_t i = 0; i < before->count && st == STATUS_OK; i++) {
        const struct row *row = &before->list[i];

        if (text_at(now, row->path) != NULL)
            continue;
        st = say(page, row->path, row->text, NULL);
        ++*count;
    }
    return st;
}

enum status
changes_print(const struct kind *kind, const json_t *before, const json_t *now,
              const char *ref, FILE *out)
{
    const struct page page = {.out = out, .indent = PAGE_INDENT};
    struct rows       old = {.count = 0};
    struct rows       new = {.count = 0};
    size_t            count = 0;
    enum status       st = STATUS_IO;

    fields_each(kind, before, on_field, &old);
    fields_each(kind, now, on_field, &new);
    fputs("Changed against ", out);
    page_text(ref, out);
    fputs(":\n", out);
    if (!old.failed && !new.failed)
        st = compare(&old, &new, &page, &count);
    if (st == STATUS_OK && count == 0)
        page_line(&page, "nothing");
    fputc('\n', out);
    rows_clear(&old);
    rows_clear(&new);
    return st;
}
