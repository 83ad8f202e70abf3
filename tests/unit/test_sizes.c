/* test_sizes.c - what a session or a bundle says that is here. */
#include "node/core/link/sizes.h"

#include "tests/unit/courier_world.h"
#include "tests/unit/courier_open.h"

static Entente__Sizes *
sizes(struct duo_party *party)
{
    struct context turn = {.node = party->node, .out = &party->effects};

    return sizes_of(courier_peer(party), &turn);
}

static void
without_a_stick_the_logs_of_lane_wire_are_listed(void **state)
{
    struct duo           *duo = *state;
    const Entente__Sizes *said = sizes(&duo->a);
    struct peer          *peer = courier_peer(&duo->a);

    assert_int_equal(said->n_writes, 1);
    assert_int_equal(said->n_reads, 1);
    assert_string_equal(said->writes[0]->origin,
                        lane_channel(peer, LANE_WIRE)->text.text);
    assert_string_equal(said->reads[0]->origin,
                        lane_witness(peer, LANE_WIRE)->text.text);
    assert_int_equal(said->writes[0]->cosigned->size,
                     said->writes[0]->size);
    assert_string_equal(said->reads[0]->cosigned->origin,
                        said->reads[0]->origin);
}

static void
both_lanes_are_listed_and_what_was_not_cosigned_has_no_receipt(void **state)
{
    struct duo           *duo = *state;
    const struct channel *courier = courier_open(&duo->a);
    const Entente__Sizes *said = sizes(&duo->a);

    assert_int_equal(said->n_writes, 2);
    assert_int_equal(said->n_reads, 1);
    assert_string_equal(said->writes[1]->origin, courier->text.text);
    assert_int_equal(said->writes[1]->size, 1);
    assert_int_equal(said->writes[1]->signature.len, LIMIT_SIGNATURE);
    assert_null(said->writes[1]->cosigned);
}

static void
a_receipt_of_ours_is_said_as_it_was_signed(void **state)
{
    struct duo           *duo = *state;
    const struct witness *witness =
        lane_witness(courier_peer(&duo->a), LANE_WIRE);
    Entente__Cosigned said;

    sizes_cosigned(&said, witness);
    assert_string_equal(said.origin, witness->text.text);
    assert_int_equal(said.size, witness->cosigned.size);
    assert_int_equal(said.time, witness->cosignature.time_s);
    assert_memory_equal(said.root.data, witness->cosigned.root.bytes,
                        LIMIT_DIGEST);
    assert_memory_equal(said.signature.data, witness->cosignature.signature,
                        LIMIT_SIGNATURE);
    assert_int_equal(said.n_key_changes, 0);
}

#define SIZES_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, duo_make_paired, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SIZES_TEST(without_a_stick_the_logs_of_lane_wire_are_listed),
        SIZES_TEST(
            both_lanes_are_listed_and_what_was_not_cosigned_has_no_receipt),
        SIZES_TEST(a_receipt_of_ours_is_said_as_it_was_signed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
