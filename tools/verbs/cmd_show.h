/*
 * cmd_show.h - `entente show`: one message, and what was verified of it.
 */
#ifndef TOOLS_CMD_SHOW_H
#define TOOLS_CMD_SHOW_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_show_run(struct cli *cli);

/* The reference as the node takes it: "-" is the message shown last. */
NODISCARD enum status cmd_show_reference(struct cli *cli, const char *typed,
                                         char out[static 128]);

#endif
