/*
 * strike.h - one blow of a storm: what it is, and on whom it falls.
 */
#ifndef SIM_STRIKE_H
#define SIM_STRIKE_H

#include "node/sim/storm.h"

/* By the storm's dice, which strike_do goes on with. */
size_t      strike_pick(struct storm *storm);
const char *strike_words(size_t strike);
void        strike_do(struct storm *storm, size_t strike);

#endif
