/* loss.c - the same epoch number is never opened twice with one name: a part of
 * it is drawn at random. */
#include "node/core/recovery/loss.h"

#include "node/core/log/lane.h"
#include "node/core/roster.h"

static void
begin_anew(struct context *turn, struct peer *peer,
           Entente__EntryOpen__Reason reason)
{
    const struct channel *channel = peer_channel(peer, REALM_ACTUAL);

    if (peer_removed(peer) || channel == NULL)
        return;
    peer_alarm(peer, turn, STATUS_FORK, origin_span(&channel->text),
               "this node lost state; new epoch opened");
    for (enum lane lane = 0; lane < LANE_COUNT; lane++)
        if (lane_channel(peer, lane) != NULL)
            peer_open_epoch(peer, turn, lane, reason, NULL);
}

void
loss_found(struct context *turn, struct peer *who,
           Entente__EntryOpen__Reason reason)
{
    struct node *node = turn->node;

    if (who != NULL)
        begin_anew(turn, who, reason);
    if (node->loss_answered)
        return;
    node->loss_answered = true;
    for (size_t i = 0; i < node->peer_count; i++)
        if (node->peers[i] != who)
            begin_anew(turn, node->peers[i], reason);
}
