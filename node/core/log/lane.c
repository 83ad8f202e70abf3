/* lane.c - a pair has few logs, so they are looked through from the newest. */
#include "node/core/log/lane.h"

#include "node/core/bundle/packing.h"

struct channel *
lane_channel(const struct peer *peer, enum lane lane)
{
    for (size_t i = peer->channel_count; i-- > 0;)
        if (!peer->channels[i]->closed &&
            peer->channels[i]->origin.lane == lane)
            return peer->channels[i];
    return NULL;
}

struct witness *
lane_witness(const struct peer *peer, enum lane lane)
{
    for (size_t i = peer->witness_count; i-- > 0;)
        if (peer->witnesses[i]->origin.lane == lane)
            return peer->witnesses[i];
    return NULL;
}

bool
lane_goes_on(const struct peer *peer, const struct witness *witness)
{
    enum lane lane = witness->origin.lane;

    return witness == lane_witness(peer, lane) &&
           witness->origin.epoch >= peer->live_epoch[lane];
}

bool
lane_to_say(const struct peer *peer, enum lane *out)
{
    bool wire = peer_may_say(peer);

    if (!wire && !packing_dispatches(peer))
        return false;
    *out = wire ? LANE_WIRE : LANE_COURIER;
    return true;
}

void
lane_for_stick(struct peer *peer, struct context *turn, enum lane *out)
{
    if (lane_channel(peer, LANE_COURIER) == NULL)
        peer_open_epoch(peer, turn, LANE_COURIER,
                        ENTENTE__ENTRY_OPEN__REASON__PAIRING, NULL);
    *out = LANE_COURIER;
}

static bool
is_later(const struct origin *one, const struct origin *other)
{
    return one->lane == other->lane && one->epoch > other->epoch;
}

size_t
lane_channel_place(const struct peer *peer, const struct origin *origin)
{
    size_t at = 0;

    while (at < peer->channel_count &&
           !is_later(&peer->channels[at]->origin, origin))
        at++;
    return at;
}

size_t
lane_witness_place(const struct peer *peer, const struct origin *origin)
{
    size_t at = 0;

    while (at < peer->witness_count &&
           !is_later(&peer->witnesses[at]->origin, origin))
        at++;
    return at;
}

uint64_t
lane_ahead(enum lane lane)
{
    return lane == LANE_COURIER ? (uint64_t)LIMIT_PENDING_COUNT
                                : (uint64_t)LIMIT_HEAD_AHEAD;
}

uint64_t
lane_reach(const struct witness *witness)
{
    return lane_ahead(witness->origin.lane) +
           (witness->given ? witness->head.size : witness->cosigned.size);
}

uint64_t
lane_next_epoch(const struct peer *peer)
{
    uint64_t highest = peer->epoch_told;

    for (size_t i = 0; i < peer->channel_count; i++)
        if (peer->channels[i]->origin.epoch > highest)
            highest = peer->channels[i]->origin.epoch;
    return highest + 1;
}

bool
lane_is_stopped(const struct peer *peer)
{
    for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
        const struct witness *witness = lane_witness(peer, lane);

        if (witness != NULL && witness->stopped)
            return true;
    }
    return false;
}

void
lane_renew(struct peer *peer, struct context *turn,
           Entente__EntryOpen__Reason reason)
{
    peer_renew(peer, turn, LANE_WIRE, reason, NULL);
    if (lane_channel(peer, LANE_COURIER) != NULL)
        peer_open_epoch(peer, turn, LANE_COURIER, reason, NULL);
}

const char *
lane_stopped(const struct peer *peer)
{
    const struct channel *channel = peer_channel(peer, REALM_ACTUAL);

    if (lane_is_stopped(peer))
        return "their log is stopped until their node opens a new epoch, "
               "which it does over a link when it hears why; if it does not, "
               "speak to their administrator";
    if (channel != NULL && peer_may_say(peer) && !channel->live &&
        channel->load == 0)
        return "our log towards them cannot be read; `entente doctor` tells "
               "what is wrong with this home";
    return NULL;
}
