/*
 * cmd_mail.h - lists of messages: inbox and outbox.
 */
#ifndef TOOLS_CMD_MAIL_H
#define TOOLS_CMD_MAIL_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_mail_inbox(struct cli *cli);
NODISCARD enum status cmd_mail_outbox(struct cli *cli);

#endif
