/*
 * cmd_compose.h - entente compose, drafts, drafts remove.
 */
#ifndef TOOLS_CMD_COMPOSE_H
#define TOOLS_CMD_COMPOSE_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_compose_run(struct cli *cli);
NODISCARD enum status cmd_compose_drafts(struct cli *cli);
NODISCARD enum status cmd_compose_remove(struct cli *cli);

#endif
