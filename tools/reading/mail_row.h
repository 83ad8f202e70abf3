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
 * back, replaced or added to since, it has "newer": {"action", "ref"}; of one
 * with attachments "attachments": {"count", "complete", "state"}.
 */
json_t *mail_row_json(const Entente__ListRow *row, bool outgoing);

/* "[2 files, partial] ", to stand before its subject, where it is not cut;
 * without a state where all are complete, "" where it has none. */
struct mail_files {
    char text[64];
};
struct mail_files mail_row_files(const Entente__ListRow *row);

/* What an action has made of another message: "CANCELLED"; "" for none. */
const char *mail_row_done(const char *action);

#endif
