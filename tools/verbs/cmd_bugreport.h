/*
 * cmd_bugreport.h - bugreport: what a developer asks for, without names.
 */
#ifndef TOOLS_CMD_BUGREPORT_H
#define TOOLS_CMD_BUGREPORT_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_bugreport_run(struct cli *cli);

#endif
