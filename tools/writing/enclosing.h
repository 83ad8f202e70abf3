/*
 * enclosing.h - files that a message takes along: compressed where that helps,
 * sealed and brought to the node, chunk by chunk, in fixed memory.
 */
#ifndef TOOLS_ENCLOSING_H
#define TOOLS_ENCLOSING_H

#include "message.pb-c.h"
#include "tools/cli/cli.h"
#include "tools/client/client.h"

/* Each --attach FILE is a plain file that can be read, with a name and of a
 * size that an attachment may have.  With words. */
NODISCARD enum status enclosing_check(struct cli *cli);

/*
 * Brings each --attach FILE to the node and adds it to the message, whose
 * attachments are malloc'd.  The node keeps them for a message that the same
 * `client` submits.  With words, which name the file.
 */
NODISCARD enum status enclosing_run(struct cli *cli, struct client *client,
                                    Entente__Message *message);

#endif
