/* test_regrow.c - a piece is of one log, and no head of it counts twice. */
#include "tests/unit/asking_back.h"

#include "node/core/recovery/regrow.h"


static void
a_piece_is_of_the_log_it_was_opened_for(void **state)
{
    struct rogue  *rogue = *state;
    struct peer   *peer = rogue_peer(rogue);
    struct channel *channel = back_channel(rogue);
    struct origin  other = channel->origin;

    other.random ^= 1;
    assert_null(regrow_of(peer, origin_span(&channel->text)));
    regrow_open(peer, &other);
    assert_null(regrow_of(peer, origin_span(&channel->text)));
    assert_ptr_equal(regrow_of(peer, origin_span(&peer->regrow->text)),
                     peer->regrow);
    regrow_free(peer);
    assert_null(peer->regrow);
}

static void
a_head_that_is_not_beyond_what_is_here_ends_the_piece(void **state)
{
    struct rogue     *rogue = *state;
    struct peer      *peer = rogue_peer(rogue);
    struct channel   *channel = back_channel(rogue);
    struct effects    effects;
    struct turn_input input = {.mono_ms = 1, .wall_ms = 1};
    struct context    turn = {.node = rogue->victim->node,
                              .input = &input,
                              .out = &effects};
    Entente__Held     held = ENTENTE__HELD__INIT;

    effects_init(&effects);
    regrow_open(peer, &channel->origin);
    regrow_head(peer, &turn, &channel->head, channel->signature);
    assert_true(peer->regrow->stopped);
    assert_string_not_equal(peer->alarm, "");
    assert_false(regrow_close(peer, &turn, &held));
    assert_null(peer->regrow);
    effects_free(&effects);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BACK_TEST(a_piece_is_of_the_log_it_was_opened_for),
        BACK_TEST(
            a_head_that_is_not_beyond_what_is_here_ends_the_piece),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
