/*
 * cmd_check.h - check: one line for a monitoring system, and its exit codes.
 */
#ifndef TOOLS_CMD_CHECK_H
#define TOOLS_CMD_CHECK_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_check_run(struct cli *cli);

/*
 * The exit code of a `check` that could not be made: 3, UNKNOWN, and the line
 * that says why.
 */
int cmd_check_unknown(const struct cli *cli, enum status st);

#endif
