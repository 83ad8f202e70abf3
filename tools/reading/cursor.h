/*
 * cursor.h - how far somebody has come in what happens, under a name:
 * HOME/cursors/NAME.
 *
 * The text is the node's; it is noted when the row before it was handed over,
 * durable, so that the next run goes on from there.  One process at a time has
 * a name.
 */
#ifndef TOOLS_CURSOR_H
#define TOOLS_CURSOR_H

#include "tools/cli/cli.h"

#define CURSOR_FOLDER "cursors"

enum { CURSOR_NAME = 64, CURSOR_TEXT = 256 };

struct cursor {
    struct home_path path;
    char             name[CURSOR_NAME]; /* "": it is not kept */
    int              file;              /* -1: none */
    uint64_t         notes;             /* so many were made */
    char             text[CURSOR_TEXT]; /* "": it begins */
};

/*
 * NULL: one that is in memory only.  A name is of letters, digits, - and _:
 * USAGE.  LOCKED: another process has it.  CORRUPT: there is no place in it.
 * MODE, IO.  With words.
 */
NODISCARD enum status cursor_open(struct cli *cli, const char *name,
                                  struct cursor *out);
void                  cursor_close(struct cursor *cursor);

/* Durable on OK; on failure the one before stands.  TOO_LARGE: no text that a
 * node gives.  NO_SPACE, IO.  With words. */
NODISCARD enum status cursor_note(struct cli *cli, struct cursor *cursor,
                                  const char *text);

#endif
