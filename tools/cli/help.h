/*
 * help.h - pages of help, all made from the one table of commands.
 */
#ifndef TOOLS_HELP_H
#define TOOLS_HELP_H

#include "tools/cli/cli.h"

/* Every command, one line each. */
void help_all(const struct cli *cli, FILE *out);

/* One command with its options. */
void help_command(const struct cli *cli, const struct command *command,
                  FILE *out);

/* What one line cannot tell of a verb; NULL: nothing. */
const char *help_note(const char *verb);

/* What the process ends with, and which statuses lead there. */
void help_exit_codes(FILE *out);

/* objects.schema.json: every --json object. */
void help_objects(FILE *out);

/* {commands: [{name, args, help, options}], options: [{name, letter, argument,
 * repeated, help}]}; NULL: no memory. */
json_t *help_json(const struct cli *cli);

#endif
