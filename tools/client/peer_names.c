/* peer_names.c - the same words as the node's own (desk_fail_peer). */
#include "tools/client/peer_names.h"

#include "proto/limits.h"
#include "proto/words.h"
#include "tools/client/talk.h"

#include <stdlib.h>

enum status
peer_names_ask(struct cli *cli, struct client *client,
               const Entente__PeersResponse **out)
{
    Entente__Nothing   nothing = ENTENTE__NOTHING__INIT;
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    Entente__Response *response = NULL;
    enum status        st;

    request.kind_case = ENTENTE__REQUEST__KIND_PEERS;
    request.peers = &nothing;
    st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_PEERS,
                  &response);
    if (st == STATUS_OK)
        *out = response->peers;
    return st;
}

const Entente__PeerStatus *
peer_names_find(const Entente__PeersResponse *peers, struct span name)
{
    for (size_t i = 0; i < peers->n_peers; i++)
        if (span_equal(span_text(peers->peers[i]->name), name))
            return peers->peers[i];
    return NULL;
}

enum status
peer_names_check(struct cli *cli, const Entente__PeersResponse *peers,
                 struct span name)
{
    const Entente__PeerStatus *peer = peer_names_find(peers, name);
    const char               **names;
    const char                *near = NULL;
    size_t                     count = 0;
    char                       hint[LIMIT_NAME + 32];

    if (peer != NULL && peer->removed)
        return cli_fail(cli, STATUS_NOT_FOUND,
                        cli_line(cli, "pair THEIR.card").text,
                        "%s was removed", peer->name);
    if (peer != NULL)
        return STATUS_OK;
    names = calloc(peers->n_peers + 1, sizeof(*names));
    for (size_t i = 0; names != NULL && i < peers->n_peers; i++)
        if (!peers->peers[i]->removed)
            names[count++] = peers->peers[i]->name;
    if (names != NULL)
        near = words_nearest(name, names, count);
    free(names);
    snprintf(hint, sizeof(hint), "did you mean %s?", near == NULL ? "" : near);
    return cli_fail(cli, STATUS_NOT_FOUND,
                    near == NULL ? cli_line(cli, "peers").text : hint,
                    "no peer is called %.*s", (int)name.len,
                    (const char *)name.ptr);
}
