/*
 * defaults.h - HOME/defaults: what every message of this node says alike,
 * for the fields that a draft leaves out.
 *
 * A form or JSON, without a kind.  Originator, author, releaser, info_to,
 * precedence, status, exercise_id, label, tlp, pap, legal_basis and language
 * may stand there.
 */
#ifndef TOOLS_DEFAULTS_H
#define TOOLS_DEFAULTS_H

#include "tools/cli/cli.h"

#define DEFAULTS_FILE "defaults"

/* What is taken whole, or not at all; a bit each. */
enum { DEFAULTS_LABEL = 1, DEFAULTS_BASIS = 2 };

/* The one that "label.policy", say, begins in `object`; 0: none. */
unsigned defaults_begun(const json_t *object, const char *field);

/*
 * Fills what `object` has not.  A label and a legal basis are whole: one that
 * is begun in the draft takes nothing from here.  Of those in `begun` a person
 * named one part and may mean the rest to stay: what is left out is told on
 * standard error.  No file: nothing to fill.  BAD_FIELD, with the file and
 * each line that is wrong.
 */
NODISCARD enum status defaults_fill(struct cli *cli, json_t *object,
                                    unsigned begun);

#endif
