#include "tests/unit/duo.h"

#include "node/core/recovery/refetch.h"
#include "node/core/roster.h"

/* A log of the other's whose bodies are all here. */
static void
nothing_is_given_up_of_a_log_that_is_whole(void **state)
{
    struct duo     *duo = *state;
    struct peer    *peer = duo->b.node->peers[0];
    struct effects  out;
    struct turn_input input = {.wall_ms = 1};
    struct context  turn = {
        .node = duo->b.node, .out = &out, .input = &input};
    struct witness *witness = peer->witnesses[0];

    effects_init(&out);
    assert_true(witness->whole == witness->head.size);
    refetch_give_up(peer, &turn, witness);
    assert_int_equal(peer->regain_lost, 0);
    effects_free(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            nothing_is_given_up_of_a_log_that_is_whole, duo_make_sent,
            duo_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
