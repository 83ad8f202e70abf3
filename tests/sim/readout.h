/*
 * readout.h - at the end of a run: everything that every node shows, to its
 * readers and to an auditor, goes to the oracle.
 */
#ifndef TESTS_SIM_READOUT_H
#define TESTS_SIM_READOUT_H

#include "node/sim/oracle.h"
#include "tests/sim/desk.h"

void readout(struct desk *desk, struct oracle *oracle, size_t node_count);

#endif
