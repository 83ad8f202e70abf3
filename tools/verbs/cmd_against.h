/*
 * cmd_against.h - `entente replay FILE --against HOST:PORT`.
 */
#ifndef TOOLS_CMD_AGAINST_H
#define TOOLS_CMD_AGAINST_H

#include "tools/cli/cli.h"

/* `file` is the capture.  UNTRUSTED: the node answered a byte. */
NODISCARD enum status cmd_against_run(struct cli *cli, struct span file);

#endif
