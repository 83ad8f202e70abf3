/*
 * cmd_init.h - `entente init`: makes a node's home.
 */
#ifndef TOOLS_CMD_INIT_H
#define TOOLS_CMD_INIT_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_init_run(struct cli *cli);

#endif
