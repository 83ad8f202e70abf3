/*
 * pairing_world.h - two nodes that know nothing of each other, and a request
 * to pair the one with the other's card.
 */
#ifndef TESTS_PAIRING_WORLD_H
#define TESTS_PAIRING_WORLD_H

#include "tests/unit/duo.h"

#include "crypto/card.h"
#include "crypto/safety.h"
#include "node/core/client/pairing.h"
#include "node/core/roster.h"

#include <stdio.h>
#include <string.h>

/* a is asked to pair with b's card. */
struct world {
    struct duo          *duo;
    char                 card[LIMIT_CARD + 1];
    char                 digits[SAFETY_TEXT_LEN + 1];
    Entente__PairRequest pair;
};

static struct world world;

static inline void
set_digits(enum safety_part part)
{
    struct safety safety;

    assert_int_equal(safety_number(world.duo->a.node->cert.org_key,
                                   world.duo->b.node->cert.org_key, &safety),
                     STATUS_OK);
    safety_format(&safety, part, world.digits);
    world.pair.safety_number = world.digits;
}

static inline int
make(void **state)
{
    world.duo = duo_new();
    snprintf(world.card, sizeof(world.card), "%s", duo_card(&world.duo->b));
    entente__pair_request__init(&world.pair);
    world.pair.card = world.card;
    set_digits(SAFETY_ALL);
    duo_forget_told(&world.duo->b);
    *state = &world;
    return 0;
}

static inline int
drop(void **state)
{
    (void)state;
    duo_free(world.duo);
    return 0;
}

static inline struct duo_party *
a(void)
{
    return &world.duo->a;
}

static inline const Entente__Response *
answer(const Entente__Request *request)
{
    duo_forget_told(a());
    duo_request(a(), request);
    duo_turn(a());
    assert_int_equal(a()->told_count, 1);
    assert_true(a()->told[0].response->last);
    return a()->told[0].response;
}

static inline const Entente__Response *
ask(void)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;

    request.kind_case = ENTENTE__REQUEST__KIND_PAIR;
    request.pair = &world.pair;
    return answer(&request);
}

static inline const Entente__Response *
remove_peer(const char *name)
{
    Entente__Request  request = ENTENTE__REQUEST__INIT;
    Entente__PeerName peer = ENTENTE__PEER_NAME__INIT;

    peer.name = (char *)(uintptr_t)name;
    request.kind_case = ENTENTE__REQUEST__KIND_PEER_REMOVE;
    request.peer_remove = &peer;
    return answer(&request);
}

static inline void
is_paired(void)
{
    const Entente__Response *told = ask();

    if (told->kind_case == ENTENTE__RESPONSE__KIND_FAILURE)
        fail_msg("%s: %s", told->failure->path, told->failure->hint);
    assert_int_equal(told->kind_case, ENTENTE__RESPONSE__KIND_PAIR);
}

/* Refused with that code for that field, and without a trace. */
static inline void
is_refused(const char *code, const char *path)
{
    const Entente__Response *told;
    size_t                   records, keys;

    while (duo_turn(a()))
        continue; /* what went before */
    records = a()->record_count;
    keys = a()->key_count;
    told = ask();
    assert_int_equal(told->kind_case, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_string_equal(told->failure->code, code);
    assert_string_equal(told->failure->path, path);
    assert_int_equal(a()->record_count, records);
    assert_int_equal(a()->key_count, keys);
}

static inline struct peer *
peer(void)
{
    return a()->node->peers[0];
}

#endif
