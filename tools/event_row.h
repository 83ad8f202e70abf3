/*
 * event_row.h - an event as the JSON object that `watch --json`, `--exec` and
 * `api` give.
 *
 *   {"event", "time", "by", "why", "cursor", and of a message the row of
 *    mail_row.h as it is now, of an alarm "peer"}
 *
 * `cursor` is the place after this event: who notes it with what he did, and
 * asks from there, does nothing twice.
 */
#ifndef TOOLS_EVENT_ROW_H
#define TOOLS_EVENT_ROW_H

#include "control.pb-c.h"

#include <jansson.h>
#include <stdbool.h>

/* Not about a message: there is a peer (or none), and `why`. */
bool event_row_is_alarm(const Entente__Event *event);

/* A new reference; NULL without memory. */
json_t *event_row_json(const Entente__Event *event);

#endif
