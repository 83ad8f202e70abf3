/*
 * refers.h - notes which earlier messages a message adds to, replaces or takes
 * back, so that who reads one of those can be told.
 *
 * `refs` and `action` stand in the sealed body; ids are no secret, so what is
 * noted is a record of its own beside the message's (REFERS), from which the
 * index answers "what became of this one".  A message that is not here yet may
 * be named, too: a FLASH overtakes what it cancels.
 */
#ifndef CORE_REFERS_H
#define CORE_REFERS_H

#include "node/core/context.h"

/*
 * Saves what the message `plain` (valid: message.h) says of others; nothing
 * for an ORIGINAL.  `peer` is the other side, `number` 0 of a message of ours.
 */
void refers_note(struct context *turn, const struct node_id *peer,
                 const struct message_id *id, uint64_t number,
                 struct span plain);

/* "CANCEL" of a record's state; "" for what is none. */
const char *refers_word(unsigned action);

#endif
