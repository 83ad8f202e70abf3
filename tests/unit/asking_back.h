/* asking_back.h - a rogue that asks for what it says to have lost. */
#ifndef TESTS_ASKING_BACK_H
#define TESTS_ASKING_BACK_H

#include "tests/unit/rogue_answer.h"

#include "node/core/log/lane.h"
#include "node/core/roster.h"

/* The victim's log towards the rogue. */
static inline struct channel *
back_channel(const struct rogue *rogue)
{
    return lane_channel(rogue_peer(rogue), LANE_WIRE);
}

/* Its epoch takes another's place. */
static inline void
back_close(const struct rogue *rogue)
{
    back_channel(rogue)->closed = true;
}

static inline void
back_fetch(struct rogue *rogue, const char *origin, uint64_t from)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Fetch fetch = ENTENTE__FETCH__INIT;

    fetch.origin = (char *)(uintptr_t)origin;
    fetch.leaves = true;
    fetch.leaves_from = from;
    frame.kind_case = ENTENTE__FRAME__KIND_FETCH;
    frame.fetch = &fetch;
    rogue_say(rogue, &frame);
}

static inline void
back_ask_held(struct rogue *rogue, bool whole)
{
    Entente__Frame   frame = ENTENTE__FRAME__INIT;
    Entente__AskHeld ask = ENTENTE__ASK_HELD__INIT;

    ask.whole = whole;
    frame.kind_case = ENTENTE__FRAME__KIND_ASK_HELD;
    frame.ask_held = &ask;
    rogue_say(rogue, &frame);
}

static inline void
back_ask_grant(struct rogue *rogue, const char *origin, uint64_t first,
               uint64_t count)
{
    Entente__Frame    frame = ENTENTE__FRAME__INIT;
    Entente__AskGrant ask = ENTENTE__ASK_GRANT__INIT;
    Entente__Range    range = ENTENTE__RANGE__INIT;
    Entente__Range   *ranges[] = {&range};

    range.first = first;
    range.count = count;
    ask.origin = (char *)(uintptr_t)origin;
    ask.n_entries = 1;
    ask.entries = ranges;
    frame.kind_case = ENTENTE__FRAME__KIND_ASK_GRANT;
    frame.ask_grant = &ask;
    rogue_say(rogue, &frame);
}

#define BACK_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, rogue_make_up, rogue_drop)

#endif
