/*
 * Two nodes: pairing, first message, receipt, answers, a lost link, a restart.
 */
#include "tests/unit/duo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
make(void **state)
{
    *state = duo_new();
    return 0;
}

static const char *
last_state(const struct duo_party *party)
{
    const Entente__Response *response =
        duo_last(party, ENTENTE__RESPONSE__KIND_SUBMIT);

    if (response == NULL &&
        duo_last(party, ENTENTE__RESPONSE__KIND_FAILURE) != NULL)
        return duo_last(party, ENTENTE__RESPONSE__KIND_FAILURE)
            ->failure->message;
    return response != NULL ? response->submit->state : "nothing";
}

static void
paired_nodes_cosign_each_others_first_entry(void **state)
{
    struct duo   *duo = *state;
    struct record cosigned;

    duo_pair(duo);
    cosigned = duo_record(&duo->a, RECORD_OUT_COSIGNED, 0);
    assert_int_equal(cosigned.size, 1);
    cosigned = duo_record(&duo->b, RECORD_OUT_COSIGNED, 0);
    assert_int_equal(cosigned.size, 1);
}

static void
a_message_arrives_and_its_sender_hears_of_the_receipt(void **state)
{
    struct duo   *duo = *state;
    struct record entry;

    duo_pair(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", "received");
    duo_run(duo);
    assert_string_equal(last_state(&duo->a), "received");
    entry = duo_record(&duo->b, RECORD_IN_ENTRY, 1);
    assert_int_equal(entry.state, STATE_NEW);
    assert_int_equal(entry.number, 1);
}

static void
an_accepted_message_is_answered_by_an_entry(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", "accepted");
    duo_run(duo);
    assert_string_equal(last_state(&duo->a), "accepted");
    assert_int_equal(duo_record(&duo->a, RECORD_VERDICT, 0).state,
                     STATE_ACCEPTED);
}

static void
a_message_for_a_peer_that_is_down_waits_and_leaves_by_itself(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    duo->a.reachable = false;
    duo->b.reachable = false;
    duo_cut(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "later", "received");
    duo_run(duo);
    assert_string_equal(last_state(&duo->a), "queued");
    duo->a.reachable = true;
    duo->b.reachable = true;
    duo_wait(duo, 60000);
    assert_string_equal(last_state(&duo->a), "received");
}

static void
what_waits_survives_a_restart_of_either_side(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    duo->a.reachable = false;
    duo->b.reachable = false;
    duo_cut(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "later", NULL);
    duo_submit(&duo->a, "node2", 2, "FLASH", "now", NULL);
    duo_run(duo);
    duo_restart(&duo->a);
    duo_restart(&duo->b);
    duo->a.reachable = true;
    duo->b.reachable = true;
    duo_wait(duo, 60000);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 3);
    assert_int_equal(duo_record(&duo->b, RECORD_IN_ENTRY, 1).precedence,
                     PRECEDENCE_FLASH);
    assert_int_equal(duo_record(&duo->b, RECORD_IN_ENTRY, 2).precedence,
                     PRECEDENCE_ROUTINE);
}

static void
a_thousand_messages_arrive_in_order(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    for (unsigned i = 0; i < 1000; i++) {
        duo_submit(&duo->a, "node2", 100 + i, "ROUTINE", "one of many", NULL);
        if (i % 7 == 0)
            duo_run(duo);
    }
    duo_run(duo);
    duo_wait(duo, 1000);
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(
            duo_record(&duo->b, RECORD_IN_ENTRY, i + 1).number, i + 1);
}

static void
a_snapshot_gives_back_the_same_state(void **state)
{
    struct duo  *duo = *state;
    struct event snapshot = {.kind = EVENT_SNAPSHOT};

    duo_pair(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "before", NULL);
    duo_run(duo);
    duo_post(&duo->a, &snapshot);
    duo_post(&duo->b, &snapshot);
    duo_run(duo);
    duo_restart(&duo->a);
    duo_restart(&duo->b);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "after", "received");
    duo_wait(duo, 60000);
    assert_string_equal(last_state(&duo->a), "received");
    assert_int_equal(duo_record(&duo->b, RECORD_IN_ENTRY, 2).number, 2);
}

static void
a_call_that_is_never_answered_is_closed_and_tried_again(void **state)
{
    struct duo  *duo = *state;
    struct event timer = {.kind = EVENT_TIMER};

    duo_pair(duo);
    duo_cut(duo);
    duo->a.now_ms += LIMIT_BACKOFF_MAX_MS;
    duo_post(&duo->a, &timer);
    assert_true(duo_turn(&duo->a)); /* dials */
    assert_true(duo->a.link != 0);
    assert_true(duo_turn(&duo->a)); /* calls; b says nothing */
    duo->a.now_ms += LIMIT_HANDSHAKE_MS;
    duo->a.wake_at_ms = 0;
    duo_post(&duo->a, &timer);
    assert_true(duo_turn(&duo->a));
    assert_true(duo->a.link != 0 || duo->a.wake_at_ms > duo->a.now_ms);
}

static uint64_t
taken(const struct node *node, const char *name)
{
    for (size_t row = 0; row < node_row_count(node); row++)
        if (strcmp(node_row_name(node, row), name) == 0)
            return node_row_taken(node, row);
    fail_msg("no row %s", name);
    return 0;
}

static void
a_node_that_is_asked_to_end_tells_its_peers(void **state)
{
    struct duo  *duo = *state;
    struct event quiesce = {.kind = EVENT_QUIESCE};

    duo_pair(duo);
    assert_int_equal(taken(duo->b.node, "OPEN Bye"), 0);
    duo_post(&duo->a, &quiesce);
    assert_true(duo_turn(&duo->a));
    assert_true(duo_turn(&duo->b));
    assert_int_equal(taken(duo->b.node, "OPEN Bye"), 1);
}

/* What came in the same turn is saved and answered like any other. */
static void
what_is_submitted_while_a_node_ends_waits(void **state)
{
    struct duo  *duo = *state;
    struct event quiesce = {.kind = EVENT_QUIESCE};

    duo_pair(duo);
    duo_post(&duo->a, &quiesce);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "just in time", NULL);
    assert_true(duo_turn(&duo->a));
    assert_int_equal(duo_count_records(&duo->a, RECORD_PENDING) +
                         duo_count_records(&duo->a, RECORD_OUT_ENTRY), 2);
    assert_string_equal(
        duo_last(&duo->a, ENTENTE__RESPONSE__KIND_SUBMIT)->submit->peer,
        "node2");
    duo_restart(&duo->a);
    duo_wait(duo, 60000);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
}

static void
count_read_back(void *arg, const struct turn_input *input,
                const struct event *events, size_t count,
                const struct effects *effects)
{
    size_t *asked = arg;

    (void)input;
    (void)events;
    (void)count;
    for (size_t i = 0; i < effects->count; i++)
        *asked += effects->list[i].kind == EFFECT_LOAD &&
                  effects->list[i].query.kind == QUERY_PENDING;
}

/* Three wait at a for b, who comes back; how many a asks the store for. */
static size_t
read_back(struct duo *duo, bool restart)
{
    size_t asked = 0;

    duo_pair(duo);
    duo_cut(duo);
    duo->a.reachable = duo->b.reachable = false;
    for (unsigned i = 1; i <= 3; i++)
        duo_submit(&duo->a, "node2", i, "ROUTINE", "waits", NULL);
    duo_run(duo);
    assert_int_equal(duo_count_records(&duo->a, RECORD_PENDING), 3);
    if (restart)
        duo_restart(&duo->a);
    duo->a.seen = count_read_back;
    duo->a.seen_arg = &asked;
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 1);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    duo->a.seen = NULL;
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 4);
    return asked;
}

static void
a_short_queue_is_not_read_back(void **state)
{
    assert_int_equal(read_back(*state, false), 0);
}

static void
after_a_start_what_waits_is_read_back(void **state)
{
    assert_int_equal(read_back(*state, true), 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            paired_nodes_cosign_each_others_first_entry, make, duo_drop),
        cmocka_unit_test_setup_teardown(
            a_message_arrives_and_its_sender_hears_of_the_receipt, make,
            duo_drop),
        cmocka_unit_test_setup_teardown(
            an_accepted_message_is_answered_by_an_entry, make, duo_drop),
        cmocka_unit_test_setup_teardown(
            a_message_for_a_peer_that_is_down_waits_and_leaves_by_itself, make,
            duo_drop),
        cmocka_unit_test_setup_teardown(
            what_waits_survives_a_restart_of_either_side, make, duo_drop),
        cmocka_unit_test_setup_teardown(a_thousand_messages_arrive_in_order,
                                        make, duo_drop),
        cmocka_unit_test_setup_teardown(a_snapshot_gives_back_the_same_state,
                                        make, duo_drop),
        cmocka_unit_test_setup_teardown(
            a_call_that_is_never_answered_is_closed_and_tried_again, make,
            duo_drop),
        cmocka_unit_test_setup_teardown(
            a_node_that_is_asked_to_end_tells_its_peers, make, duo_drop),
        cmocka_unit_test_setup_teardown(
            what_is_submitted_while_a_node_ends_waits, make, duo_drop),
        cmocka_unit_test_setup_teardown(a_short_queue_is_not_read_back, make,
                                        duo_drop),
        cmocka_unit_test_setup_teardown(after_a_start_what_waits_is_read_back,
                                        make, duo_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
