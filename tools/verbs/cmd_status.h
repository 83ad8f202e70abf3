/*
 * cmd_status.h - status: the node and its peers, once or watched.
 */
#ifndef TOOLS_CMD_STATUS_H
#define TOOLS_CMD_STATUS_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_status_run(struct cli *cli);

#endif
