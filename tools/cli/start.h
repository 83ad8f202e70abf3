/*
 * start.h - starts the node of a home in the background.
 */
#ifndef TOOLS_START_H
#define TOOLS_START_H

#include "node/net/passphrase.h"
#include "tools/cli/cli.h"

enum { START_WAIT_MS = 60000, STOP_WAIT_MS = 60000 };

/*
 * Runs entented, hands it the passphrase over a pipe, and returns when its
 * control socket answers.  When it ends instead: what it said first is the
 * error.  Its output goes to HOME/entented.log.
 */
NODISCARD enum status start_node(struct cli              *cli,
                                 const struct passphrase *passphrase);

/* Whether a node answers on the control socket of the home. */
bool start_is_up(const struct cli *cli);

/* Asks the node to end, and returns when it has let go of the home. */
NODISCARD enum status start_stop(struct cli *cli);

#endif
