/*
 * turn_view.h - a turn of a captured node, for an engineer: what happened and
 * what it did, without what people wrote and without keys.
 */
#ifndef TOOLS_TURN_VIEW_H
#define TOOLS_TURN_VIEW_H

#include "node/host/rerun.h"

/* As struct rerun_observer's turn: some lines, or one line of JSON, on
 * standard output; `cli` is the command's. */
void turn_view_text(void *cli, const struct rerun *rerun,
                    const struct event *events, size_t count,
                    const struct effects *effects);
void turn_view_json(void *cli, const struct rerun *rerun,
                    const struct event *events, size_t count,
                    const struct effects *effects);

#endif
