/* behind.c - nothing is believed that is not signed by who is said to have
 * lost it. */
#include "node/core/recovery/behind.h"

#include "node/core/log/held.h"
#include "node/core/log/lane.h"
#include "node/core/recovery/regain.h"
#include "node/core/roster.h"
#include "node/core/link/sizes.h"

#include <string.h>

bool
behind_has_less(const struct channel *channel, const Entente__ChannelSize *said)
{
    uint64_t whole = said != NULL ? said->size : 0;

    for (size_t i = 0; said != NULL && i < said->n_missing; i++)
        if (said->missing[i]->first < whole)
            whole = said->missing[i]->first;
    return whole < channel->cosigned.size;
}

/* Also of a log of ours that is not known here at all (NULL). */
static bool
has_more(const struct channel *channel, const struct context *turn,
         const Entente__ChannelSize *said)
{
    struct head   head;
    struct origin origin;

    if (channel == NULL
            ? origin_parse(span_text(said->origin), &origin) != STATUS_OK ||
                  !node_id_equal(&origin.sender, &turn->node->cert.node)
            : !channel->closed || said->size <= channel->frontier.size)
        return false;
    return said->size > 0 &&
           sizes_head(said, turn->node->log_key.public_key, &head) ==
               STATUS_OK;
}

/* What the peer holds of our logs. */
static void
look_at_reads(struct session *session, struct context *turn,
              const Entente__Sizes *sizes)
{
    struct peer *peer = session->peer;
    uint64_t     knows[LANE_COUNT] = {0}; /* up to this epoch */

    for (size_t i = 0; i < sizes->n_reads; i++) {
        struct channel *channel =
            peer_channel_of(peer, span_text(sizes->reads[i]->origin));

        if (channel != NULL &&
            knows[channel->origin.lane] < channel->origin.epoch)
            knows[channel->origin.lane] = channel->origin.epoch;
        if (channel != NULL && behind_has_less(channel, sizes->reads[i]))
            held_offer(peer, turn);
        if (has_more(channel, turn, sizes->reads[i]) &&
            (session->mismatched || !turn->node->loss_answered))
            regain_found(peer, turn);
        if (channel != NULL && channel->closed)
            regain_receipt(peer, turn, channel, sizes->reads[i]);
    }
    for (size_t i = 0; i < peer->channel_count; i++)
        if (peer->channels[i]->cosigned.size > 0 &&
            knows[peer->channels[i]->origin.lane] <
                peer->channels[i]->origin.epoch)
            held_offer(peer, turn);
}

/* What it says to write. */
static void
look_at_writes(struct session *session, struct context *turn,
               const Entente__Sizes *sizes)
{
    struct peer *peer = session->peer;

    memset(peer->live_epoch, 0, sizeof(peer->live_epoch));
    for (size_t i = 0; i < sizes->n_writes; i++) {
        struct span           text = span_text(sizes->writes[i]->origin);
        const struct witness *before;
        struct origin         origin;

        if (origin_parse(text, &origin) != STATUS_OK)
            continue;
        peer->live_epoch[origin.lane] = origin.epoch;
        before = lane_witness(peer, origin.lane);
        if (!session->mismatched && before != NULL && before->head.size > 0 &&
            sizes->writes[i]->size > 0 && peer_witness_of(peer, text) == NULL)
            held_offer(peer, turn);
    }
}

void
behind_look(struct session *session, struct context *turn,
            const Entente__Sizes *sizes)
{
    held_opened(session);
    regain_opened(session, turn);
    look_at_reads(session, turn, sizes);
    look_at_writes(session, turn, sizes);
}
