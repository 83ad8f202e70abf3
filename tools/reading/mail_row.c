/*
 * mail_row.c - the same names for every command that gives a row.
 */
#include "tools/reading/mail_row.h"

#include "tools/terminal/moment.h"

#include <stdio.h>
#include <string.h>

const char *
mail_row_done(const char *action)
{
    static const struct {
        const char *action, *done;
    } table[] = {{"RECALL", "RECALLED"},
                 {"CANCEL", "CANCELLED"},
                 {"CORRECT", "CORRECTED"},
                 {"UPDATE", "UPDATED"}};

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(table[i].action, action) == 0)
            return table[i].done;
    return "";
}

struct mail_files
mail_row_files(const Entente__ListRow *row)
{
    struct mail_files out = {""};
    bool complete = strcmp(row->attachments_state, "complete") == 0;

    if (row->attachments > 0)
        snprintf(out.text, sizeof(out.text), "[%u file%s%s%.20s] ",
                 row->attachments, row->attachments == 1 ? "" : "s",
                 complete ? "" : ", ",
                 complete ? "" : row->attachments_state);
    return out;
}

json_t *
mail_row_json(const Entente__ListRow *row, bool outgoing)
{
    json_t *object = json_pack(
        "{s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id", row->id,
        "ref", row->ref, "number", (json_int_t)row->number,
        outgoing ? "to" : "from", row->peer, "kind", row->kind, "precedence",
        row->precedence, "status", row->status, "subject", row->subject,
        outgoing ? "submitted" : "received", moment_iso(row->time_ms).text,
        "state", row->state);

    if (row->why[0] != '\0')
        json_object_set_new(object, "held", json_string(row->why));
    if (row->newer[0] != '\0')
        json_object_set_new(object, "newer",
                            json_pack("{s:s, s:s}", "action", row->newer, "ref",
                                      row->newer_ref));
    if (row->attachments > 0)
        json_object_set_new(
            object, "attachments",
            json_pack("{s:I, s:I, s:s}", "count", (json_int_t)row->attachments,
                      "complete", (json_int_t)row->attachments_complete,
                      "state", row->attachments_state));
    return object;
}
