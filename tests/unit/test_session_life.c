/* How links follow each other, and when one ends by itself. */
#include "tests/unit/rogue.h"

#include "node/core/roster.h"
#include "node/core/link/session.h"

#include <string.h>

static const uint8_t zeros[LIMIT_DIGEST];

/* --- two links ------------------------------------------------------------ */

static void
a_new_link_replaces_the_one_before(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      first;

    rogue_open(rogue);
    first = rogue->link;
    rogue_open(rogue);
    assert_false(rogue_is_closed(rogue));
    rogue->link = first;
    assert_true(rogue_is_closed(rogue));
}

/* Node 1 is the lower: what it dialled stays, what node 2 dials gives way. */
static void
the_link_dialled_by_the_lower_id_is_not_replaced(void **state)
{
    struct duo     *duo = duo_new();
    struct session *link;
    uint64_t        current;

    (void)state;
    duo->a.reachable = false;
    duo_pair(duo);
    duo->a.reachable = true;
    current = duo->a.link;
    link = duo->b.node->peers[0]->link;
    link->dialled = link->worked = true; /* so that b would renew it */
    link->messages = LIMIT_LINK_MESSAGES;
    duo->b.node->peers[0]->dial_at_ms = 0;
    duo_wait(duo, 1);
    assert_int_equal(duo->b.node->next_dial, 4); /* b did dial again */
    assert_int_equal(duo->a.wire_count, 1);
    assert_int_equal(duo->a.link, current);
    assert_int_equal(duo->a.node->peers[0]->link->state, SESSION_OPEN);
    duo_free(duo);
}

static void
both_may_dial_at_once_and_one_link_is_left(void **state)
{
    struct duo *duo = duo_new();

    (void)state;
    duo_pair(duo);
    for (unsigned i = 0; i < 20; i++) {
        duo_cut(duo);
        duo_wait(duo, 60000);
        assert_int_equal(duo->a.wire_count, 1);
        assert_true(duo->a.node->peers[0]->link->dialled);
        assert_int_equal(duo->a.node->peers[0]->link->state, SESSION_OPEN);
        assert_int_equal(duo->b.node->peers[0]->link->state, SESSION_OPEN);
        assert_string_equal(duo->a.node->peers[0]->alarm, "");
        assert_string_equal(duo->b.node->peers[0]->alarm, "");
    }
    duo_free(duo);
}

/* --- deadlines ------------------------------------------------------------ */

static void
a_stranger_that_says_nothing_is_closed_in_time(void **state)
{
    struct rogue *rogue = *state;

    rogue_dial(rogue);
    rogue_pass(rogue, LIMIT_HANDSHAKE_MS - 1);
    assert_false(rogue_is_closed(rogue));
    rogue_pass(rogue, 1);
    assert_true(rogue_is_closed(rogue));
    assert_int_equal(rogue->victim->node->session_count, 0);
}

static void
a_handshake_that_stops_half_way_is_closed_in_time(void **state)
{
    struct rogue *rogue = *state;

    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, zeros, zeros);
    rogue_pass(rogue, LIMIT_HANDSHAKE_MS);
    assert_true(rogue_is_closed(rogue));
    assert_null(rogue_peer(rogue)->link);
}

static void
a_silent_link_is_closed_in_time(void **state)
{
    struct rogue *rogue = *state;

    rogue_open(rogue);
    rogue_pass(rogue, LIMIT_SILENCE_MS - 1);
    assert_false(rogue_is_closed(rogue));
    rogue_pass(rogue, 1);
    assert_true(rogue_is_closed(rogue));
}

static void
a_keepalive_goes_out_when_nothing_else_did(void **state)
{
    struct rogue *rogue = *state;

    rogue_open(rogue);
    (void)rogue_hear(rogue, ENTENTE__FRAME__KIND_BYE); /* all that waits */
    rogue_pass(rogue, LIMIT_KEEPALIVE_MS - 1);
    assert_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_KEEPALIVE));
    rogue_pass(rogue, 1);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_KEEPALIVE));
}

static void
an_echo_is_answered(void **state)
{
    struct rogue         *rogue = *state;
    Entente__Frame        frame = ENTENTE__FRAME__INIT;
    Entente__Keepalive    keepalive = ENTENTE__KEEPALIVE__INIT;
    const Entente__Frame *heard;

    rogue_open(rogue);
    keepalive.echo = 4711;
    frame.kind_case = ENTENTE__FRAME__KIND_KEEPALIVE;
    frame.keepalive = &keepalive;
    rogue_say(rogue, &frame);
    heard = rogue_hear(rogue, ENTENTE__FRAME__KIND_KEEPALIVE);
    assert_non_null(heard);
    assert_int_equal(heard->keepalive->answer, 4711);
    rogue_pass(rogue, LIMIT_KEEPALIVE_MS);
    heard = rogue_hear(rogue, ENTENTE__FRAME__KIND_KEEPALIVE);
    assert_int_equal(heard->keepalive->answer, 0); /* once */
}

static void
a_bye_ends_the_link(void **state)
{
    struct rogue  *rogue = *state;
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Bye   bye = ENTENTE__BYE__INIT;

    rogue_open(rogue);
    frame.kind_case = ENTENTE__FRAME__KIND_BYE;
    frame.bye = &bye;
    rogue_say(rogue, &frame);
    assert_true(rogue_is_closed(rogue));
    assert_null(rogue_peer(rogue)->link);
}

#define SESSION_TEST(name) \
    cmocka_unit_test_setup_teardown(name, rogue_make, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(a_new_link_replaces_the_one_before),
        cmocka_unit_test(the_link_dialled_by_the_lower_id_is_not_replaced),
        cmocka_unit_test(both_may_dial_at_once_and_one_link_is_left),
        SESSION_TEST(a_stranger_that_says_nothing_is_closed_in_time),
        SESSION_TEST(a_handshake_that_stops_half_way_is_closed_in_time),
        SESSION_TEST(a_silent_link_is_closed_in_time),
        SESSION_TEST(a_keepalive_goes_out_when_nothing_else_did),
        SESSION_TEST(an_echo_is_answered),
        SESSION_TEST(a_bye_ends_the_link),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
