/*
 * cmd_config.h - config check, config show.
 */
#ifndef TOOLS_CMD_CONFIG_H
#define TOOLS_CMD_CONFIG_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_config_check(struct cli *cli);
NODISCARD enum status cmd_config_show(struct cli *cli);

#endif
