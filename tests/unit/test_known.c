/*
 * test_known.c - a message sent again is told as it stands and goes out once;
 * another one under its id is refused.
 */
#include "tests/unit/duo_files.h"
#include "tests/unit/submitting.h"

#include "node/core/message/known.h"
#include "node/core/roster.h"

/* Request 1 has submitted message 1 to this peer. */
static void
submit_first(struct duo *duo, const char *to)
{
    struct submitting asked = {.request = 1, .id = 1, .to = {to}};

    submitting_run(duo, &asked);
    asking_ended(&duo->a, 1, 1, ENTENTE__RESPONSE__KIND_SUBMIT);
}

static void
told_known(const struct duo *duo, uint64_t request, const char *peer,
           const char *state)
{
    const Entente__SubmitResponse *told =
        submitting_told(&duo->a, request, peer);

    assert_non_null(told);
    assert_string_equal(told->state, state);
    assert_string_equal(told->why, "known already; nothing was sent twice");
    asking_ended(&duo->a, 1, request, ENTENTE__RESPONSE__KIND_SUBMIT);
    assert_int_equal(submitting_kept(&duo->a), 1);
}

static void
refused(struct duo *duo, const struct submitting *asked)
{
    submitting_run(duo, asked);
    asking_refused(&duo->a, 1, asked->request, "DUPLICATE", "id");
    assert_non_null(
        strstr(asking_told(&duo->a, 1, asked->request)->failure->message,
               asked->to[0]));
    assert_int_equal(submitting_kept(&duo->a), 1);
}

static void
an_id_that_may_exist_and_does_not_goes_out(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {
        .request = 1, .id = 1, .to = {"node2"}, .may_exist = true};

    submitting_run(duo, &asked);
    assert_string_equal(submitting_told(&duo->a, 1, "node2")->state, "sent");
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
}

static void
a_message_sent_again_is_known_and_goes_out_once(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {
        .request = 2, .id = 1, .to = {"node2"}, .may_exist = true};

    submit_first(duo, "node2");
    submitting_run(duo, &asked);
    told_known(duo, 2, "node2", "accepted");
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
}

static void
what_waits_is_known_too(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {
        .request = 2, .id = 1, .to = {"third"}, .may_exist = true};

    submit_first(duo, "third");
    submitting_run(duo, &asked);
    told_known(duo, 2, "third", "queued");
}

/* A program that says that it drew the id just now, and is wrong. */
static void
an_id_used_lately_is_looked_up_unasked(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 2, .id = 1, .to = {"node2"}};

    submit_first(duo, "node2");
    submitting_run(duo, &asked);
    told_known(duo, 2, "node2", "accepted");
}

/* `send` fills in the time of day anew. */
static void
a_message_sent_again_later_is_the_same(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 2,
                               .id = 1,
                               .to = {"node2"},
                               .dtg_s = 1760009999,
                               .may_exist = true};

    submit_first(duo, "node2");
    submitting_run(duo, &asked);
    told_known(duo, 2, "node2", "accepted");
}

/* The file that was sealed for message 1 at first, and one for it again. */
static void
submit_with(struct duo *duo, uint64_t size, uint8_t seed)
{
    struct duo_enclosed file = duo_bring(&duo->a, size, seed);
    struct duo_note     note = {.to = "node2",
                                .id = 1,
                                .precedence = "ROUTINE",
                                .subject = "chart",
                                .may_exist = true,
                                .enclosed = &file,
                                .enclosed_count = 1};

    duo_forget_told(&duo->a);
    duo_submit_note(&duo->a, &note);
    duo_run(duo);
}

static void
a_message_whose_file_was_sealed_anew_is_the_same(void **state)
{
    struct duo              *duo = *state;
    const Entente__Response *told;

    submit_with(duo, 1000, 1);
    submit_with(duo, 1000, 2);
    told = duo_last(&duo->a, ENTENTE__RESPONSE__KIND_SUBMIT);
    assert_non_null(told);
    assert_non_null(strstr(told->submit->why, "known already; of its files"));
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
    submit_with(duo, 1001, 3);
    told = duo_last(&duo->a, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_non_null(told);
    assert_string_equal(told->failure->code, "DUPLICATE");
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
}

static void
another_message_under_that_id_is_refused(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 2,
                               .id = 1,
                               .to = {"node2"},
                               .text = "At five.",
                               .may_exist = true};

    submit_first(duo, "node2");
    refused(duo, &asked);
    asked.request = 3;
    asked.may_exist = false;
    refused(duo, &asked);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
}

static void
another_message_under_the_id_of_one_that_waits_is_refused(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 2,
                               .id = 1,
                               .to = {"third"},
                               .subject = "coffee?",
                               .may_exist = true};

    submit_first(duo, "third");
    refused(duo, &asked);
}

static void
to_another_peer_the_id_is_new(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 2,
                               .id = 1,
                               .to = {"node2", "third"},
                               .may_exist = true};

    submit_first(duo, "third");
    submitting_run(duo, &asked);
    assert_string_equal(submitting_told(&duo->a, 2, "node2")->state, "sent");
    assert_string_equal(submitting_told(&duo->a, 2, "third")->why,
                        "known already; nothing was sent twice");
    asking_ended(&duo->a, 1, 2, ENTENTE__RESPONSE__KIND_SUBMIT);
}

/* Sent again with --wait: the waiting goes on where the message is. */
static void
who_sends_again_may_wait_for_the_rest(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 2,
                               .id = 1,
                               .to = {"node2"},
                               .until = "accepted",
                               .may_exist = true};

    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
    submit_first(duo, "node2");
    submitting_run(duo, &asked);
    assert_int_equal(asking_count(&duo->a, 1, 2, true), 0);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    assert_string_equal(submitting_told(&duo->a, 2, "node2")->state,
                        "accepted");
    asking_ended(&duo->a, 1, 2, ENTENTE__RESPONSE__KIND_SUBMIT);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
}

static void
two_of_one_id_in_one_turn_are_one_message(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1, .id = 1, .to = {"third"}};

    for (uint64_t i = 1; i <= 4; i++) {
        asked.request = i;
        asked.may_exist = i % 2 == 0;
        submitting_post(&duo->a, &asked);
    }
    duo_run(duo);
    assert_int_equal(submitting_kept(&duo->a), 1);
    for (uint64_t i = 1; i <= 4; i++)
        asking_ended(&duo->a, 1, i, ENTENTE__RESPONSE__KIND_SUBMIT);
}

static void
two_messages_of_one_id_in_one_turn_are_one_and_a_refusal(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1, .id = 1, .to = {"third"}};

    asked.may_exist = true;
    submitting_post(&duo->a, &asked);
    asked.request = 2;
    asked.text = "At five.";
    submitting_run(duo, &asked);
    assert_string_equal(submitting_told(&duo->a, 1, "third")->state, "queued");
    asking_refused(&duo->a, 1, 2, "DUPLICATE", "id");
    assert_int_equal(submitting_kept(&duo->a), 1);
}

/* It is dispatched while the store is asked for what waits. */
static void
what_leaves_while_it_is_looked_up_is_still_known(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {
        .request = 2, .id = 1, .to = {"node2"}, .may_exist = true};
    struct event nothing = {.kind = EVENT_LOADED};

    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
    submit_first(duo, "node2");
    duo->a.loads_held = true;
    submitting_post(&duo->a, &asked);
    duo_turn(&duo->a);
    duo_release(&duo->a);
    duo_turn(&duo->a); /* now it is asked for its text */
    assert_int_equal(duo->a.held_count, 1);
    nothing.token = duo->a.held[0].token;
    duo->a.held_count = 0;
    duo->a.loads_held = false;
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    duo_post(&duo->a, &nothing); /* it waits no longer */
    duo_run(duo);
    assert_string_equal(submitting_told(&duo->a, 2, "node2")->why,
                        "known already; nothing was sent twice");
    asking_ended(&duo->a, 1, 2, ENTENTE__RESPONSE__KIND_SUBMIT);
}

static void
what_was_forgotten_cannot_be_compared_and_is_told_so(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 2,
                               .id = 1,
                               .to = {"node2"},
                               .text = "At five.",
                               .may_exist = true};

    submit_first(duo, "node2");
    for (size_t i = 0; i < duo->a.record_count; i++)
        if (duo->a.records[i].bytes[0] == RECORD_OUT_ENTRY)
            duo->a.records[i].secret_len = 0;
    submitting_run(duo, &asked);
    assert_non_null(
        strstr(submitting_told(&duo->a, 2, "node2")->why, "not compared"));
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
}

/* As a body that was sealed wrongly: it cannot be opened, or is nonsense. */
static void
what_cannot_be_read_cannot_be_compared_and_is_told_so(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {
        .request = 2, .id = 1, .to = {"third"}, .may_exist = true};

    submit_first(duo, "third");
    for (size_t i = 0; i < duo->a.record_count; i++)
        if (duo->a.records[i].bytes[0] == RECORD_PENDING)
            memset(duo->a.records[i].secret +
                       duo->a.records[i].secret_len - 40,
                   0xff, 40);
    submitting_run(duo, &asked);
    assert_non_null(
        strstr(submitting_told(&duo->a, 2, "third")->why, "not compared"));
    assert_int_equal(submitting_kept(&duo->a), 1);
}

static void
a_peer_removed_while_it_is_looked_up_gets_nothing(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {
        .request = 2, .id = 1, .to = {"third"}, .may_exist = true};

    duo->a.loads_held = true;
    submitting_run(duo, &asked);
    asking_remove(&duo->a, 1, 3, "third");
    duo_run(duo);
    duo->a.loads_held = false;
    duo_release(&duo->a);
    duo_run(duo);
    asking_refused(&duo->a, 1, 2, "UNTRUSTED", "to");
    assert_int_equal(submitting_kept(&duo->a), 0);
}

static void
a_store_that_fails_sends_nothing(void **state)
{
    struct duo       *duo = *state;
    struct event      failed = {.kind = EVENT_LOADED, .status = STATUS_IO};
    struct submitting asked = {
        .request = 2, .id = 1, .to = {"third"}, .may_exist = true};

    duo->a.loads_held = true;
    submitting_run(duo, &asked);
    failed.token = duo->a.held[0].token;
    duo_post(&duo->a, &failed);
    duo_run(duo);
    asking_refused(&duo->a, 1, 2, "IO", "id");
    assert_int_equal(submitting_kept(&duo->a), 0);
}

static void
who_asked_and_is_gone_has_its_message_sent_all_the_same(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {
        .request = 2, .id = 1, .to = {"node2"}, .may_exist = true};

    duo->a.loads_held = true;
    submitting_run(duo, &asked);
    asking_gone(&duo->a, 1);
    duo->a.loads_held = false;
    duo_release(&duo->a);
    duo_run(duo);
    assert_int_equal(duo->a.told_count, 0);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
}

#define ON_DUO(test) \
    cmocka_unit_test_setup_teardown(test, submitting_make, submitting_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(an_id_that_may_exist_and_does_not_goes_out),
        ON_DUO(a_message_sent_again_is_known_and_goes_out_once),
        ON_DUO(what_waits_is_known_too),
        ON_DUO(an_id_used_lately_is_looked_up_unasked),
        ON_DUO(a_message_sent_again_later_is_the_same),
        ON_DUO(a_message_whose_file_was_sealed_anew_is_the_same),
        ON_DUO(another_message_under_that_id_is_refused),
        ON_DUO(another_message_under_the_id_of_one_that_waits_is_refused),
        ON_DUO(to_another_peer_the_id_is_new),
        ON_DUO(who_sends_again_may_wait_for_the_rest),
        ON_DUO(two_of_one_id_in_one_turn_are_one_message),
        ON_DUO(two_messages_of_one_id_in_one_turn_are_one_and_a_refusal),
        ON_DUO(what_leaves_while_it_is_looked_up_is_still_known),
        ON_DUO(what_was_forgotten_cannot_be_compared_and_is_told_so),
        ON_DUO(what_cannot_be_read_cannot_be_compared_and_is_told_so),
        ON_DUO(a_peer_removed_while_it_is_looked_up_gets_nothing),
        ON_DUO(a_store_that_fails_sends_nothing),
        ON_DUO(who_asked_and_is_gone_has_its_message_sent_all_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
