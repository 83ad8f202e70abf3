/*
 * following.h - what who follows a message was told, for tests of it.
 *
 * Include once.
 */
#ifndef TESTS_FOLLOWING_H
#define TESTS_FOLLOWING_H

#include "tests/unit/asking.h"

#include "node/core/client/follow.h"

#include <stdio.h>

/* Two that are paired, and nothing told yet. */
static inline int
following_make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    duo_forget_told(&duo->a);
    duo_forget_told(&duo->b);
    *state = duo;
    return 0;
}

static inline int
following_drop(void **state)
{
    duo_free(*state);
    return 0;
}

/* Nothing is left of those who followed. */
static inline void
following_nobody(const struct duo_party *party)
{
    const struct node *node = party->node;

    assert_int_equal(node->follower_count, 0);
    for (size_t i = 0; i < node->peer_count; i++) {
        const struct peer        *peer = node->peers[i];
        const struct outbox_item *item;
        size_t                    cursor = 0;

        while ((item = outbox_next(&peer->outbox, &cursor)) != NULL)
            assert_int_equal(item->follow.client, 0);
        for (size_t k = 0; k < peer->channel_count; k++) {
            const struct flight *flight = &peer->channels[k]->flight;

            for (uint64_t at = flight_from(flight); at < flight_to(flight);
                 at++)
                assert_int_equal(flight_at(flight, at)->follow.client, 0);
        }
    }
}

/* The states that a request heard of, in order; a full stop is the last. */
static inline void
following_heard(const struct duo_party *party, uint64_t client, uint64_t id,
                const char *states)
{
    char   all[256] = "";
    size_t len = 0;

    for (size_t i = 0; i < party->told_count; i++) {
        const Entente__Response *told = party->told[i].response;

        if (party->told[i].client != client || told->id != id)
            continue;
        len += (size_t)snprintf(
            all + len, sizeof(all) - len, "%s%s%s", len > 0 ? " " : "",
            told->kind_case == ENTENTE__RESPONSE__KIND_SUBMIT
                ? told->submit->state
                : told->failure->code,
            told->last ? "." : "");
        assert_true(len < sizeof(all));
    }
    assert_string_equal(all, states);
}

static inline void
following_part(struct duo *duo)
{
    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
}

static inline void
following_meet(struct duo *duo)
{
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
}

/* A tap that lets no frame out. */
static inline bool
following_silence(struct duo_party *party, struct span frame)
{
    (void)party;
    (void)frame;
    return false;
}

#endif
