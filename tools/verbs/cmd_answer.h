/*
 * cmd_answer.h - entente ack, decline: a person's answer to a message.
 */
#ifndef TOOLS_CMD_ANSWER_H
#define TOOLS_CMD_ANSWER_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_answer_ack(struct cli *cli);
NODISCARD enum status cmd_answer_decline(struct cli *cli);

#endif
