/*
 * api_node.h - requests to the node, whose they are, and their answers.
 *
 * The node takes 64 requests of a client at a time that need its store; what
 * is asked beyond API_NODE_PLACES waits here.  A place is free again with the
 * first answer.  It is half of those, since a message that was sent before is
 * looked for twice, and told of in between.
 */
#ifndef TOOLS_API_NODE_H
#define TOOLS_API_NODE_H

#include "tools/cli/cli.h"
#include "tools/client/client.h"

enum { API_NODE_PLACES = 32 };

struct api_node; /* opaque: api_node_new / api_node_free */

/* NULL without memory.  No connection yet. */
struct api_node *api_node_new(void);
void             api_node_free(struct api_node *node);

/*
 * Asks for `owner` (not NULL, not looked at), whose answers bear `tag`.
 * `store`: it takes a place.  Connects first, where there is no connection.
 * UNREACHABLE, TOO_LARGE, with words.
 */
NODISCARD enum status api_node_ask(struct api_node *node, struct cli *cli,
                                   Entente__Request *request, void *owner,
                                   uint64_t tag, bool store);
/* The owner is no more: answers to it are dropped. */
void api_node_forget(struct api_node *node, const void *owner);

/* Whether something waits for a place, or for room in the socket. */
bool api_node_is_full(const struct api_node *node);
/* Whether it waits for room in the socket. */
bool api_node_must_write(const struct api_node *node);
/* -1: there is no connection. */
int api_node_fd(const struct api_node *node);

/* The next answer, lent, its id the tag.  AGAIN: none now; anything else but
 * OK: the node is gone, see api_node_lose(). */
NODISCARD enum status api_node_take(struct api_node    *node,
                                    Entente__Response **out, void **owner);
/* Sends what it can.  AGAIN: some is left; else as above. */
NODISCARD enum status api_node_flush(struct api_node *node);

/* Nothing was asked, and there is no connection. */
void api_node_lose(struct api_node *node);

#endif
