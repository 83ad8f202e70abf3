/*
 * test_reanswer.c - an answer that was written into an epoch which ended
 * before the sender heard it is said again in the next.
 */
#include "tests/unit/awaiting_world.h"

#include "node/core/recovery/reanswer.h"

static bool
nothing_leaves(struct duo_party *party, struct span frame)
{
    (void)party;
    (void)frame;
    return false;
}

/* a forgets all sessions, as after an old backup: both open a new epoch. */
static void
lose_the_chain(struct duo *duo)
{
    struct peer *peer = peer_of(&duo->a);

    duo_cut(duo);
    memset(peer->confirmed, 7, sizeof(peer->confirmed));
    memset(peer->pending, 8, sizeof(peer->pending));
    duo->b.tap = NULL;
}

/* Verdicts of a's on messages of ours that a saved as this state. */
static size_t
heard(const struct duo *duo, enum message_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < duo_count_records(&duo->a, RECORD_VERDICT); i++)
        count += duo_record(&duo->a, RECORD_VERDICT, i).state == state;
    return count;
}

static void
what_a_person_answered_is_heard_in_the_next_epoch(void **state)
{
    struct duo          *duo = *state;
    struct record_secret words;
    struct record        verdict;

    send(duo, 1, "FLASH", 0);
    duo->b.tap = nothing_leaves;
    answer(duo, "declined");
    assert_int_equal(heard(duo, STATE_DECLINED), 0);
    assert_int_equal(peer_of(&duo->b)->answer_count, 0); /* it was said */
    lose_the_chain(duo);
    duo_wait(duo, 60000);
    assert_int_equal(heard(duo, STATE_DECLINED), 1);
    verdict = duo_record(&duo->a, RECORD_VERDICT,
                         duo_count_records(&duo->a, RECORD_VERDICT) - 1);
    assert_int_equal(record_secret_decode(verdict.secret, &words), STATUS_OK);
    assert_true(span_equal(words.message, span_text("Two boats are on it.")));
    assert_int_equal(ours(&duo->a)->count, 0);
}

static void
so_is_what_the_node_answered(void **state)
{
    struct duo *duo = *state;

    duo->b.tap = nothing_leaves;
    send(duo, 1, "ROUTINE", 0);
    assert_int_equal(heard(duo, STATE_ACCEPTED), 0);
    lose_the_chain(duo);
    duo_wait(duo, 60000);
    assert_in_range(heard(duo, STATE_ACCEPTED), 1, 2); /* a sent it again */
    assert_int_equal(heard(duo, STATE_REJECTED), 0);
}

static void
a_restart_in_between_loses_nothing(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    duo->b.tap = nothing_leaves;
    answer(duo, "acknowledged");
    lose_the_chain(duo);
    duo->b.loads_held = true; /* it has not come to giving back */
    duo_wait(duo, 60000);
    duo->b.loads_held = false;
    assert_int_equal(heard(duo, STATE_ACKNOWLEDGED), 0);
    duo_restart(&duo->b);
    duo_wait(duo, 60000);
    assert_int_equal(heard(duo, STATE_ACKNOWLEDGED), 1);
}

static void
what_was_receipted_is_not_said_again(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    answer(duo, "acknowledged");
    assert_int_equal(heard(duo, STATE_ACKNOWLEDGED), 1);
    lose_the_chain(duo);
    duo_wait(duo, 60000);
    assert_int_equal(peer_of(&duo->b)->channel_count, 2);
    assert_int_equal(heard(duo, STATE_ACKNOWLEDGED), 1);
}

static void
what_is_no_answer_says_nothing(void **state)
{
    struct duo             *duo = *state;
    const struct turn_input input = {.mono_ms = 1};
    uint8_t                 memory[1024];
    struct context          turn = {
                 .node = duo->b.node,
                 .input = &input,
                 .out = &duo->b.effects,
                 .arena = strict_arena_of(memory, sizeof(memory))};

    reanswer_entry(peer_of(&duo->b), &turn, span_text("no answer"));
    reanswer_entry(peer_of(&duo->b), &turn, SPAN_EMPTY);
    assert_int_equal(peer_of(&duo->b)->answer_count, 0);
    assert_int_equal(turn.arena.used, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(what_a_person_answered_is_heard_in_the_next_epoch),
        ON_DUO(so_is_what_the_node_answered),
        ON_DUO(a_restart_in_between_loses_nothing),
        ON_DUO(what_was_receipted_is_not_said_again),
        ON_DUO(what_is_no_answer_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
