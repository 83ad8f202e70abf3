/*
 * examine_store.h - what the node alone writes: keyring, journal, index,
 * attachments.  Whether their bytes are what was written.
 */
#ifndef TOOLS_EXAMINE_STORE_H
#define TOOLS_EXAMINE_STORE_H

#include "tools/admin/findings.h"
#include "tools/cli/cli.h"

/* Changes nothing.  `up`: the node runs; what it writes at this moment is left
 * out, and said. */
void examine_store(const struct cli *cli, bool up, struct findings *findings);

#endif
