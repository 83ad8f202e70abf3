/*
 * cmd_watch.h - `entente watch`: what happens, as it becomes durable.
 *
 * Each event is handed over once: printed, or to a program's standard input.
 * With --cursor the place behind it is noted then, durably, before the next;
 * so neither an end of this command nor of the node loses one or tells one
 * twice.  The one exception is a kill -9 (or the machine's end) between the
 * handing over and the note: that one row may come twice, with the same
 * `cursor` in it, by which a program knows it.
 */
#ifndef TOOLS_CMD_WATCH_H
#define TOOLS_CMD_WATCH_H

#include "tools/cli/cli.h"

NODISCARD enum status cmd_watch_run(struct cli *cli);

#endif
