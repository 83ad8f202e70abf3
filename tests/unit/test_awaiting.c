/*
 * test_awaiting.c - what nobody acknowledged in time is said, once, on both
 * sides; what somebody answered is not.
 */
#include "tests/unit/awaiting_world.h"

/* --- begun, and overdue --------------------------------------------------- */

static void
both_sides_await_what_has_a_deadline(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    assert_int_equal(ours(&duo->a)->count, 1);
    assert_int_equal(theirs(&duo->b)->count, 1);
    assert_int_equal(theirs(&duo->a)->count + ours(&duo->b)->count, 0);
    assert_int_equal(ours(&duo->a)->list[0].ack_by_ms,
                     DUO_DTG_S * 1000ull + 10 * MINUTE_MS);
    assert_int_equal(ours(&duo->a)->list[0].number, 1);
    assert_int_equal(theirs(&duo->b)->list[0].number, 1);
}

static void
what_has_none_costs_no_record(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "ROUTINE", 0);
    send(duo, 2, "DEFERRED", 0);
    assert_int_equal(duo_count_records(&duo->a, RECORD_AWAIT), 0);
    assert_int_equal(duo_count_records(&duo->b, RECORD_AWAIT), 0);
    assert_int_equal(ours(&duo->a)->count + theirs(&duo->b)->count, 0);
}

static void
a_test_is_not_awaited(void **state)
{
    struct duo     *duo = *state;
    struct duo_note note = {.to = "node2",
                            .id = 1,
                            .precedence = "FLASH",
                            .subject = "line check",
                            .test = true};

    duo_submit_note(&duo->a, &note);
    duo_run(duo);
    assert_int_equal(ours(&duo->a)->count + theirs(&duo->b)->count, 0);
}

static void
a_message_that_was_rejected_is_awaited_by_nobody(void **state)
{
    struct duo     *duo = *state;
    struct duo_note note = {.to = "node2",
                            .id = 1,
                            .precedence = "FLASH",
                            .subject = "another",
                            .may_exist = false};

    send(duo, 1, "ROUTINE", 0);
    duo_restart(&duo->a); /* it no longer knows that the id is taken */
    duo_submit_note(&duo->a, &note);
    mend(duo);
    assert_int_equal(duo_count_records(&duo->b, RECORD_ALARM), 1);
    assert_int_equal(theirs(&duo->b)->count, 0);
    assert_int_equal(ours(&duo->a)->count, 0);
}

static void
what_nobody_answers_is_overdue_on_both_sides_at_its_time(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    duo_wait(duo, 10 * MINUTE_MS - 1);
    assert_int_equal(said(&duo->a) + said(&duo->b), 0);
    duo_wait(duo, 1);
    assert_int_equal(said(&duo->a), 1);
    assert_int_equal(said(&duo->b), 1);
    assert_int_equal(awaiting_overdue(ours(&duo->a)), 1);
    assert_int_equal(awaiting_overdue(theirs(&duo->b)), 1);
}

static void
the_node_wakes_for_it_by_itself(void **state)
{
    struct duo *duo = *state;
    unsigned    turns = 0;

    cut(duo);
    send(duo, 1, "FLASH", 0);
    while (said(&duo->a) == 0 && turns++ < 1000)
        assert_true(duo_wake(&duo->a));
    assert_in_range(duo->a.wall_ms, DUO_DTG_S * 1000ull + 10 * MINUTE_MS,
                    DUO_DTG_S * 1000ull + 11 * MINUTE_MS);
}

static uint64_t
look_at(const struct duo_party *party)
{
    const struct turn_input input = {.mono_ms = party->now_ms,
                                     .wall_ms = party->wall_ms};
    const struct context    turn = {.input = &input};

    return awaiting_wake_ms(peer_of(party), &turn);
}

static void
nothing_wakes_a_node_that_awaits_nothing(void **state)
{
    struct duo *duo = *state;

    assert_true(look_at(&duo->a) == UINT64_MAX);
    send(duo, 1, "FLASH", 30);
    assert_int_equal(look_at(&duo->a), duo->a.now_ms + 30000);
    duo_wait(duo, 30000);
    assert_true(look_at(&duo->a) == UINT64_MAX); /* it was said */
    send(duo, 2, "FLASH", 600);
    assert_int_equal(look_at(&duo->a), duo->a.now_ms + LIMIT_AWAIT_LOOK_MS);
}

static void
what_has_not_left_yet_is_overdue_too(void **state)
{
    struct duo *duo = *state;

    cut(duo);
    send(duo, 1, "FLASH", 0);
    duo_wait(duo, 10 * MINUTE_MS);
    assert_int_equal(said(&duo->a), 1);
    assert_int_equal(ours(&duo->a)->list[0].number, 0);
    mend(duo);
    assert_int_equal(ours(&duo->a)->list[0].number, 1);
    assert_int_equal(said(&duo->b), 1); /* it came too late */
}

/* --- settled -------------------------------------------------------------- */

static void
is_settled_by(struct duo *duo, const char *verdict)
{
    send(duo, 1, "FLASH", 0);
    answer(duo, verdict);
    assert_int_equal(theirs(&duo->b)->count, 0);
    assert_int_equal(ours(&duo->a)->count, 0);
    duo_wait(duo, 11 * MINUTE_MS);
    assert_int_equal(said(&duo->a) + said(&duo->b), 0);
}

static void
an_acknowledgement_settles_it_on_both_sides(void **state)
{
    is_settled_by(*state, "acknowledged");
}

static void
who_declines_has_answered(void **state)
{
    is_settled_by(*state, "declined");
}

static void
an_answer_that_comes_late_ends_the_alarm(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    duo_wait(duo, 11 * MINUTE_MS);
    answer(duo, "acknowledged");
    assert_int_equal(theirs(&duo->b)->count + ours(&duo->a)->count, 0);
    assert_int_equal(duo_record(&duo->a, RECORD_AWAIT, 2).state,
                     AWAIT_SETTLED);
}

static void
reading_is_no_answer(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    asking_show(&duo->b, CLIENT, 1, "node1/1", false);
    duo_run(duo);
    assert_int_equal(theirs(&duo->b)->count, 1);
    assert_int_equal(ours(&duo->a)->count, 1);
}

static void
an_answer_to_another_message_settles_nothing(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "ROUTINE", 0);
    send(duo, 2, "FLASH", 0);
    answer(duo, "acknowledged"); /* of the first */
    assert_int_equal(theirs(&duo->b)->count, 1);
    assert_int_equal(ours(&duo->a)->count, 1);
}

static void
who_cancels_it_awaits_it_no_longer(void **state)
{
    struct duo     *duo = *state;
    struct duo_note note = {.to = "node2",
                            .id = 2,
                            .precedence = "ROUTINE",
                            .subject = "no tea",
                            .cancels = 1};

    send(duo, 1, "FLASH", 0);
    duo_submit_note(&duo->a, &note);
    duo_run(duo);
    assert_int_equal(ours(&duo->a)->count, 0);
    assert_int_equal(theirs(&duo->b)->count, 0);
}

/* Each can only take back what is its own. */
static void
nobody_cancels_the_others_message(void **state)
{
    struct duo     *duo = *state;
    struct duo_note note = {.to = "node1",
                            .id = 2,
                            .precedence = "ROUTINE",
                            .subject = "no tea",
                            .cancels = 1};

    send(duo, 1, "FLASH", 0);
    duo_submit_note(&duo->b, &note);
    duo_run(duo);
    assert_int_equal(ours(&duo->a)->count, 1);
    assert_int_equal(theirs(&duo->b)->count, 1);
}

static void
of_a_removed_peer_nothing_is_awaited(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    send(duo, 2, "PRIORITY", 0);
    asking_remove(&duo->b, CLIENT, 1, "node1");
    duo_run(duo);
    assert_int_equal(theirs(&duo->b)->count, 0);
    duo_restart(&duo->b);
    assert_int_equal(theirs(&duo->b)->count, 0);
}

/* --- the clock ------------------------------------------------------------ */

static void
a_clock_that_goes_back_takes_nothing_back(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "FLASH", 0);
    duo_wait(duo, 11 * MINUTE_MS);
    duo->a.wall_ms -= 86400000;
    duo_wait(duo, MINUTE_MS);
    assert_int_equal(awaiting_overdue(ours(&duo->a)), 1);
    duo_wait(duo, 86400000);
    assert_int_equal(said(&duo->a), 1);
}

static void
a_clock_that_jumps_is_noticed_within_a_minute(void **state)
{
    struct duo *duo = *state;

    send(duo, 1, "PRIORITY", 0);
    duo->a.wall_ms += 20ull * 365 * 86400000;
    assert_int_equal(said(&duo->a), 0);
    duo_wait(duo, MINUTE_MS);
    assert_int_equal(said(&duo->a), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(both_sides_await_what_has_a_deadline),
        ON_DUO(what_has_none_costs_no_record),
        ON_DUO(a_test_is_not_awaited),
        ON_DUO(a_message_that_was_rejected_is_awaited_by_nobody),
        ON_DUO(what_nobody_answers_is_overdue_on_both_sides_at_its_time),
        ON_DUO(the_node_wakes_for_it_by_itself),
        ON_DUO(nothing_wakes_a_node_that_awaits_nothing),
        ON_DUO(what_has_not_left_yet_is_overdue_too),
        ON_DUO(an_acknowledgement_settles_it_on_both_sides),
        ON_DUO(who_declines_has_answered),
        ON_DUO(an_answer_that_comes_late_ends_the_alarm),
        ON_DUO(reading_is_no_answer),
        ON_DUO(an_answer_to_another_message_settles_nothing),
        ON_DUO(who_cancels_it_awaits_it_no_longer),
        ON_DUO(nobody_cancels_the_others_message),
        ON_DUO(of_a_removed_peer_nothing_is_awaited),
        ON_DUO(a_clock_that_goes_back_takes_nothing_back),
        ON_DUO(a_clock_that_jumps_is_noticed_within_a_minute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
