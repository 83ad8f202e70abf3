/*
 * examine_node.h - what can be judged of a node that answers: its peers, its
 * listening address, its index.
 */
#ifndef TOOLS_EXAMINE_NODE_H
#define TOOLS_EXAMINE_NODE_H

#include "control.pb-c.h"
#include "tools/admin/findings.h"
#include "tools/cli/cli.h"

/*
 * Asks the node and judges what it says; one that does not answer is a
 * finding, too.
 */
void examine_node(struct cli *cli, struct findings *findings);

/* How long a peer has had no link, seconds; 0: it has one, or is removed.
 * What is not known of before the node's start does not count. */
uint64_t examine_node_down_s(const Entente__PeerStatus *peer,
                             uint64_t uptime_s, uint64_t now_ms);

#endif
