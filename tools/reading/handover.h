/*
 * handover.h - a program is run with one row on its standard input.
 *
 * Run as it is named, without a shell, in a process group of its own: what
 * ends the command at a terminal lets the program finish its row.
 */
#ifndef TOOLS_HANDOVER_H
#define TOOLS_HANDOVER_H

#include "proto/bytes.h"
#include "tools/cli/interrupt.h"

enum { HANDOVER_WHY = 160 };

/* NOT_FOUND: no such program, by its path or in PATH. */
NODISCARD enum status handover_check(const char *program);

/*
 * OK: it ended with 0.  BAD_STATE, with `why`: it did not, or could not be
 * run.  The signals of `interrupt` are taken meanwhile; from the second on
 * they are passed on as SIGTERM, and its end is waited for all the same.
 */
NODISCARD enum status handover_run(struct interrupt *interrupt,
                                   const char *program, struct span row,
                                   char why[static HANDOVER_WHY]);

#endif
