/*
 * cmd_metrics.h - metrics: the node's numbers for Prometheus.
 */
#ifndef TOOLS_CMD_METRICS_H
#define TOOLS_CMD_METRICS_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_metrics_run(struct cli *cli);

#endif
