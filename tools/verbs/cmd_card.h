/*
 * cmd_card.h - what two organisations hand each other to pair: cards, safety
 * numbers, pair secrets.
 */
#ifndef TOOLS_CMD_CARD_H
#define TOOLS_CMD_CARD_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_card_print(struct cli *cli);
NODISCARD enum status cmd_card_show(struct cli *cli);
NODISCARD enum status cmd_card_safety(struct cli *cli);
NODISCARD enum status cmd_card_secret(struct cli *cli);

#endif
