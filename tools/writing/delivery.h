/*
 * delivery.h - one message on its way to several peers, as its sender sees it.
 */
#ifndef TOOLS_DELIVERY_H
#define TOOLS_DELIVERY_H

#include "proto/record.h"
#include "tools/cli/cli.h"
#include "tools/client/client.h"

enum { DELIVERY_PEERS_MAX = 64, DELIVERY_REF = LIMIT_NAME + 32 };

/* What became of the message towards one peer. */
struct delivery {
    char               peer[LIMIT_NAME + 1];
    char               ref[DELIVERY_REF];
    uint64_t           request;
    enum message_state state; /* STATE_NONE: nothing heard */
    uint64_t           time_ms;
    char               why[256];
    bool               done;
    enum status        failed; /* the node's refusal; its words are `why` */
};

struct delivery_batch {
    struct span     message; /* encoded; the caller's */
    char            id[2 * LIMIT_MESSAGE_ID + 1];
    bool            may_exist;
    bool            wait;
    char            until[16]; /* a state's name */
    uint64_t        timeout_s; /* 0: for ever */
    enum status     failed;    /* the first refusal, which has words */
    size_t          count;
    struct delivery deliveries[DELIVERY_PEERS_MAX];
};

/*
 * Hands the message to the node for every peer; none, when one of several
 * names is no peer.  With words.
 */
NODISCARD enum status delivery_submit(struct cli            *cli,
                                      struct delivery_batch *batch,
                                      struct client         *client);

/*
 * Until every peer's message is queued or, with `wait`, in the state waited
 * for.  TIMEOUT: not yet, and the node has all of it.  Else with words.
 */
NODISCARD enum status delivery_follow(struct cli            *cli,
                                      struct delivery_batch *batch,
                                      struct client         *client);

/* Says what became of each, also when one was refused or the node went away;
 * `waited` is what delivery_follow gave.  With words. */
NODISCARD enum status delivery_tell(struct cli                  *cli,
                                    const struct delivery_batch *batch,
                                    enum status                  waited);

/* --- the same in steps, for who does not wait at the socket --------------- */

/* Every name is a peer; to be asked before the first of several.  NOT_FOUND
 * with words. */
NODISCARD enum status delivery_check(struct cli                   *cli,
                                     const struct delivery_batch  *batch,
                                     const Entente__PeersResponse *peers);

/* What asks for the one; lent from *batch and *to, both to stay until it is
 * sent.  The deliveries' `request` is then set to its id. */
Entente__SubmitRequest delivery_request(struct delivery_batch *batch,
                                        size_t index, char **to);

/* An answer to any of them. */
void delivery_take(struct cli *cli, struct delivery_batch *batch,
                   const Entente__Response *response);

/* Whether the node has every copy or has refused it; and whether it tells
 * nothing more. */
bool delivery_is_queued(const struct delivery_batch *batch);
bool delivery_is_done(const struct delivery_batch *batch);

/* How it ended; `waited` is OK or TIMEOUT.  With words. */
NODISCARD enum status delivery_judge(struct cli                  *cli,
                                     const struct delivery_batch *batch,
                                     enum status                  waited);

/* What became of each, and the error that delivery_judge() gave; NULL: no
 * memory. */
json_t *delivery_json(const struct cli *cli, const struct delivery_batch *batch,
                      enum status st);

#endif
