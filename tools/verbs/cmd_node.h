/*
 * cmd_node.h - the node as a whole: up, down, paths, help.
 */
#ifndef TOOLS_CMD_NODE_H
#define TOOLS_CMD_NODE_H

#include "tools/cli/cli.h"

/* No word at all: status when the node answers, else how to begin. */
NODISCARD enum status cmd_node_bare(struct cli *cli);
NODISCARD enum status cmd_node_up(struct cli *cli);
NODISCARD enum status cmd_node_down(struct cli *cli);
NODISCARD enum status cmd_node_paths(struct cli *cli);
NODISCARD enum status cmd_node_help(struct cli *cli);
NODISCARD enum status cmd_node_completion(struct cli *cli);
NODISCARD enum status cmd_node_manual(struct cli *cli);

#endif
