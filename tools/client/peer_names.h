/*
 * peer_names.h - whether a name that was typed is a peer's.
 */
#ifndef TOOLS_PEER_NAMES_H
#define TOOLS_PEER_NAMES_H

#include "tools/cli/cli.h"
#include "tools/client/client.h"

/* All peers; lent until the client's next answer.  With words. */
NODISCARD enum status peer_names_ask(struct cli *cli, struct client *client,
                                     const Entente__PeersResponse **out);

/* The one of that name, also a removed one; NULL: there is none. */
const Entente__PeerStatus *
peer_names_find(const Entente__PeersResponse *peers, struct span name);

/* NOT_FOUND, with words, when nobody is called so, or that peer was removed;
 * the near name is told. */
NODISCARD enum status peer_names_check(struct cli *cli,
                                       const Entente__PeersResponse *peers,
                                       struct span name);

#endif
