/*
 * saving.h - attachments of a message that came, written as files: opened,
 * unpacked and checked against the message as they come from the node.
 *
 * A name is the sender's word for it: what could lead out of the folder, or be
 * hidden in it, is written as `_`, and a name that is there already gets a
 * number.  Nothing is there under its name before it is whole and synced.
 */
#ifndef TOOLS_SAVING_H
#define TOOLS_SAVING_H

#include "tools/client/client.h"
#include "tools/reading/shown.h"

enum { SAVING_NAME = 256 };

/* Before the node is asked: a folder that can be written to.  With words. */
NODISCARD enum status saving_check(struct cli *cli, const char *dir);

/*
 * Saves each that is whole here and says so; then fails where one was not.
 * BAD_STATE: not all of it has come, or it is gone; CORRUPT: what is here is
 * not what the message says.  With words, which name it.
 */
NODISCARD enum status saving_run(struct cli *cli, struct client *client,
                                 const struct shown *shown, const char *dir);

/* Of theirs that are complete, or of which the journal says nothing: whether
 * they are here. */
NODISCARD enum status saving_settle(struct cli *cli, struct client *client,
                                    const struct shown *shown);

/* The name to write it under: number 1 is the name itself, 2 "name (2).txt". */
void saving_name(const char *given, unsigned number,
                 char out[static SAVING_NAME]);

#endif
