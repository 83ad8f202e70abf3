#include "tests/unit/index_world.h"

#include "node/store/trail.h"

static void
expect_step(const struct records *trail, size_t at, enum message_state state,
            uint64_t time)
{
    assert_true(at < trail->count);
    assert_int_equal(trail->list[at].kind, RECORD_TRAIL);
    assert_int_equal(trail->list[at].state, state);
    assert_int_equal(trail->list[at].time, time);
}

static void
a_sent_message_tells_its_whole_way(void **state)
{
    struct world         *world = *state;
    struct effects       *turn = turn_begin(world);
    struct origin         origin = origin_to(1, 1);
    const struct records *trail;

    save_pending(turn, 1, 5, "x");
    turn_commit(world, turn);
    trail = trail_of(world, 1, true, 5);
    assert_int_equal(trail->count, 1);
    expect_step(trail, 0, STATE_QUEUED, 1005);
    turn = turn_begin(world);
    save_out(turn, &origin, 3, 5, "x");
    save_cosigned(turn, &origin, 3, 70); /* does not cover it */
    save_cosigned(turn, &origin, 9, 77);
    save_cosigned(turn, &origin, 12, 99);
    save_verdict(turn, &origin, 0, 4, STATE_ACCEPTED, "");
    save_verdict(turn, &origin, 3, 1, STATE_READ, "");
    save_verdict(turn, &origin, 4, 1, STATE_DECLINED, "not this one");
    save_state(turn, 1, true, 5, STATE_ACKNOWLEDGED, "duty officer");
    turn_commit(world, turn);
    trail = trail_of(world, 1, true, 5);
    assert_int_equal(trail->count, 6);
    expect_step(trail, 0, STATE_QUEUED, 1005);
    expect_step(trail, 1, STATE_SENT, 2003);
    expect_step(trail, 2, STATE_RECEIVED, 77000);
    expect_step(trail, 3, STATE_ACCEPTED, 5000);
    expect_step(trail, 4, STATE_READ, 5000);
    expect_step(trail, 5, STATE_ACKNOWLEDGED, 6000);
    assert_int_equal(trail->list[5].peer.bytes[0], 1);
    assert_int_equal(trail->list[5].outgoing, 1);
}

static void
why_and_who_come_with_a_step(void **state)
{
    struct world         *world = *state;
    struct effects       *turn = turn_begin(world);
    struct origin         origin = origin_to(1, 1);
    struct record_secret  secret;
    const struct records *trail;

    save_out(turn, &origin, 3, 5, "x");
    save_verdict(turn, &origin, 3, 1, STATE_REJECTED, "BAD_FIELD");
    save_state(turn, 1, true, 5, STATE_RECALLED, "duty officer");
    turn_commit(world, turn);
    trail = trail_of(world, 1, true, 5);
    expect_step(trail, 2, STATE_REJECTED, 5000);
    assert_true(span_equal(trail->list[2].words, span_text("BAD_FIELD")));
    expect_step(trail, 3, STATE_RECALLED, 6000);
    assert_int_equal(record_secret_decode(trail->list[3].secret, &secret),
                     STATUS_OK);
    assert_true(span_equal(secret.subject, span_text("duty officer")));
}

static void
a_received_message_tells_how_it_came_and_what_became_of_it(void **state)
{
    struct world         *world = *state;
    struct effects       *turn = turn_begin(world);
    struct origin         origin = origin_from(1, 1);
    const struct records *trail;

    save_in(turn, &origin, 3, 5, STATE_QUARANTINED, "x");
    save_state(turn, 1, false, 5, STATE_NEW, "");
    save_state(turn, 1, false, 5, STATE_READ, "");
    save_state(turn, 2, false, 5, STATE_DECLINED, "another peer's");
    save_state(turn, 1, true, 5, STATE_DECLINED, "the other direction");
    turn_commit(world, turn);
    trail = trail_of(world, 1, false, 5);
    assert_int_equal(trail->count, 3);
    expect_step(trail, 0, STATE_QUARANTINED, 2003);
    expect_step(trail, 1, STATE_NEW, 6000);
    expect_step(trail, 2, STATE_READ, 6000);
}

static void
an_id_with_the_same_beginning_has_a_trail_of_its_own(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_from(1, 1);
    struct record   other = {.kind = RECORD_TRAIL,
                             .peer = node_of(1),
                             .id = id_of(5),
                             .state = STATE_DECLINED};

    other.id.bytes[15] ^= 1;
    save_in(turn, &origin, 3, 5, STATE_NEW, "x");
    world_save_record(turn, &other, 0, SPAN_EMPTY);
    turn_commit(world, turn);
    assert_int_equal(trail_of(world, 1, false, 5)->count, 1);
}

static void
a_message_that_is_not_here_has_no_trail(void **state)
{
    struct world *world = *state;

    assert_int_equal(trail_of(world, 1, true, 5)->st, STATUS_NOT_FOUND);
    assert_int_equal(trail_of(world, 1, false, 5)->st, STATUS_NOT_FOUND);
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, world_with_store, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(a_sent_message_tells_its_whole_way),
        ON_WORLD(why_and_who_come_with_a_step),
        ON_WORLD(a_received_message_tells_how_it_came_and_what_became_of_it),
        ON_WORLD(an_id_with_the_same_beginning_has_a_trail_of_its_own),
        ON_WORLD(a_message_that_is_not_here_has_no_trail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
