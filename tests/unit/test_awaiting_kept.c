/*
 * test_awaiting_kept.c - what is awaited survives restarts, is said once for
 * all of them, and is bounded.
 */
#include "tests/unit/awaiting_world.h"

static void
snapshot(struct duo_party *party)
{
    const struct event event = {.kind = EVENT_SNAPSHOT};

    duo_post(party, &event);
    assert_true(duo_turn(party));
}

/* --- restarts ------------------------------------------------------------- */

/* One of each: waiting and dispatched, overdue, not dispatched. */
static void
fill(struct duo *duo)
{
    send(duo, 1, "FLASH", 0);
    send(duo, 2, "PRIORITY", 0);
    duo_wait(duo, 11 * MINUTE_MS);
    cut(duo);
    send(duo, 3, "IMMEDIATE", 0);
}

static void
survives(struct duo *duo, enum duo_from from)
{
    struct awaited before[3];
    struct node   *again;

    fill(duo);
    assert_int_equal(ours(&duo->a)->count, 3);
    memcpy(before, ours(&duo->a)->list, sizeof(before));
    snapshot(&duo->a);
    again = duo_node(&duo->a, from);
    duo_same_state(duo->a.node, again);
    node_free(again);
    duo_restart_from(&duo->a, from);
    assert_int_equal(ours(&duo->a)->count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct awaited *item = &ours(&duo->a)->list[i];

        assert_memory_equal(item->id.bytes, before[i].id.bytes,
                            LIMIT_MESSAGE_ID);
        assert_int_equal(item->ack_by_ms, before[i].ack_by_ms);
        assert_int_equal(item->begun_ms, before[i].begun_ms);
        assert_int_equal(item->number, before[i].number);
        assert_int_equal(item->index, before[i].index);
        assert_int_equal(item->overdue, before[i].overdue);
        assert_int_equal(item->channel != NULL, before[i].channel != NULL);
    }
    mend(duo);
    assert_int_equal(said(&duo->a), 2); /* once, and in the snapshot */
    answer(duo, "acknowledged");
    assert_int_equal(ours(&duo->a)->count, 2); /* found by its place */
}

static void
a_journal_brings_it_back(void **state)
{
    survives(*state, DUO_ALL);
}

static void
a_snapshot_brings_it_back(void **state)
{
    survives(*state, DUO_SNAPSHOT);
}

static void
what_was_said_is_not_said_again_after_a_restart(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    duo_wait(duo, 11 * MINUTE_MS);
    for (int i = 0; i < 3; i++) {
        duo_restart(&duo->a);
        duo_restart(&duo->b);
        duo_wait(duo, MINUTE_MS);
    }
    assert_int_equal(said(&duo->a), 1);
    assert_int_equal(said(&duo->b), 1);
}

static void
what_passed_while_the_node_was_down_is_said_at_its_start(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    duo_restart(&duo->a);
    duo->a.wall_ms += 11 * MINUTE_MS;
    mend(duo);
    assert_int_equal(said(&duo->a), 1);
}

static void
a_turn_that_was_lost_is_said_by_the_next(void **state)
{
    const struct event timer = {.kind = EVENT_TIMER};
    struct duo        *duo = *state;

    send(duo, 1, "FLASH", 0);
    duo->a.wall_ms += 11 * MINUTE_MS;
    duo_post(&duo->a, &timer);
    duo_crash(&duo->a, false, DUO_JOURNAL);
    assert_int_equal(said(&duo->a), 0);
    mend(duo);
    assert_int_equal(said(&duo->a), 1);
}

/* --- the bound ------------------------------------------------------------ */

static void
send_many(struct duo *duo, unsigned from, unsigned count,
          const char *precedence)
{
    for (unsigned i = 0; i < count; i++)
        send(duo, from + i, precedence, 1000 + (int64_t)i);
}

static void
beyond_the_bound_the_least_urgent_are_counted(void **state)
{
    struct duo       *duo = *state;
    struct message_id latest = duo_message_id(&duo->a, LIMIT_AWAITED);

    send_many(duo, 1, LIMIT_AWAITED, "PRIORITY");
    assert_int_equal(theirs(&duo->b)->unwatched, 0);
    send(duo, 1001, "FLASH", 0);
    assert_int_equal(theirs(&duo->b)->count, LIMIT_AWAITED);
    assert_int_equal(theirs(&duo->b)->unwatched, 1);
    assert_int_equal(
        theirs(&duo->b)->list[LIMIT_AWAITED - 1].precedence,
        PRECEDENCE_FLASH);
    /* it took the place of the one with the latest deadline */
    assert_null(awaiting_find(peer_of(&duo->b), false, &latest));
    send(duo, 1002, "ROUTINE", 5);
    assert_int_equal(theirs(&duo->b)->unwatched, 2);
    assert_int_equal(ours(&duo->a)->unwatched, 2);
}

static void
the_count_survives_and_ends_when_the_list_is_empty(void **state)
{
    struct duo *duo = *state;

    send_many(duo, 1, LIMIT_AWAITED + 3, "PRIORITY");
    assert_int_equal(ours(&duo->a)->unwatched, 3);
    snapshot(&duo->a);
    duo_restart_from(&duo->a, DUO_SNAPSHOT);
    assert_int_equal(ours(&duo->a)->unwatched, 3);
    assert_int_equal(ours(&duo->a)->count, LIMIT_AWAITED);
    duo_restart_from(&duo->a, DUO_ALL);
    assert_int_equal(ours(&duo->a)->unwatched, 3);
    asking_remove(&duo->a, CLIENT, 1, "node2");
    duo_run(duo);
    assert_int_equal(ours(&duo->a)->unwatched, 0);
    duo_restart(&duo->a);
    assert_int_equal(ours(&duo->a)->unwatched, 0);
}

/* --- records -------------------------------------------------------------- */

static void
a_record_that_no_node_writes_is_corruption(void **state)
{
    struct duo    *duo = *state;
    struct record  good = {.kind = RECORD_AWAIT,
                           .peer = peer_of(&duo->a)->id,
                           .outgoing = 1,
                           .id = {{9}},
                           .time = 5,
                           .count = 4,
                           .precedence = PRECEDENCE_FLASH,
                           .state = AWAIT_WAITING};
    struct record  bad[6];
    struct record *none = &bad[5];

    for (size_t i = 0; i < 6; i++)
        bad[i] = good;
    bad[0].outgoing = 2;
    bad[1].precedence = PRECEDENCE_COUNT;
    bad[2].state = AWAIT_BEYOND + 1;
    bad[3].time = 0;
    bad[4].words = span_text("entente/v1/nobody");
    none->peer.bytes[0] ^= 1;
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(node_replay(duo->a.node, &bad[i]), STATUS_CORRUPT);
    assert_int_equal(ours(&duo->a)->count, 0);
    for (unsigned i = 0; i < LIMIT_AWAITED; i++) {
        good.id.bytes[1] = (uint8_t)i;
        assert_int_equal(node_replay(duo->a.node, &good), STATUS_OK);
    }
    good.id.bytes[0] = 8;
    assert_int_equal(node_replay(duo->a.node, &good), STATUS_CORRUPT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(a_journal_brings_it_back),
        ON_DUO(a_snapshot_brings_it_back),
        ON_DUO(what_was_said_is_not_said_again_after_a_restart),
        ON_DUO(what_passed_while_the_node_was_down_is_said_at_its_start),
        ON_DUO(a_turn_that_was_lost_is_said_by_the_next),
        ON_DUO(beyond_the_bound_the_least_urgent_are_counted),
        ON_DUO(the_count_survives_and_ends_when_the_list_is_empty),
        ON_DUO(a_record_that_no_node_writes_is_corruption),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
