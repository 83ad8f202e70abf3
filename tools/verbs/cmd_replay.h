/*
 * cmd_replay.h - runs a captured node again and says where it differs.
 */
#ifndef TOOLS_CMD_REPLAY_H
#define TOOLS_CMD_REPLAY_H

#include "tools/cli/cli.h"

/* `entente replay FILE`: no home, no daemon.  DIFFERENT: the first difference
 * is in the command's error. */
NODISCARD enum status cmd_replay_run(struct cli *cli);

#endif
