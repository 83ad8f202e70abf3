/*
 * completion.h - what a shell offers at Tab, from the table of commands.
 */
#ifndef TOOLS_COMPLETION_H
#define TOOLS_COMPLETION_H

#include "tools/cli/cli.h"

/* A script for bash, zsh or fish on `out`.  NOT_FOUND: another shell. */
NODISCARD enum status completion_print(const struct command *commands,
                                       const char *shell, FILE *out);

#endif
