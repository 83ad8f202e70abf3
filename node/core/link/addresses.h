/*
 * addresses.h - the addresses in this node's card, changed while it runs.
 *
 * An ADDRESSES event holds u8 count, then each address with a u32 length.  The
 * links stay as they are; the next card that is asked for names the new ones.
 */
#ifndef CORE_ADDRESSES_H
#define CORE_ADDRESSES_H

#include "node/core/context.h"
#include "node/core/node.h"

enum { ADDRESSES_LEN = 1 + LIMIT_ADDRESSES * (4 + LIMIT_ADDRESS) };

/* The bytes of the event, for the addresses of a configuration. */
void addresses_write(const struct node_config *config, struct writer *out);

/* Takes them all, or, where one is none, says so in the log and takes none. */
void addresses_take(struct context *turn, struct span bytes);

#endif
