/*
 * cmd_peer.h - other nodes: pair, peers, peer remove, peer clear-alarm.
 */
#ifndef TOOLS_CMD_PEER_H
#define TOOLS_CMD_PEER_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_peer_pair(struct cli *cli);
NODISCARD enum status cmd_peer_list(struct cli *cli);
NODISCARD enum status cmd_peer_remove(struct cli *cli);
/* Shows the alarm, asks, and says that somebody has seen to it. */
NODISCARD enum status cmd_peer_clear_alarm(struct cli *cli);

#endif
