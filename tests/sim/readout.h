/*
 * readout.h - at the end of a run: everything that every node shows, to its
 * readers and to an auditor, goes to the oracle.
 */
#ifndef TESTS_SIM_READOUT_H
#define TESTS_SIM_READOUT_H

#include "node/sim/oracle.h"
#include "tests/sim/desk.h"
#include "tests/sim/station.h"

void readout(struct desk *desk, struct oracle *oracle,
             struct stations *stations);

/* What a node shows of one message's files, at any time. */
void readout_files(struct custody *custody, size_t who,
                   const Entente__ShowResponse *shown);

#endif
