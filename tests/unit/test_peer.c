#include "node/core/roster.h"
#include "tests/unit/duo.h"

#include <string.h>

static int
make(void **state)
{
    *state = duo_new();
    duo_pair(*state);
    return 0;
}

static struct origin
log_of_epoch(const struct peer *peer, uint64_t epoch)
{
    struct origin origin = peer->witnesses[0]->origin;

    origin.epoch = epoch;
    return origin;
}

static bool
knows(const struct peer *peer, uint64_t epoch)
{
    struct origin      origin = log_of_epoch(peer, epoch);
    struct origin_text text = origin_format(&origin);

    return peer_witness_of(peer, origin_span(&text)) != NULL;
}

static struct witness *
named(struct peer *peer, uint64_t epoch)
{
    struct origin origin = log_of_epoch(peer, epoch);

    return peer_witness_add(peer, &origin);
}

static void
a_log_that_was_only_named_is_forgotten_with_its_link(void **state)
{
    struct duo  *duo = *state;
    struct peer *peer = duo->a.node->peers[0];

    (void)named(peer, 9);
    assert_true(knows(peer, 9));
    duo_cut(duo);
    (void)duo_turn(&duo->a);
    assert_false(knows(peer, 9));
    assert_true(knows(peer, 1)); /* it has heads */
}

static void
a_log_whose_first_head_was_wrong_is_remembered_over_links(void **state)
{
    struct duo  *duo = *state;
    struct peer *peer = duo->a.node->peers[0];

    named(peer, 8)->stopped = true;
    named(peer, 9)->refetched = true;
    duo_cut(duo);
    (void)duo_turn(&duo->a);
    assert_true(knows(peer, 8));
    assert_true(knows(peer, 9));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_log_that_was_only_named_is_forgotten_with_its_link),
        CASE(a_log_whose_first_head_was_wrong_is_remembered_over_links),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
