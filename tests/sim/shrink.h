/*
 * shrink.h - a run that breaks a promise, made smaller: events are left out
 * while the same promise breaks.
 *
 * Each attempt is a process of its own, so one that aborts is like any other.
 */
#ifndef TESTS_SIM_SHRINK_H
#define TESTS_SIM_SHRINK_H

#include "tests/sim/run.h"

enum { SHRINK_SECONDS = 60 };

/* Prints how small it became, the command that shows it (`program` SEED --only
 * EVENTS) and its trace.  Ends after `seconds` and one attempt. */
void shrink(const char *program, const struct run_options *options,
            unsigned seconds);

#endif
