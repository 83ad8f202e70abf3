/* cmd_export.h - `entente log export`: the logs with one peer, as a file. */
#ifndef TOOLS_CMD_EXPORT_H
#define TOOLS_CMD_EXPORT_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_export_run(struct cli *cli);

#endif
