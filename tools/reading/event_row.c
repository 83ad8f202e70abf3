/*
 * event_row.c - what happened first, then to which message.
 */
#include "tools/reading/event_row.h"

#include "tools/reading/mail_row.h"
#include "tools/terminal/moment.h"

#include <string.h>

bool
event_row_has_message(const Entente__Event *event)
{
    return event->row != NULL && event->row->id[0] != '\0';
}

json_t *
event_row_json(const Entente__Event *event)
{
    const Entente__ListRow *row = event->row;
    json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:s}", "event", event->event,
                            "time", moment_iso(event->time_ms).text, "by",
                            event->by, "why", event->why, "cursor",
                            event->cursor);
    int     failed = out == NULL;

    if (!failed && event_row_has_message(event))
        failed = json_object_update_new(out,
                                        mail_row_json(row, event->outgoing));
    else if (!failed && row != NULL && row->peer[0] != '\0')
        failed = json_object_set_new(out, "peer", json_string(row->peer));
    if (failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}
