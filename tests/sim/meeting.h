/*
 * meeting.h - administrators who pair the nodes of a run, each with each.
 */
#ifndef TESTS_SIM_MEETING_H
#define TESTS_SIM_MEETING_H

#include "tests/sim/desk.h"
#include "tests/sim/station.h"

struct meeting {
    struct desk     *desk;
    struct stations *stations;
    struct oracle   *oracle;
};

/* Exchanges cards and safety numbers of all nodes that are there.  Breaks the
 * verdict where a pairing fails. */
void meeting_pair(struct meeting *meeting);
/* "node0", under which all others know that node. */
void meeting_name(size_t who, char out[static LIMIT_NAME]);

#endif
