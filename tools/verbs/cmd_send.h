/*
 * cmd_send.h - `entente send`.
 */
#ifndef TOOLS_CMD_SEND_H
#define TOOLS_CMD_SEND_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_send_run(struct cli *cli);

#endif
