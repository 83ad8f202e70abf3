/*
 * cmd_log.h - the channels' logs: list and verify.
 */
#ifndef TOOLS_CMD_LOG_H
#define TOOLS_CMD_LOG_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_log_list(struct cli *cli);
NODISCARD enum status cmd_log_verify(struct cli *cli);

#endif
