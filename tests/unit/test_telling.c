/* Which records are events, and what is told with them. */
#include "tests/unit/events_world.h"

#include "node/store/telling.h"

static void
each_thing_that_happens_is_told_in_its_order(void **state)
{
    struct watching *watching = *state;
    size_t           count = some_life(watching->world);

    read_on(watching, PLENTY);
    assert_int_equal(watching->count, count);
    assert_true(expect(watching, 0, STATE_QUEUED, 5)->outgoing);
    assert_string_equal(watching->list[0].subject, "waits");
    assert_int_equal(watching->list[0].time, 1005);
    expect(watching, 1, STATE_SENT, 6);
    assert_int_equal(watching->list[1].time, 2001);
    expect(watching, 2, STATE_SENT, 7);
    assert_false(expect(watching, 3, STATE_NEW, 8)->outgoing);
    assert_int_equal(watching->list[3].number, 10);
    assert_int_equal(expect(watching, 4, STATE_RECEIVED, 6)->time, 70000);
    expect(watching, 5, STATE_SENT, 5);
    expect(watching, 6, STATE_ACCEPTED, 6);
    expect(watching, 7, STATE_ACCEPTED, 7);
    expect(watching, 8, STATE_RECEIVED, 7); /* from the last receipt on */
    expect(watching, 9, STATE_RECEIVED, 5);
    assert_string_equal(expect(watching, 10, STATE_REJECTED, 5)->why,
                        "BAD_FIELD");
    expect(watching, 11, STATE_READ, 8);
    expect(watching, 12, HAPPENED_ALARM, 0);
    assert_int_equal(watching->list[12].peer, 1);
    assert_string_equal(watching->list[12].why, "a head of theirs is wrong");
}

static void
a_receipt_is_told_at_the_time_it_came(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    to = origin_to(1, 1);
    struct record    record = {.kind = RECORD_OUT_COSIGNED,
                               .origin = to,
                               .size = 1,
                               .time = 3,
                               .count = 1763904138023};

    save_out(turn, &to, 0, 6, "x");
    world_save_record(turn, &record, 0, SPAN_EMPTY);
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(expect(watching, 1, STATE_RECEIVED, 6)->time,
                     1763904138023);
}

static void
who_answered_and_why_come_with_it(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    to = origin_to(1, 1);
    struct record    record = {.kind = RECORD_VERDICT,
                               .origin = to,
                               .outgoing = 1,
                               .index = 0,
                               .count = 2,
                               .state = STATE_DECLINED};

    save_out(turn, &to, 0, 6, "x");
    save_out(turn, &to, 1, 7, "y");
    index_save(turn, &record, "Duty Officer", "not our area");
    turn_commit(watching->world, turn);
    read_on(watching, 1);
    assert_int_equal(watching->count, 4);
    for (size_t i = 0; i < 2; i++) {
        const struct seen *seen = expect(watching, 2 + i, STATE_DECLINED,
                                         6 + i);

        assert_string_equal(seen->by, "Duty Officer");
        assert_string_equal(seen->why, "not our area");
    }
}

static void
what_is_no_event_is_not_told(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    to = origin_to(1, 1);
    struct origin    from = origin_from(1, 1);
    struct record    own = {.kind = RECORD_VERDICT,
                            .origin = from,
                            .count = 1,
                            .state = STATE_REFUSED};

    save_cosigned(turn, &to, 3, 70);                     /* of no message */
    save_state(turn, 1, false, 99, STATE_READ, "");      /* not here */
    save_state(turn, 9, true, 99, STATE_READ, "");       /* nor its peer */
    save_verdict(turn, &to, 50, 7, STATE_ACCEPTED, "");  /* nor the entries */
    save_verdict(turn, &to, 50, UINT64_MAX, STATE_ACCEPTED, "");
    save_in(turn, &from, 0, 8, STATE_NEW, "x");
    world_save_record(turn, &own, 0, SPAN_EMPTY); /* what we say, not they */
    save_state(turn, 1, false, 8, STATE_NONE, "");
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 1);
    expect(watching, 0, STATE_NEW, 8);
}

static void
what_nobody_answered_in_time_is_told_when_it_is_overdue(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    from = origin_from(1, 1);
    struct record    await = {.kind = RECORD_AWAIT,
                              .peer = node_of(1),
                              .id = id_of(8),
                              .time = 9000,
                              .words = span_text("origin")};

    save_in(turn, &from, 0, 8, STATE_NEW, "x");
    for (uint8_t i = AWAIT_SETTLED; i <= AWAIT_BEYOND; i++) {
        await.state = i;
        world_save_record(turn, &await, 0, SPAN_EMPTY);
    }
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 2);
    assert_int_equal(expect(watching, 1, HAPPENED_OVERDUE, 8)->time, 9000);
    assert_string_equal(watching->list[1].why, "");
}

static void
an_alarm_that_a_person_cleared_is_told_as_cleared(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);

    save_alarm(turn, 1, "a head of theirs is wrong");
    save_alarm(turn, 1, "");
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 2);
    expect(watching, 0, HAPPENED_ALARM, 0);
    assert_int_equal(expect(watching, 1, HAPPENED_CLEARED, 0)->peer, 1);
}

static void
what_waits_has_its_place_in_the_queue(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);

    for (uint64_t i = 0; i < 5; i++)
        save_pending(turn, 1, 5 + i, "x");
    save_state(turn, 1, true, 6, STATE_HELD, "");
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    for (uint64_t i = 0; i < 5; i++)
        assert_int_equal(expect(watching, i, STATE_QUEUED, 5 + i)->queue,
                         1 + i);
    assert_int_equal(expect(watching, 5, STATE_HELD, 6)->queue, 2);
}

/* --- once ----------------------------------------------------------------- */

static void
what_a_snapshot_repeats_is_not_told_again(void **state)
{
    struct watching *watching = *state;
    struct origin    to = origin_to(1, 1);
    struct record    begin = {.kind = RECORD_SNAPSHOT};
    struct record    end = {.kind = RECORD_SNAPSHOT_END, .count = 2};
    size_t           count = some_life(watching->world);
    struct effects  *turn = turn_begin(watching->world);

    world_save_record(turn, &begin, 0, SPAN_EMPTY);
    save_cosigned(turn, &to, 4, 71);
    save_alarm(turn, 1, "a head of theirs is wrong");
    world_save_record(turn, &end, 0, SPAN_EMPTY);
    save_pending(turn, 1, 20, "after it");
    turn_commit(watching->world, turn);
    for (uint64_t limit = 1; limit < 4; limit++) {
        begin_again(watching, "");
        read_on(watching, limit);
        assert_int_equal(watching->count, count + 1);
        expect(watching, count, STATE_QUEUED, 20);
    }
}

static void
a_message_that_comes_again_has_arrived_once(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    one = origin_from(1, 1);
    struct origin    two = origin_from(1, 2);
    struct origin    other = origin_from(2, 1);

    save_sealed(turn, &one, 4, 17, "tea at four");
    save_sealed(turn, &two, 7, 300, "tea at four");
    save_sealed(turn, &other, 0, 5, "tea at six"); /* another peer's id */
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 2);
    assert_int_equal(expect(watching, 0, STATE_NEW, 9)->number, 17);
    assert_int_equal(expect(watching, 1, STATE_NEW, 9)->peer, 2);
}

static void
another_message_under_its_id_is_told_as_quarantined(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    one = origin_from(1, 1);
    struct origin    two = origin_from(1, 2);

    save_sealed(turn, &one, 4, 17, "tea at four");
    save_sealed(turn, &two, 7, 300, "tea at five");
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 2);
    expect(watching, 0, STATE_NEW, 9);
    expect(watching, 1, STATE_QUARANTINED, 9);
    assert_int_equal(watching->list[1].number, 300);
    assert_string_equal(watching->list[1].subject, "tea at five");
}

static void
what_was_forgotten_is_told_without_words(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn;
    struct origin    from = origin_from(1, 1);

    turn = turn_begin(watching->world);
    save_in(turn, &from, 0, 8, STATE_NEW, "a secret");
    save_state(turn, 1, false, 8, STATE_ACKNOWLEDGED, "Duty Officer");
    turn_commit(watching->world, turn);
    turn = turn_begin(watching->world);
    world_destroy_key(turn, WORLD_VAULT);
    turn->list[0] = turn->list[turn->count - 1]; /* not put again */
    turn->count--;
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 2);
    assert_string_equal(expect(watching, 0, STATE_NEW, 8)->subject, "");
    assert_string_equal(expect(watching, 1, STATE_ACKNOWLEDGED, 8)->by, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(each_thing_that_happens_is_told_in_its_order),
        ON_WORLD(a_receipt_is_told_at_the_time_it_came),
        ON_WORLD(who_answered_and_why_come_with_it),
        ON_WORLD(what_is_no_event_is_not_told),
        ON_WORLD(what_nobody_answered_in_time_is_told_when_it_is_overdue),
        ON_WORLD(an_alarm_that_a_person_cleared_is_told_as_cleared),
        ON_WORLD(what_waits_has_its_place_in_the_queue),
        ON_WORLD(what_a_snapshot_repeats_is_not_told_again),
        ON_WORLD(a_message_that_comes_again_has_arrived_once),
        ON_WORLD(another_message_under_its_id_is_told_as_quarantined),
        ON_WORLD(what_was_forgotten_is_told_without_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
