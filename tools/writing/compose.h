/*
 * compose.h - a draft in the editor until it is right, then a summary and a
 * question, then on its way.
 */
#ifndef TOOLS_COMPOSE_H
#define TOOLS_COMPOSE_H

#include "tools/writing/drafts.h"

/* USAGE, with what to use `instead`, where nobody sits at a terminal. */
NODISCARD enum status compose_check_terminal(struct cli *cli,
                                             const char *instead);

/*
 * Makes a draft for peers `to` whose form shows `object`; `about`: the
 * reference of the message that it is about, or "".
 */
NODISCARD enum status compose_begin(struct cli *cli, const json_t *object,
                                    const char *to, const char *about,
                                    struct drafts_one **out);

/*
 * Edits, checks, asks, sends.  The draft is there until it is queued for every
 * peer; OK also when the answer was not to send it.  `fresh`: nothing was
 * typed yet, so one that comes back unchanged and is not right is dropped.
 */
NODISCARD enum status compose_run(struct cli *cli, struct drafts_one *draft,
                                  bool fresh);

#endif
