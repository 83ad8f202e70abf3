/*
 * cmd_bench.h - `entente bench`: how fast messages come to their receipt.
 */
#ifndef TOOLS_CMD_BENCH_H
#define TOOLS_CMD_BENCH_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_bench_run(struct cli *cli);

#endif
