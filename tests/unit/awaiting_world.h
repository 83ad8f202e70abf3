/*
 * awaiting_world.h - two nodes whose wall clock stands at the dtg of all
 * messages: a's officers send, b's answer or do not.
 *
 * Include once.
 */
#ifndef TESTS_AWAITING_WORLD_H
#define TESTS_AWAITING_WORLD_H

#include "tests/unit/asking.h"

#include "node/core/message/awaiting.h"
#include "node/core/roster.h"

enum { CLIENT = 7, MINUTE_MS = 60000 };

static inline int
make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    duo->a.wall_ms = duo->b.wall_ms = DUO_DTG_S * 1000ull;
    *state = duo;
    return 0;
}

static inline int
drop(void **state)
{
    duo_free(*state);
    return 0;
}

static inline struct peer *
peer_of(const struct duo_party *party)
{
    return party->node->peers[0];
}

static inline const struct awaiting *
theirs(const struct duo_party *party)
{
    return &peer_of(party)->awaiting[false];
}

static inline const struct awaiting *
ours(const struct duo_party *party)
{
    return &peer_of(party)->awaiting[true];
}

/* a sends it to b; to be answered `ack_by_s` after its dtg, or by precedence
 * where that is 0. */
static inline void
send(struct duo *duo, unsigned id, const char *precedence, int64_t ack_by_s)
{
    struct duo_note note = {.to = "node2",
                            .id = id,
                            .precedence = precedence,
                            .subject = "tea?",
                            .ack_by_s = ack_by_s};

    duo_submit_note(&duo->a, &note);
    duo_run(duo);
}

static inline void
cut(struct duo *duo)
{
    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
}

static inline void
mend(struct duo *duo)
{
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
}

/* b's officer answers a's first message. */
static inline void
answer(struct duo *duo, const char *verdict)
{
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__AnswerRequest said = ENTENTE__ANSWER_REQUEST__INIT;

    said.ref = asking_text("node1/1");
    said.verdict = asking_text(verdict);
    said.text = asking_text("Two boats are on it.");
    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = &said;
    asking_post(&duo->b, CLIENT, &request);
    while (duo_turn(&duo->b))
        continue;
    assert_non_null(duo_last(&duo->b, ENTENTE__RESPONSE__KIND_DONE));
    duo_run(duo);
}

/* How often a record says that something is overdue. */
static inline size_t
said(const struct duo_party *party)
{
    size_t count = 0;

    for (size_t i = 0; i < duo_count_records(party, RECORD_AWAIT); i++)
        count += duo_record(party, RECORD_AWAIT, i).state == AWAIT_OVERDUE;
    return count;
}

#define ON_DUO(name) cmocka_unit_test_setup_teardown(name, make, drop)

#endif
