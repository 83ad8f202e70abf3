/*
 * cmd_draft.h - messages before they are sent: kinds, template, validate.
 */
#ifndef TOOLS_CMD_DRAFT_H
#define TOOLS_CMD_DRAFT_H

#include "tools/cli.h"

NODISCARD enum status cmd_draft_kinds(struct cli *cli);
NODISCARD enum status cmd_draft_template(struct cli *cli);
NODISCARD enum status cmd_draft_validate(struct cli *cli);

#endif
