/*
 * mail_row.h - a row of inbox or outbox as the JSON object of CLI.md.
 */
#ifndef TOOLS_MAIL_ROW_H
#define TOOLS_MAIL_ROW_H

#include "control.pb-c.h"

#include <jansson.h>
#include <stdbool.h>

/*
 * A new reference; NULL without memory.  Of a message that its sender took
 * back, replaced or added to since, it has "newer": {"action", "ref"}.
 */
json_t *mail_row_json(const Entente__ListRow *row, bool outgoing);

/* What an action has made of another message: "CANCELLED"; "" for none. */
const char *mail_row_done(const char *action);

#endif
