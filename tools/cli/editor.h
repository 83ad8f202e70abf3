/*
 * editor.h - the person's own editor on one file.
 */
#ifndef TOOLS_EDITOR_H
#define TOOLS_EDITOR_H

#include "tools/cli/cli.h"

enum { EDITOR_LINE = 1024 };

/*
 * The editor as a line for the shell: VISUAL, else EDITOR, else the first of
 * a few that PATH has.  NOT_FOUND: none.
 */
NODISCARD enum status editor_choose(char out[static EDITOR_LINE]);

/*
 * Runs it on `path` and waits until it ends.  What it writes is its owner's
 * alone (umask).  With words: NOT_FOUND: there is no editor; BAD_STATE: it
 * ended with an error, or was killed.
 */
NODISCARD enum status editor_run(struct cli *cli, const char *path);

#endif
