/*
 * cmd_capture.h - the wire as a file: capture start, capture stop.
 */
#ifndef TOOLS_CMD_CAPTURE_H
#define TOOLS_CMD_CAPTURE_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_capture_start(struct cli *cli);
NODISCARD enum status cmd_capture_stop(struct cli *cli);

#endif
