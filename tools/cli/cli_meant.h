/*
 * cli_meant.h - a word that is none, and the one that was most likely meant.
 */
#ifndef TOOLS_CLI_MEANT_H
#define TOOLS_CLI_MEANT_H

#include "tools/cli/cli.h"

/*
 * `st`, with words: there is no command of these one or two words (`second`
 * may be NULL), and which is near, or which second words there are.
 */
NODISCARD enum status cli_meant_command(struct cli *cli, enum status st,
                                        const char *first, const char *second);

/* USAGE, with words: `word`, with its dashes, is no option; the near one is
 * sought among those that cli->command takes. */
NODISCARD enum status cli_meant_option(struct cli *cli, const char *word);

#endif
