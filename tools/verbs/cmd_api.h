/*
 * cmd_api.h - entente api: JSON lines on standard input and output.
 */
#ifndef TOOLS_CMD_API_H
#define TOOLS_CMD_API_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_api_run(struct cli *cli);

#endif
