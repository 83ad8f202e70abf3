/*
 * manual.h - the manual pages, in mdoc, from the tables that the programs
 * themselves run by.
 */
#ifndef TOOLS_MANUAL_H
#define TOOLS_MANUAL_H

#include "tools/cli/cli.h"

/*
 * entente(1): from the table of commands and options.  entented(8): from the
 * ways it may end.  entente.conf(5): from the keys of the configuration.
 * entente-verify(1): from its options and the words of its checks.
 * NOT_FOUND: `page` is none of "entente", "entented", "entente.conf",
 * "entente-verify".
 */
NODISCARD enum status manual_print(const struct command *commands,
                                   const char *page, FILE *out);

#endif
