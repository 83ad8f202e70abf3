/*
 * cmd_evidence.h - `entente evidence` and `entente verify`: files for an
 * auditor, and what they prove.
 */
#ifndef TOOLS_CMD_EVIDENCE_H
#define TOOLS_CMD_EVIDENCE_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_evidence_run(struct cli *cli);

/* Becomes `entente-verify`, which stands beside this program or in PATH. */
NODISCARD enum status cmd_evidence_verify(struct cli *cli);

#endif
