/*
 * cmd_doctor.h - `entente doctor`: what may be wrong, and the index made
 * again.
 */
#ifndef TOOLS_CMD_DOCTOR_H
#define TOOLS_CMD_DOCTOR_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_doctor_run(struct cli *cli);

#endif
