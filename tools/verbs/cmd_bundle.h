/*
 * cmd_bundle.h - `bundle export` and `bundle import`: what passes between two
 * nodes on a stick.
 */
#ifndef TOOLS_CMD_BUNDLE_H
#define TOOLS_CMD_BUNDLE_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_bundle_export(struct cli *cli);
NODISCARD enum status cmd_bundle_import(struct cli *cli);

#endif
