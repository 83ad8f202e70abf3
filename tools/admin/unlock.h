/*
 * unlock.h - the storage key of this home, for a command that reads the store
 * itself while the node is down.
 */
#ifndef TOOLS_UNLOCK_H
#define TOOLS_UNLOCK_H

#include "crypto/secret.h"
#include "tools/cli/cli.h"

/* Asks for the passphrase as every verb does; asks nothing where the key is
 * open.  What fails was said to the person.  Wipe *out. */
NODISCARD enum status unlock_storage_key(struct cli *cli, struct secret32 *out);

#endif
