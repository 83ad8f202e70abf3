/*
 * mail_row.c - the same names for every command that gives a row.
 */
#include "tools/mail_row.h"

#include "tools/moment.h"

json_t *
mail_row_json(const Entente__ListRow *row, bool outgoing)
{
    return json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id",
                     row->id, "ref", row->ref, "number",
                     (json_int_t)row->number, outgoing ? "to" : "from",
                     row->peer, "kind", row->kind, "precedence",
                     row->precedence, "status", row->status, "subject",
                     row->subject, outgoing ? "submitted" : "received",
                     moment_iso(row->time_ms).text, "state", row->state);
}
