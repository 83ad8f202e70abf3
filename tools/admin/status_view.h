/*
 * status_view.h - what a node says of itself, for people and as JSON.
 */
#ifndef TOOLS_STATUS_VIEW_H
#define TOOLS_STATUS_VIEW_H

#include "control.pb-c.h"
#include "tools/cli/cli.h"

/* A new reference. */
json_t *status_view_json(const struct cli              *cli,
                         const Entente__StatusResponse *status);

/* With what to type next where something waits. */
NODISCARD enum status status_view_text(const struct cli              *cli,
                                       const Entente__StatusResponse *status,
                                       FILE                          *out);

/* The node of this home starts without a passphrase. */
bool status_view_unattended(const struct cli *cli);

#endif
