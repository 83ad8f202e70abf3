/*
 * event_row.h - an event as the JSON object that `watch --json`, `--exec` and
 * `api` give.
 *
 *   {"event", "time", "by", "why", "cursor", and of a message the row of
 *    mail_row.h as it is now, else "peer"}
 *
 * `cursor` is the place after this event: who notes it with what he did, and
 * asks from there, does nothing twice.
 */
#ifndef TOOLS_EVENT_ROW_H
#define TOOLS_EVENT_ROW_H

#include "control.pb-c.h"

#include <jansson.h>
#include <stdbool.h>

/* Else it is an alarm, or the end of one: there is its peer. */
bool event_row_has_message(const Entente__Event *event);

/* A new reference; NULL without memory. */
json_t *event_row_json(const Entente__Event *event);

#endif
