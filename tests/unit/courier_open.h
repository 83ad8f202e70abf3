/*
 * courier_open.h - a log of lane courier that no bundle was made for.
 */
#ifndef TESTS_COURIER_OPEN_H
#define TESTS_COURIER_OPEN_H

#include "tests/unit/courier_world.h"

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
