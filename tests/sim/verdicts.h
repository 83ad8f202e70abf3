/*
 * verdicts.h - what nodes answer, read before it is sealed: an answer names
 * only entries that may be answered so (DESIGN 2), so answers never breed
 * answers.
 */
#ifndef TESTS_SIM_VERDICTS_H
#define TESTS_SIM_VERDICTS_H

#include "node/sim/oracle.h"

/* The plaintext of an entry of class ANSWER. */
void verdicts_sealed(struct oracle *oracle, struct span plaintext);

#endif
