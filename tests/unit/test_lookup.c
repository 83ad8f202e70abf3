/*
 * test_lookup.c - references, lists and states as a program asks for them;
 * what is none is refused in words, before the store is asked.
 */
#include "tests/unit/asking.h"

#include "node/core/client/lookup.h"
#include "node/core/roster.h"

/* a sent three messages to b, and has one that waits for c. */
static int
make(void **state)
{
    struct duo      *duo = duo_new();
    struct duo_party c;

    duo_pair(duo);
    duo_party_init(&c, 3);
    asking_pair(&duo->a, &c, "third");
    duo_party_clear(&c);
    for (unsigned i = 1; i <= 3; i++)
        duo_submit(&duo->a, "node2", i, "ROUTINE", "tea?", NULL);
    duo_submit(&duo->a, "third", 9, "ROUTINE", "coffee?", NULL);
    duo_run(duo);
    duo_forget_told(&duo->a);
    duo_forget_told(&duo->b);
    *state = duo;
    return 0;
}

/* The subject of what this reference means to b; its client is 7. */
static const Entente__ListRow *
meant(struct duo *duo, struct duo_party *party, const char *ref)
{
    duo_forget_told(party);
    asking_show(party, 7, 1, ref, true);
    duo_run(duo);
    return asking_ended(party, 7, 1, ENTENTE__RESPONSE__KIND_SHOW)->show->row;
}

static void
refused(struct duo *duo, const char *ref, const char *code)
{
    size_t loads = duo->a.node->next_token;

    duo_forget_told(&duo->a);
    asking_show(&duo->a, 7, 1, ref, false);
    duo_run(duo);
    assert_non_null(asking_refused(&duo->a, 7, 1, code, "ref"));
    asking_state(&duo->a, 7, 2, ref, "received");
    duo_run(duo);
    assert_non_null(asking_refused(&duo->a, 7, 2, code, "ref"));
    assert_int_equal(duo->a.node->next_token, loads); /* nobody was asked */
}

static void
a_number_means_what_the_peer_numbered_for_us(void **state)
{
    struct duo *duo = *state;

    assert_string_equal(meant(duo, &duo->b, "node1/2")->ref, "node1/2");
    assert_int_equal(meant(duo, &duo->b, "node1/2")->number, 2);
}

static void
an_s_before_it_means_what_we_numbered_for_them(void **state)
{
    struct duo *duo = *state;

    assert_string_equal(meant(duo, &duo->a, "node2/s3")->ref, "node2/s3");
}

static void
a_queue_position_means_what_has_not_left(void **state)
{
    struct duo *duo = *state;

    assert_string_equal(meant(duo, &duo->a, "q/1")->peer, "third");
}

static void
an_id_means_the_same_with_all_digits_and_with_six(void **state)
{
    struct duo *duo = *state;

    assert_int_equal(
        meant(duo, &duo->b, "02000000000000000000000000000002")->number, 2);
    assert_int_equal(meant(duo, &duo->b, "020000")->number, 2);
}

static void
numbers_count_from_one(void **state)
{
    refused(*state, "node2/0", "BAD_FIELD");
    refused(*state, "node2/s0", "BAD_FIELD");
    refused(*state, "node2/s000", "BAD_FIELD");
    refused(*state, "q/0", "BAD_FIELD");
}

static void
a_name_without_a_number_is_no_reference(void **state)
{
    refused(*state, "node2/", "BAD_FIELD");
    refused(*state, "node2/s", "BAD_FIELD");
    refused(*state, "q/", "BAD_FIELD");
    refused(*state, "node2/x", "BAD_FIELD");
    refused(*state, "node2/1x", "BAD_FIELD");
    refused(*state, "node2/-1", "BAD_FIELD");
    refused(*state, "node2/+1", "BAD_FIELD");
    refused(*state, "node2/ 1", "BAD_FIELD");
    refused(*state, "node2/ss1", "BAD_FIELD");
    refused(*state, "q/s1", "BAD_FIELD");
}

static void
a_number_that_no_log_can_have_is_no_reference(void **state)
{
    refused(*state, "node2/18446744073709551617", "BAD_FIELD");
    refused(*state, "node2/1000000000000000000", "BAD_FIELD");
}

static void
what_is_no_prefix_of_an_id_is_no_reference(void **state)
{
    refused(*state, "", "BAD_FIELD");
    refused(*state, "-", "BAD_FIELD");
    refused(*state, "02000", "BAD_FIELD");
    refused(*state, "02000g", "BAD_FIELD");
    refused(*state, "020000000000000000000000000000020", "BAD_FIELD");
}

static void
a_name_that_no_peer_has_is_not_found(void **state)
{
    refused(*state, "node9/1", "NOT_FOUND");
    refused(*state, "/1", "NOT_FOUND");
    refused(*state, "abc/def/1", "NOT_FOUND");
}

static void
what_the_store_does_not_have_is_not_found(void **state)
{
    struct duo *duo = *state;

    asking_show(&duo->a, 7, 1, "node2/99", false);
    asking_show(&duo->a, 7, 2, "q/2", false);
    asking_show(&duo->a, 7, 3, "aaaaaa", false);
    duo_run(duo);
    for (uint64_t i = 1; i <= 3; i++)
        asking_refused(&duo->a, 7, i, "NOT_FOUND", "ref");
}

static void
a_prefix_of_several_ids_is_ambiguous(void **state)
{
    struct duo *duo = *state;

    /* Ids are told apart by their first byte: this is behind it. */
    duo_submit(&duo->a, "node2", 1 + (7u << 24), "ROUTINE", "again", NULL);
    duo_run(duo);
    asking_show(&duo->a, 7, 1, "010000", false);
    asking_show(&duo->a, 7, 2, "01000007", true);
    duo_run(duo);
    asking_refused(&duo->a, 7, 1, "AMBIGUOUS", "ref");
    asking_ended(&duo->a, 7, 2, ENTENTE__RESPONSE__KIND_SHOW);
}

static void
a_list_gives_the_rows_of_its_direction(void **state)
{
    struct duo           *duo = *state;
    Entente__ListRequest  list = ENTENTE__LIST_REQUEST__INIT;

    asking_list(&duo->b, 7, 1, &list);
    list.outgoing = true;
    asking_list(&duo->b, 7, 2, &list);
    duo_run(duo);
    assert_int_equal(asking_ended(&duo->b, 7, 1, ENTENTE__RESPONSE__KIND_LIST)
                         ->list->n_rows,
                     3);
    assert_int_equal(asking_ended(&duo->b, 7, 2, ENTENTE__RESPONSE__KIND_LIST)
                         ->list->n_rows,
                     0);
}

static void
a_list_asks_the_store_for_five_hundred_rows_at_most(void **state)
{
    struct duo           *duo = *state;
    Entente__ListRequest  list = ENTENTE__LIST_REQUEST__INIT;
    const uint32_t        limits[] = {0, 1, 499, 500, 501, UINT32_MAX};
    const uint64_t        asked[] = {500, 1, 499, 500, 500, 500};

    duo->a.loads_held = true;
    for (size_t i = 0; i < 6; i++) {
        list.limit = limits[i];
        asking_list(&duo->a, 7, i, &list);
    }
    duo_run(duo);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(duo->a.held[i].query.count, asked[i]);
}

static void
a_list_of_nobody_or_of_no_state_is_refused(void **state)
{
    struct duo           *duo = *state;
    Entente__ListRequest  list = ENTENTE__LIST_REQUEST__INIT;

    list.peer = asking_text("node9");
    asking_list(&duo->a, 7, 1, &list);
    list.peer = asking_text("node2");
    list.state = asking_text("lovely");
    asking_list(&duo->a, 7, 2, &list);
    duo_run(duo);
    asking_refused(&duo->a, 7, 1, "NOT_FOUND", "peer");
    asking_refused(&duo->a, 7, 2, "BAD_FIELD", "state");
}

static void
a_state_that_has_come_is_the_only_answer(void **state)
{
    struct duo *duo = *state;

    asking_state(&duo->a, 7, 1, "node2/s1", "received");
    duo_run(duo);
    assert_int_equal(asking_count(&duo->a, 7, 1, false), 1);
    assert_string_equal(
        asking_ended(&duo->a, 7, 1, ENTENTE__RESPONSE__KIND_SUBMIT)
            ->submit->state,
        "accepted");
}

static void
the_state_of_a_message_to_us_is_told_and_not_followed(void **state)
{
    struct duo *duo = *state;

    asking_state(&duo->b, 7, 1, "node1/1", "read");
    duo_run(duo);
    assert_string_equal(
        asking_ended(&duo->b, 7, 1, ENTENTE__RESPONSE__KIND_SUBMIT)
            ->submit->state,
        "new");
    assert_int_equal(duo->b.node->follower_count, 0);
}

static void
a_state_to_which_no_message_comes_cannot_be_waited_for(void **state)
{
    static const char *const words[] = {"lovely", "new",     "rejected",
                                        "held",   "expired", "RECEIVED"};
    struct duo *duo = *state;

    for (size_t i = 0; i < 6; i++)
        asking_state(&duo->a, 7, i, "node2/s1", words[i]);
    duo_run(duo);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(
            asking_refused(&duo->a, 7, i, "BAD_FIELD", "until"),
            "queued, sent, received, accepted, read or acknowledged");
}

/* The store answers later: what comes from it then is for nobody. */
static void
an_answer_for_a_client_that_is_gone_is_dropped(void **state)
{
    struct duo          *duo = *state;
    Entente__ListRequest list = ENTENTE__LIST_REQUEST__INIT;

    duo->b.loads_held = true;
    asking_show(&duo->b, 7, 1, "node1/1", false);
    asking_state(&duo->b, 7, 2, "node1/1", "read");
    asking_list(&duo->b, 7, 3, &list);
    duo_run(duo);
    asking_gone(&duo->b, 7);
    duo->b.loads_held = false;
    duo_release(&duo->b);
    duo_run(duo);
    assert_int_equal(duo->b.told_count, 0);
    assert_int_equal(duo_count_records(&duo->b, RECORD_TRAIL), 0);
}

#define ON_DUO(test) cmocka_unit_test_setup_teardown(test, make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(a_number_means_what_the_peer_numbered_for_us),
        ON_DUO(an_s_before_it_means_what_we_numbered_for_them),
        ON_DUO(a_queue_position_means_what_has_not_left),
        ON_DUO(an_id_means_the_same_with_all_digits_and_with_six),
        ON_DUO(numbers_count_from_one),
        ON_DUO(a_name_without_a_number_is_no_reference),
        ON_DUO(a_number_that_no_log_can_have_is_no_reference),
        ON_DUO(what_is_no_prefix_of_an_id_is_no_reference),
        ON_DUO(a_name_that_no_peer_has_is_not_found),
        ON_DUO(what_the_store_does_not_have_is_not_found),
        ON_DUO(a_prefix_of_several_ids_is_ambiguous),
        ON_DUO(a_list_gives_the_rows_of_its_direction),
        ON_DUO(a_list_asks_the_store_for_five_hundred_rows_at_most),
        ON_DUO(a_list_of_nobody_or_of_no_state_is_refused),
        ON_DUO(a_state_that_has_come_is_the_only_answer),
        ON_DUO(the_state_of_a_message_to_us_is_told_and_not_followed),
        ON_DUO(a_state_to_which_no_message_comes_cannot_be_waited_for),
        ON_DUO(an_answer_for_a_client_that_is_gone_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
