/*
 * event_view.h - an event as a line for a person.
 *
 *   231000Z APR 14  jmsdf/17   FLASH      new           Tanker off Lagos
 *   231004Z APR 14  jmsdf/s3   ROUTINE    acknowledged  Duty Officer: seen
 *   231009Z APR 14  jmsdf                 alarm         a head of theirs is ...
 *
 * What comes from a peer is made safe: it moves no cursor and rings no bell.
 */
#ifndef TOOLS_EVENT_VIEW_H
#define TOOLS_EVENT_VIEW_H

#include "control.pb-c.h"
#include "proto/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Cut to `width` columns; 0: whole.  IO: no memory. */
NODISCARD enum status event_view_line(const Entente__Event *event,
                                      size_t width, bool color, FILE *out);

/* It is worth waking somebody: what came, from IMMEDIATE up, and what is wrong
 * or overdue. */
bool event_view_rings(const Entente__Event *event);

#endif
