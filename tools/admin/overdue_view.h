/*
 * overdue_view.h - messages that nobody acknowledged in time, for programs and
 * for people, who are told whose turn it is and what to type.
 */
#ifndef TOOLS_OVERDUE_VIEW_H
#define TOOLS_OVERDUE_VIEW_H

#include "tools/cli/cli.h"

#include "control.pb-c.h"

#include <jansson.h>

/* An array; a new reference. */
json_t *overdue_view_json(const Entente__StatusResponse *status);

/* Two lines each for the gravest, then how many there are beyond. */
void overdue_view_text(const struct cli              *cli,
                       const Entente__StatusResponse *status, FILE *out);

/* FLASH or OVERRIDE. */
bool overdue_view_grave(const Entente__Overdue *overdue);

/* All of them, and those of a peer that nobody watches. */
uint64_t overdue_view_count(const Entente__StatusResponse *status);
uint64_t overdue_view_unwatched(const Entente__StatusResponse *status);

/* What to type, or whom to phone. */
struct cli_line overdue_view_cure(const struct cli       *cli,
                                  const Entente__Overdue *overdue);

#endif
