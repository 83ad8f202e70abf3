/*
 * courier_world.h - two paired nodes, and a turn of one of them in which the
 * test itself writes into lane courier.
 */
#ifndef TESTS_COURIER_WORLD_H
#define TESTS_COURIER_WORLD_H

#include "node/core/lane.h"
#include "node/core/roster.h"
#include "tests/unit/duo.h"

#include <string.h>

static inline struct peer *
courier_peer(struct duo_party *party)
{
    return party->node->peers[0];
}

/* Opens the party's log of lane courier, in memory alone. */
static inline struct channel *
courier_open(struct duo_party *party)
{
    struct turn_input input = {.mono_ms = party->now_ms,
                               .wall_ms = party->wall_ms};
    struct effects    out;
    struct context    turn = {.node = party->node,
                              .input = &input,
                              .out = &out,
                              .vaults = &party->node->vaults};
    struct secret32   seed = {{9}};
    struct peer      *peer = courier_peer(party);

    effects_init(&out);
    seed_stream_init(&turn.seeds, &seed);
    peer_open_epoch(peer, &turn, LANE_COURIER,
                    ENTENTE__ENTRY_OPEN__REASON__PAIRING, NULL);
    peer_sign(peer, &turn);
    effects_free(&out);
    return lane_channel(peer, LANE_COURIER);
}

#endif
