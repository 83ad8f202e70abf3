/* test_loaded.c - an answer of the store goes to who asked, once. */
#include "tests/unit/duo.h"

#include "node/core/loaded.h"
#include "node/core/roster.h"

static void
post(struct duo_party *party, uint64_t token)
{
    duo_post(party, &(struct event){.kind = EVENT_LOADED, .token = token});
    assert_true(duo_turn(party));
}

/* A message that waits and whose plaintext was asked for. */
static void
an_answer_reaches_who_asked_and_ends_the_question(void **state)
{
    struct duo  *duo = *state;
    struct load *load = roster_load_new(duo->a.node, LOAD_PENDING);
    uint64_t     token = load->token;

    load->peer = duo->a.node->peers[0];
    load->peer->loads = 1;
    post(&duo->a, token);
    assert_int_equal(duo->a.node->peers[0]->loads, 0);
    post(&duo->a, token); /* would count below nothing */
    assert_int_equal(duo->a.node->peers[0]->loads, 0);
}

static void
an_answer_that_nobody_asked_for_changes_nothing(void **state)
{
    struct duo *duo = *state;
    size_t      records = duo->a.record_count;

    post(&duo->a, 0);
    post(&duo->a, 12345);
    assert_int_equal(duo->a.record_count, records);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_answer_reaches_who_asked_and_ends_the_question, duo_make_paired,
            duo_drop),
        cmocka_unit_test_setup_teardown(
            an_answer_that_nobody_asked_for_changes_nothing, duo_make_paired,
            duo_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
