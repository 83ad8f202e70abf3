/* test_lane.c - which log is the present one of each lane. */
#include "tests/unit/courier_world.h"
#include "tests/unit/courier_open.h"

static void
a_pair_begins_with_a_log_in_lane_wire_alone(void **state)
{
    struct duo        *duo = *state;
    const struct peer *peer = courier_peer(&duo->a);

    assert_non_null(lane_channel(peer, LANE_WIRE));
    assert_null(lane_channel(peer, LANE_COURIER));
    assert_non_null(lane_witness(peer, LANE_WIRE));
    assert_null(lane_witness(peer, LANE_COURIER));
}

static void
a_log_of_one_lane_closes_none_of_the_other(void **state)
{
    struct duo     *duo = *state;
    struct peer    *peer = courier_peer(&duo->a);
    struct channel *wire = lane_channel(peer, LANE_WIRE);
    struct channel *courier = courier_open(&duo->a);
    struct channel *second;

    assert_ptr_equal(lane_channel(peer, LANE_WIRE), wire);
    assert_ptr_not_equal(courier, wire);
    second = courier_open(&duo->a);
    assert_true(courier->closed);
    assert_ptr_equal(lane_channel(peer, LANE_COURIER), second);
    assert_ptr_equal(lane_channel(peer, LANE_WIRE), wire);
}

static void
an_epoch_number_is_above_those_of_both_lanes_and_what_was_told(void **state)
{
    struct duo  *duo = *state;
    struct peer *peer = courier_peer(&duo->a);

    assert_int_equal(lane_next_epoch(peer), 2);
    assert_int_equal(courier_open(&duo->a)->origin.epoch, 2);
    assert_int_equal(lane_next_epoch(peer), 3);
    peer->epoch_told = 8;
    assert_int_equal(courier_open(&duo->a)->origin.epoch, 9);
}

static void
a_reader_of_lane_courier_follows_as_far_as_messages_may_wait(void **state)
{
    (void)state;
    assert_int_equal(lane_ahead(LANE_WIRE), LIMIT_HEAD_AHEAD);
    assert_int_equal(lane_ahead(LANE_COURIER), LIMIT_PENDING_COUNT);
}

static void
a_stopped_log_of_either_lane_is_found(void **state)
{
    struct duo   *duo = *state;
    struct peer  *peer = courier_peer(&duo->a);
    struct origin origin = lane_witness(peer, LANE_WIRE)->origin;

    assert_false(lane_is_stopped(peer));
    lane_witness(peer, LANE_WIRE)->stopped = true;
    origin.lane = LANE_COURIER;
    (void)peer_witness_add(peer, &origin);
    assert_true(lane_is_stopped(peer));
    lane_witness(peer, LANE_WIRE)->stopped = false;
    assert_false(lane_is_stopped(peer));
    lane_witness(peer, LANE_COURIER)->stopped = true;
    assert_true(lane_is_stopped(peer));
}

#define LANE_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, duo_make_paired, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        LANE_TEST(a_pair_begins_with_a_log_in_lane_wire_alone),
        LANE_TEST(a_log_of_one_lane_closes_none_of_the_other),
        LANE_TEST(
            an_epoch_number_is_above_those_of_both_lanes_and_what_was_told),
        cmocka_unit_test(
            a_reader_of_lane_courier_follows_as_far_as_messages_may_wait),
        LANE_TEST(a_stopped_log_of_either_lane_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
