/*
 * examine_home.h - what can be judged of a node without asking it: folder,
 * files, keys, journal, disk, clock, addresses.
 */
#ifndef TOOLS_EXAMINE_HOME_H
#define TOOLS_EXAMINE_HOME_H

#include "tools/admin/findings.h"
#include "tools/cli/cli.h"

/* What an open storage key means, for people. */
#define EXAMINE_UNATTENDED_WHAT                                                \
    "unattended: the node starts without a passphrase,"
#define EXAMINE_UNATTENDED_WHY                                                 \
    "so whoever reads this disk or a copy of it reads every message"
#define EXAMINE_UNATTENDED EXAMINE_UNATTENDED_WHAT " " EXAMINE_UNATTENDED_WHY

/* Days before a certificate's date from which it is spoken of. */
enum { EXAMINE_RENEW_DAYS = 14 };

/* `up`: the node runs and writes what is then not read. */
void examine_home(const struct cli *cli, bool up, struct findings *findings);

/* Space of the home's disk: free in percent of all, and bytes.  False: it
 * cannot be told. */
bool examine_home_free(const char *home, uint64_t *percent, uint64_t *bytes);

#endif
