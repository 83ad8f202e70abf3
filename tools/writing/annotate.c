/*
 * annotate.c - lines found by the path of a fault, and written above.
 *
 * I1. Every line of the form comes back as it was, but for old `#!` lines.
 * I2. Every fault is told once.
 */
#include "tools/writing/annotate.h"

#include "tools/language/form_in.h"
#include "tools/language/form_line.h"
#include "tools/terminal/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK "#!"

bool
annotate_belongs(const char *one, const char *other)
{
    size_t len = strlen(one) < strlen(other) ? strlen(one) : strlen(other);

    return len > 0 && strncmp(one, other, len) == 0 &&
           strchr(".[", one[len] != '\0' ? one[len] : other[len]) != NULL;
}

/* The line that a fault of form_in.h names itself; 0: it names none. */
static size_t
own_line(const struct message_fault *fault)
{
    const char *digits = fault->path + strlen(FORM_IN_LINE_PATH);

    if (strncmp(fault->path, FORM_IN_LINE_PATH, strlen(FORM_IN_LINE_PATH)) != 0)
        return 0;
    return strtoul(digits, NULL, 10);
}

bool
annotate_has_path(const struct message_fault *fault)
{
    return fault->path[0] != '\0' && own_line(fault) == 0;
}

/* A line with the very field goes before one with a part of it. */
size_t
annotate_line(struct span form, const struct message_fault *fault)
{
    const struct kind *kind = form_in_kind(form);
    struct span        left = form;
    struct span        field = SPAN_EMPTY;
    struct span        value = SPAN_EMPTY;
    char               own[PATH_TEXT];
    size_t             near = own_line(fault);
    enum status        st;

    while ((st = form_line_next(&left, &field, &value)) != STATUS_NOT_FOUND) {
        if (st != STATUS_OK)
            continue;
        form_in_path(kind, field, own);
        if (strcmp(fault->path, own) == 0)
            return form_line_number(form, field);
        if (near == 0 && annotate_belongs(fault->path, own))
            near = form_line_number(form, field);
    }
    return near;
}

/* Words after `#!`, wrapped: not every editor shows a long line whole. */
static void
put_comment(const char *text, FILE *out)
{
    size_t at = strlen(MARK);

    (void)fputs(MARK, out);
    while (*text != '\0') {
        size_t len = strcspn(text, " ");

        if (at + 1 + len > PAGE_WIDTH && at > strlen(MARK)) {
            (void)fputs("\n" MARK, out);
            at = strlen(MARK);
        }
        (void)fprintf(out, " %.*s", (int)len, text);
        at += 1 + len;
        text += len;
        text += strspn(text, " ");
    }
    (void)fputc('\n', out);
}

static void
tell(const struct message_fault *fault, FILE *out)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *line = open_memstream(&text, &len);

    if (line == NULL)
        return;
    if (annotate_has_path(fault))
        page_text(fault->path, line);
    if (annotate_has_path(fault))
        (void)fputc(' ', line);
    page_text(fault->words, line); /* may quote a value of several lines */
    if (fclose(line) == 0)
        put_comment(text, out);
    free(text);
}

enum status
annotate_form(struct span form, const struct message_faults *faults, FILE *out)
{
    size_t lines[MESSAGE_FAULTS];
    size_t line = 0;

    for (size_t i = 0; i < faults->count; i++) {
        lines[i] = annotate_line(form, &faults->list[i]);
        if (lines[i] == 0)
            tell(&faults->list[i], out);
    }
    if (faults->more > 0)
        (void)fprintf(out, "#! and %zu more\n", faults->more);
    while (form.len > 0) {
        const uint8_t *end = memchr(form.ptr, '\n', form.len);
        size_t len = end == NULL ? form.len : (size_t)(end - form.ptr) + 1;
        bool   old = len >= strlen(MARK) &&
                   memcmp(form.ptr, MARK, strlen(MARK)) == 0;

        line++;
        for (size_t i = 0; i < faults->count; i++) {
            if (lines[i] == line) /* (I2) */
                tell(&faults->list[i], out);
        }
        if (!old) /* (I1) */
            (void)fwrite(form.ptr, 1, len, out);
        form = (struct span){form.ptr + len, form.len - len};
    }
    return ferror(out) ? STATUS_IO : STATUS_OK;
}
