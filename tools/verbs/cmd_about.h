/*
 * cmd_about.h - entente reply, forward, update, correct, cancel.
 */
#ifndef TOOLS_CMD_ABOUT_H
#define TOOLS_CMD_ABOUT_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_about_reply(struct cli *cli);
NODISCARD enum status cmd_about_forward(struct cli *cli);
NODISCARD enum status cmd_about_update(struct cli *cli);
NODISCARD enum status cmd_about_correct(struct cli *cli);
NODISCARD enum status cmd_about_cancel(struct cli *cli);

#endif
