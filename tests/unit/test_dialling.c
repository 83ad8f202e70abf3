#include "tests/unit/duo.h"

#include "node/core/link/dialling.h"
#include "node/core/roster.h"

static int
make(void **state)
{
    struct duo *duo = duo_new();

    duo->a.reachable = false; /* a alone dials */
    *state = duo;
    return 0;
}

static struct peer *
peer_of(const struct duo *duo)
{
    return duo->a.node->peers[0];
}

static void
down(struct duo *duo)
{
    duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
}

/* Sleeps until a dials again; how long that took. */
static uint64_t
until_next_dial(struct duo *duo)
{
    uint64_t from = duo->a.now_ms, before = duo->a.node->next_dial;

    for (unsigned i = 0; duo->a.node->next_dial == before; i++) {
        assert_true(i < 100);
        assert_true(duo_wake(&duo->a));
    }
    return duo->a.now_ms - from;
}

static void
a_new_peer_is_dialled_at_once(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    assert_non_null(peer_of(duo)->link);
    assert_true(peer_of(duo)->link->dialled);
}

static void
numbers_of_links_are_even_and_never_used_again(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    assert_int_equal(duo->a.node->next_dial, 2);
    duo_cut(duo);
    duo_wait(duo, 60000);
    assert_int_equal(duo->a.node->next_dial, 4);
}

static void
a_refused_dial_is_tried_again_ever_later_up_to_a_maximum(void **state)
{
    struct duo *duo = *state;
    uint64_t    expected;

    duo_pair(duo);
    down(duo);
    (void)until_next_dial(duo);
    duo_run(duo);
    expected = peer_of(duo)->backoff_ms;
    assert_true(expected <= 2 * LIMIT_BACKOFF_MIN_MS);
    for (unsigned i = 0; i < 12; i++) {
        uint64_t slept = until_next_dial(duo);

        /* Each turn of the run lets a millisecond pass. */
        assert_in_range(slept, expected * 3 / 4 - 20, expected);
        duo_run(duo);
        expected = 2 * expected < LIMIT_BACKOFF_MAX_MS ? 2 * expected
                                                       : LIMIT_BACKOFF_MAX_MS;
    }
    assert_int_equal(expected, LIMIT_BACKOFF_MAX_MS);
}

static void
a_link_that_came_up_sets_the_back_off_back(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    down(duo);
    for (unsigned i = 0; i < 8; i++) {
        (void)until_next_dial(duo);
        duo_run(duo);
    }
    assert_true(peer_of(duo)->backoff_ms > 10000);
    duo->b.reachable = true;
    (void)until_next_dial(duo);
    duo_run(duo);
    assert_non_null(peer_of(duo)->link);
    assert_int_equal(peer_of(duo)->backoff_ms, 0);
}

/* A firewall that swallows: neither connected nor refused. */
static void
a_dial_that_hangs_is_given_up_and_tried_again(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    duo->b.hangs = true;
    down(duo);
    for (unsigned i = 0; i < 5; i++)
        assert_true(until_next_dial(duo) <=
                    LIMIT_HANDSHAKE_MS + LIMIT_BACKOFF_MAX_MS);
}

static void
a_link_that_fell_silent_is_dialled_anew(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    duo->b.hangs = true;
    assert_true(until_next_dial(duo) <= LIMIT_SILENCE_MS + 1000);
}

static void
nobody_is_dialled_twice_at_a_time(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    duo->b.hangs = true;
    down(duo);
    (void)until_next_dial(duo);
    for (unsigned i = 0; i < 10; i++)
        duo_wait(duo, 500);
    assert_int_equal(duo->a.node->session_count, 1);
}

static void
who_is_not_to_be_dialled_is_not(void **state)
{
    struct duo *duo = *state;
    uint64_t    before;

    duo_pair(duo);
    down(duo);
    duo_wait(duo, 60000);
    before = duo->a.node->next_dial;
    peer_of(duo)->flags = PEER_NO_DIAL;
    duo_wait(duo, 120000);
    assert_int_equal(duo->a.node->next_dial, before);
    peer_of(duo)->flags = PEER_REMOVED;
    duo_wait(duo, 120000);
    assert_int_equal(duo->a.node->next_dial, before);
    peer_of(duo)->flags = 0;
    peer_of(duo)->address[0] = '\0';
    duo_wait(duo, 120000);
    assert_int_equal(duo->a.node->next_dial, before);
}

/* --- renewal -------------------------------------------------------------- */

/* Time passes on an open link, in steps that keep it alive. */
static void
pass(struct duo *duo, uint64_t ms)
{
    for (uint64_t i = 0; i < ms; i += 10000)
        duo_wait(duo, 10000);
}

static void
a_link_that_carried_something_is_renewed_when_it_is_old(void **state)
{
    struct duo *duo = *state;
    uint64_t    link;

    duo_pair(duo);
    link = duo->a.link;
    pass(duo, LIMIT_LINK_AGE_MS - 20000);
    assert_int_equal(duo->a.link, link);
    pass(duo, 20000);
    assert_int_not_equal(duo->a.link, link);
    assert_int_equal(duo->a.wire_count, 1); /* the old one was closed */
    assert_int_equal(peer_of(duo)->link->state, SESSION_OPEN);
}

static void
a_link_that_carried_keepalives_alone_is_not(void **state)
{
    struct duo *duo = *state;
    uint64_t    link;

    duo_pair(duo);
    pass(duo, LIMIT_LINK_AGE_MS + 10000);
    link = duo->a.link; /* renewed once, idle since */
    assert_false(peer_of(duo)->link->worked);
    pass(duo, 3 * LIMIT_LINK_AGE_MS);
    assert_int_equal(duo->a.link, link);
}

static void
a_link_that_carried_very_many_frames_is_renewed(void **state)
{
    struct duo *duo = *state;
    uint64_t    link;

    duo_pair(duo);
    link = duo->a.link;
    peer_of(duo)->link->messages = LIMIT_LINK_MESSAGES;
    duo_wait(duo, 1000);
    assert_int_not_equal(duo->a.link, link);
}

static void
who_was_called_does_not_renew(void **state)
{
    struct duo *duo = *state;
    uint64_t    link;

    duo_pair(duo);
    link = duo->b.link;
    duo->b.reachable = false; /* a cannot, and b does not */
    duo->a.reachable = true;
    pass(duo, 2 * LIMIT_LINK_AGE_MS);
    assert_int_equal(duo->b.link, link);
}

/* The old link stays until the new one stands. */
static void
a_renewal_that_fails_is_tried_again_and_costs_nothing(void **state)
{
    struct duo *duo = *state;
    uint64_t    link;

    duo_pair(duo);
    link = duo->a.link;
    duo->b.reachable = false;
    pass(duo, LIMIT_LINK_AGE_MS + 30000);
    assert_int_equal(duo->a.link, link);
    assert_int_equal(peer_of(duo)->link->state, SESSION_OPEN);
    duo->b.reachable = true;
    for (unsigned i = 0; i < 20 && duo->a.link == link; i++) {
        assert_true(duo_wake(&duo->a));
        duo->b.now_ms = duo->a.now_ms;
        duo_run(duo);
    }
    assert_int_not_equal(duo->a.link, link);
}

#define DIALLING_TEST(name)                                                    \
    cmocka_unit_test_setup_teardown(name, make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        DIALLING_TEST(a_new_peer_is_dialled_at_once),
        DIALLING_TEST(numbers_of_links_are_even_and_never_used_again),
        DIALLING_TEST(a_refused_dial_is_tried_again_ever_later_up_to_a_maximum),
        DIALLING_TEST(a_link_that_came_up_sets_the_back_off_back),
        DIALLING_TEST(a_dial_that_hangs_is_given_up_and_tried_again),
        DIALLING_TEST(a_link_that_fell_silent_is_dialled_anew),
        DIALLING_TEST(nobody_is_dialled_twice_at_a_time),
        DIALLING_TEST(who_is_not_to_be_dialled_is_not),
        DIALLING_TEST(a_link_that_carried_something_is_renewed_when_it_is_old),
        DIALLING_TEST(a_link_that_carried_keepalives_alone_is_not),
        DIALLING_TEST(a_link_that_carried_very_many_frames_is_renewed),
        DIALLING_TEST(who_was_called_does_not_renew),
        DIALLING_TEST(a_renewal_that_fails_is_tried_again_and_costs_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
