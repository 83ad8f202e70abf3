/*
 * edge.h - what a node's turn asks for (host_ops), done on a machine.
 *
 * The edge of turn_new is a struct machine.  Commits and loads take time of
 * the agenda; all else is done at once, if the process still lives.
 */
#ifndef SIM_EDGE_H
#define SIM_EDGE_H

#include "node/sim/machine.h"

const struct host_ops *edge_ops(void);

#endif
