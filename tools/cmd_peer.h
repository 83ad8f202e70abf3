/*
 * cmd_peer.h - other nodes: pair, peers, peer remove.
 */
#ifndef TOOLS_CMD_PEER_H
#define TOOLS_CMD_PEER_H

#include "tools/cli.h"

NODISCARD enum status cmd_peer_pair(struct cli *cli);
NODISCARD enum status cmd_peer_list(struct cli *cli);
NODISCARD enum status cmd_peer_remove(struct cli *cli);

#endif
