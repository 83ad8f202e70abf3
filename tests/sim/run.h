/*
 * run.h - one seed, from empty disks to the oracle's last word.
 */
#ifndef TESTS_SIM_RUN_H
#define TESTS_SIM_RUN_H

#include "crypto/kdf.h"
#include "node/sim/verdict.h"
#include "node/sim/world.h"

struct run_result {
    struct verdict verdict; /* broken: the promise that was, in words */
    struct digest  digest;
    uint64_t       letters;
    uint64_t       virtual_ms;
};

struct run_options {
    uint64_t seed;
    bool     calm;  /* no storm */
    bool     log;   /* nodes' logs to standard output */
    bool     trace; /* so are all events of fate.h, and ends of processes */
    const struct fate_events *only; /* see struct fate; NULL: all happen */
    struct fate_events       *met;  /* written by the run */
};

/* Faults and rows are given to `count`, whatever the verdict. */
void run_seed(const struct run_options *options, struct run_result *out,
              world_count_fn *fault, world_count_fn *row, void *arg);

#endif
