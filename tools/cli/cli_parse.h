/*
 * cli_parse.h - from argv to a command.
 *
 * An option means the same wherever it stands, so all are parsed by one
 * getopt_long over the whole line, in any order; then the words that are left
 * choose the command (two words before one), and an option which that command
 * does not take is refused.
 */
#ifndef TOOLS_CLI_PARSE_H
#define TOOLS_CLI_PARSE_H

#include "tools/cli/cli.h"

/*
 * USAGE with words in *cli.  `commands` is kept, and argv's texts are; its
 * first row is what no word at all means.  Give *cli to cli_clear().
 */
NODISCARD enum status cli_parse(struct cli *cli, int argc, char **argv,
                                const struct command *commands);

/* The command of one or two words; NULL: there is none. */
const struct command *cli_parse_find(const struct cli *cli, const char *first,
                                     const char *second);

#endif
