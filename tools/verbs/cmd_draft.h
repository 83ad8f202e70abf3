/*
 * cmd_draft.h - messages before they are sent: kinds, template, validate.
 */
#ifndef TOOLS_CMD_DRAFT_H
#define TOOLS_CMD_DRAFT_H

#include "node/core/message/kind.h"
#include "tools/cli/cli.h"

/* NOT_FOUND with the nearest name. */
NODISCARD enum status cmd_draft_find_kind(struct cli *cli, const char *name,
                                          const struct kind **out);

NODISCARD enum status cmd_draft_kinds(struct cli *cli);
NODISCARD enum status cmd_draft_template(struct cli *cli);
NODISCARD enum status cmd_draft_validate(struct cli *cli);

#endif
