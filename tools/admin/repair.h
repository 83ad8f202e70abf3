/*
 * repair.h - `doctor --repair`: says what is damaged in the journal, what will
 * be done and what it costs, and does it when a person says so.
 */
#ifndef TOOLS_REPAIR_H
#define TOOLS_REPAIR_H

#include "tools/cli/cli.h"

/* The node must be down.  What fails was said to the person. */
NODISCARD enum status repair_journal(struct cli *cli);

#endif
