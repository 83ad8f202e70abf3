/*
 * cmd_ping.h - peer ping: an echo over the link, timed.
 */
#ifndef TOOLS_CMD_PING_H
#define TOOLS_CMD_PING_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_ping_run(struct cli *cli);

#endif
