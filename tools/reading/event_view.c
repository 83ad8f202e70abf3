/*
 * event_view.c - fixed columns, then words as far as the terminal is wide.
 */
#include "tools/reading/event_view.h"

#include "proto/leaf.h"
#include "proto/record.h"
#include "tools/reading/event_row.h"
#include "tools/reading/mail_row.h"
#include "tools/terminal/columns.h"
#include "tools/terminal/moment.h"
#include "tools/terminal/safe.h"
#include "tools/terminal/table.h"

#include <stdlib.h>
#include <string.h>

enum { REF_WIDTH = 12, PRECEDENCE_WIDTH = 9, EVENT_WIDTH = 12 };

static unsigned
precedence_of(const Entente__Event *event)
{
    for (unsigned i = 0; i < PRECEDENCE_COUNT; i++)
        if (strcmp(event->row->precedence, precedence_name(i)) == 0)
            return i;
    return 0;
}

static bool
is_arrival(const Entente__Event *event)
{
    return strcmp(event->event, state_word(STATE_NEW)) == 0 ||
           strcmp(event->event, state_word(STATE_QUARANTINED)) == 0;
}

bool
event_view_rings(const Entente__Event *event)
{
    return strcmp(event->event, "alarm") == 0 ||
           strcmp(event->event, "capture") == 0 ||
           strcmp(event->event, "overdue") == 0 ||
           (is_arrival(event) && precedence_of(event) >= PRECEDENCE_IMMEDIATE);
}

/* Red for what rings, yellow for IMMEDIATE on its way; "": as it is. */
static const char *
color_of(const Entente__Event *event)
{
    if (event_view_rings(event))
        return "\x1b[31m";
    return precedence_of(event) >= PRECEDENCE_IMMEDIATE ? "\x1b[33m" : "";
}

/* "Duty Officer: we have her in sight - Tanker off Lagos" */
static void
put_words(const Entente__Event *event, FILE *out)
{
    const char *parts[] = {event->by, event->why, event->row->subject};
    const char *before[] = {"", ": ", " - "};
    bool        any = false;

    for (size_t i = 0; i < 3; i++) {
        if (parts[i][0] == '\0')
            continue;
        if (any)
            fputs(before[i], out);
        if (i == 2)
            fputs(mail_row_files(event->row).text, out);
        safe_put(span_text(parts[i]), false, out);
        any = true;
    }
}

static void
put_padded(const char *text, size_t width, FILE *out)
{
    char  *safe = safe_text(span_text(text), false);
    size_t columns = safe == NULL ? 0 : columns_of(span_text(safe));

    fprintf(out, "%s%*s  ", safe == NULL ? "" : safe,
            columns < width ? (int)(width - columns) : 0, "");
    free(safe);
}

/* The line, in two parts: what is coloured, and the rest. */
NODISCARD static enum status
compose(const Entente__Event *event, char **head, char **rest)
{
    size_t len = 0;
    FILE  *one = open_memstream(head, &len);
    FILE  *two = open_memstream(rest, &len);
    bool   named = event_row_has_message(event);
    int    failed = one == NULL || two == NULL;

    if (!failed) {
        fprintf(one, "%s  ", moment_dtg(event->time_ms).text);
        put_padded(named ? event->row->ref : event->row->peer, REF_WIDTH, one);
        put_padded(event->row->precedence, PRECEDENCE_WIDTH, one);
        put_padded(event->event, EVENT_WIDTH, one);
        put_words(event, two);
    }
    failed |= one != NULL && fclose(one) != 0;
    failed |= two != NULL && fclose(two) != 0;
    return failed != 0 ? STATUS_IO : STATUS_OK;
}

enum status
event_view_line(const Entente__Event *event, size_t width, bool color,
                FILE *out)
{
    char       *head = NULL;
    char       *rest = NULL;
    enum status st = compose(event, &head, &rest);
    const char *paint = color ? color_of(event) : "";

    if (st == STATUS_OK) {
        size_t used = columns_of(span_text(head));

        fputs(paint, out);
        table_print_cut(head, width == 0 ? SIZE_MAX : width, out);
        fputs(paint[0] == '\0' ? "" : "\x1b[0m", out);
        if (width == 0 || used < width)
            table_print_cut(rest, width == 0 ? SIZE_MAX : width - used, out);
        st = fputc('\n', out) == EOF ? STATUS_IO : STATUS_OK;
    }
    free(head);
    free(rest);
    return st;
}
