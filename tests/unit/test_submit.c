/*
 * test_submit.c - what a program submits: judged whole, taken for every peer
 * or for none by name, told peer by peer, in the group before it is told.
 */
#include "tests/unit/submitting.h"

#include "crypto/seal.h"
#include "node/core/roster.h"
#include "node/core/message/submit.h"

#include <stdio.h>

static void
part(struct duo *duo)
{
    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
}

/* Refused with this code, of this field, and nothing of it is kept. */
static const char *
refused(struct duo *duo, const struct submitting *asked, const char *code,
        const char *path)
{
    size_t before = submitting_kept(&duo->a);

    submitting_run(duo, asked);
    assert_int_equal(submitting_kept(&duo->a), before);
    assert_int_equal(duo->a.node->parts_count, 0);
    return asking_refused(&duo->a, 1, asked->request, code, path);
}

/* --- one peer ------------------------------------------------------------- */

static void
what_may_leave_at_once_is_an_entry_and_never_waits(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1, .id = 1, .to = {"node2"}};

    submitting_run(duo, &asked);
    assert_string_equal(submitting_told(&duo->a, 1, "node2")->state, "sent");
    assert_string_equal(submitting_told(&duo->a, 1, "node2")->ref, "node2/s1");
    assert_string_equal(submitting_told(&duo->a, 1, "node2")->id,
                        "01000000000000000000000000000002");
    assert_int_equal(duo_count_records(&duo->a, RECORD_PENDING), 0);
    asking_ended(&duo->a, 1, 1, ENTENTE__RESPONSE__KIND_SUBMIT);
}

static void
what_may_not_waits_and_is_told_its_place(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1, .id = 1, .to = {"third"}};

    submitting_post(&duo->a, &asked);
    asked.id = 2;
    asked.request = 2;
    submitting_run(duo, &asked);
    assert_string_equal(submitting_told(&duo->a, 2, "third")->state, "queued");
    assert_string_equal(submitting_told(&duo->a, 2, "third")->ref, "q/2");
    assert_int_equal(duo_count_records(&duo->a, RECORD_PENDING), 2);
}

static void
a_message_without_its_fields_is_told_all_that_is_wrong(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1,
                               .id = 1,
                               .to = {"node2"},
                               .subject = "",
                               .text = ""};

    refused(duo, &asked, "BAD_FIELD", "subject");
    assert_non_null(strstr(asking_told(&duo->a, 1, 1)->failure->message,
                           "note.text"));
}

static void
an_exercise_is_not_sent_as_real(void **state)
{
    struct submitting asked = {
        .request = 1, .id = 1, .to = {"node2"}, .exercise = "malabar"};

    refused(*state, &asked, "BAD_FIELD", "status");
}

static void
an_id_of_another_length_is_refused_by_name(void **state)
{
    struct submitting asked = {
        .request = 1, .id = 1, .to = {"node2"}, .id_len = 15};

    refused(*state, &asked, "BAD_FIELD", "id");
}

static void
what_is_no_message_is_refused(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1, .to = {"node2"}};

    submitting_post_bytes(&duo->a, &asked, span_text("\xff\xff\xff"));
    asked.request = 2;
    submitting_post_bytes(&duo->a, &asked, SPAN_EMPTY);
    duo_run(duo);
    for (uint64_t i = 1; i <= 2; i++)
        assert_int_equal(
            asking_ended(&duo->a, 1, i, ENTENTE__RESPONSE__KIND_FAILURE)->id,
            i);
    assert_int_equal(submitting_kept(&duo->a), 0);
}

static void
a_message_that_leaves_no_room_for_its_number_is_too_large(void **state)
{
    static uint8_t    bytes[SEAL_PLAINTEXT_MAX + 1];
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1, .to = {"node2"}};

    submitting_post_bytes(
        &duo->a, &asked, (struct span){bytes, SEAL_PLAINTEXT_MAX - 10});
    duo_run(duo);
    asking_refused(&duo->a, 1, 1, "TOO_LARGE", "message");
}

static void
the_largest_message_arrives(void **state)
{
    static char       text[LIMIT_BODY];
    static uint8_t    bytes[2 * LIMIT_BODY];
    struct duo       *duo = *state;
    struct submitting asked = {
        .request = 1, .id = 1, .to = {"node2"}, .text = text};
    size_t len;

    memset(text, 'a', 65000);
    len = submitting_pack(&duo->a, &asked, bytes);
    memset(text, 'a', 65000 + SEAL_PLAINTEXT_MAX - 11 - len);
    assert_int_equal(submitting_pack(&duo->a, &asked, bytes),
                     SEAL_PLAINTEXT_MAX - 11);
    duo->a.room = duo->b.room = 1 << 20;
    submitting_run(duo, &asked);
    asking_ended(&duo->a, 1, 1, ENTENTE__RESPONSE__KIND_SUBMIT);
    duo_wait(duo, 5000);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
    assert_int_equal(duo_record(&duo->b, RECORD_IN_ENTRY, 1).state, STATE_NEW);
}

static void
a_state_to_which_no_message_comes_cannot_be_waited_for(void **state)
{
    struct submitting asked = {
        .request = 1, .id = 1, .to = {"node2"}, .until = "lovely"};

    refused(*state, &asked, "BAD_FIELD", "until");
    asked.until = "rejected";
    asked.request = 2;
    refused(*state, &asked, "BAD_FIELD", "until");
}

static void
a_removed_peer_is_no_peer(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 2, .id = 1, .to = {"node2"}};

    asking_remove(&duo->a, 1, 1, "node2");
    duo_run(duo);
    refused(duo, &asked, "NOT_FOUND", "to");
    asked.request = 3;
    asked.may_exist = true;
    refused(duo, &asked, "NOT_FOUND", "to");
}

static void
while_the_disk_is_full_nothing_is_taken(void **state)
{
    struct duo       *duo = *state;
    struct event      disk = {.kind = EVENT_DISK};
    struct submitting asked = {.request = 1, .id = 1, .to = {"node2"}};

    duo_post(&duo->a, &disk);
    assert_non_null(strstr(refused(duo, &asked, "HELD", "to"), "disk"));
    asked.request = 2;
    asked.may_exist = true;
    refused(duo, &asked, "HELD", "to");
    disk.room = 1;
    duo_post(&duo->a, &disk);
    asked.request = 3;
    submitting_run(duo, &asked);
    assert_string_equal(submitting_told(&duo->a, 3, "node2")->state, "sent");
}

static void
a_full_outbox_takes_nothing_and_says_so(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1, .id = 1, .to = {"third"}};

    duo->a.node->peers[1]->outbox.bytes = LIMIT_PENDING_BYTES;
    assert_non_null(
        strstr(refused(duo, &asked, "FULL", "to"), "LIMIT_PENDING"));
    assert_non_null(
        strstr(asking_told(&duo->a, 1, 1)->failure->message, "third"));
    duo->a.node->peers[1]->outbox.bytes = 0;
}

/* --- several peers -------------------------------------------------------- */

static void
each_of_several_is_told_and_the_last_answer_is_one(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1,
                               .id = 1,
                               .to = {"node2", "third"},
                               .until = "queued"};

    submitting_run(duo, &asked);
    assert_string_equal(submitting_told(&duo->a, 1, "node2")->state, "sent");
    assert_string_equal(submitting_told(&duo->a, 1, "third")->state, "queued");
    assert_int_equal(asking_count(&duo->a, 1, 1, false), 2);
    asking_ended(&duo->a, 1, 1, ENTENTE__RESPONSE__KIND_SUBMIT);
    assert_int_equal(duo->a.node->parts_count, 0);
}

static void
the_last_answer_waits_for_the_slowest(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1,
                               .id = 1,
                               .to = {"third", "node2"},
                               .until = "accepted"};

    submitting_run(duo, &asked);
    assert_string_equal(submitting_told(&duo->a, 1, "node2")->state,
                        "accepted");
    assert_int_equal(asking_count(&duo->a, 1, 1, true), 0);
    asking_remove(&duo->a, 1, 2, "third");
    duo_run(duo);
    asking_refused(&duo->a, 1, 1, "UNTRUSTED", "");
}

static void
when_one_of_several_is_no_peer_nothing_goes_to_any(void **state)
{
    struct submitting asked = {
        .request = 1, .id = 1, .to = {"node2", "nobody", "third"}};

    refused(*state, &asked, "NOT_FOUND", "to");
    asked.may_exist = true;
    asked.request = 2;
    refused(*state, &asked, "NOT_FOUND", "to");
}

static void
when_one_of_several_is_full_the_others_get_theirs(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {
        .request = 1, .id = 1, .to = {"third", "node2"}};

    duo->a.node->peers[1]->outbox.bytes = LIMIT_PENDING_BYTES;
    submitting_run(duo, &asked);
    duo->a.node->peers[1]->outbox.bytes = 0;
    assert_int_equal(asking_count(&duo->a, 1, 1, false), 2);
    assert_int_equal(asking_count(&duo->a, 1, 1, true), 1);
    assert_string_equal(submitting_told(&duo->a, 1, "node2")->state, "sent");
    assert_string_equal(
        duo_last(&duo->a, ENTENTE__RESPONSE__KIND_FAILURE)->failure->code,
        "FULL");
    assert_false(duo_last(&duo->a, ENTENTE__RESPONSE__KIND_FAILURE)->last);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
}

static void
when_the_disk_is_full_each_of_several_is_told(void **state)
{
    struct duo       *duo = *state;
    struct event      disk = {.kind = EVENT_DISK};
    struct submitting asked = {
        .request = 1, .id = 1, .to = {"third", "node2"}};

    duo_post(&duo->a, &disk);
    submitting_run(duo, &asked);
    assert_int_equal(asking_count(&duo->a, 1, 1, false), 2);
    asking_refused(&duo->a, 1, 1, "HELD", "to");
    assert_int_equal(submitting_kept(&duo->a), 0);
}

static void
a_request_is_for_one_peer_at_least_and_for_each_once(void **state)
{
    struct submitting asked = {.request = 1, .id = 1};

    refused(*state, &asked, "BAD_FIELD", "to");
    asked.request = 2;
    asked.to[0] = asked.to[1] = "node2";
    refused(*state, &asked, "BAD_FIELD", "to");
}

static void
a_request_is_for_so_many_peers_at_most(void **state)
{
    struct submitting asked = {.request = 1, .id = 1};

    for (size_t i = 0; i <= SUBMIT_PEERS; i++)
        asked.to[i] = "node2";
    refused(*state, &asked, "TOO_LARGE", "to");
}

static void
who_asked_for_several_and_is_gone_leaves_nothing_behind(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1,
                               .id = 1,
                               .to = {"third", "node2"},
                               .until = "read"};

    submitting_run(duo, &asked);
    assert_int_equal(duo->a.node->parts_count, 1);
    asking_gone(&duo->a, 1);
    duo_run(duo);
    assert_int_equal(duo->a.node->parts_count, 0);
    assert_int_equal(duo->a.node->follower_count, 0);
}

static void
links_that_close_end_each_of_several(void **state)
{
    struct duo       *duo = *state;
    struct submitting asked = {.request = 1,
                               .id = 1,
                               .to = {"third", "node2"},
                               .until = "read"};

    submitting_run(duo, &asked);
    asking_quiesce(&duo->a);
    duo_run(duo);
    asking_refused(&duo->a, 1, 1, "AGAIN", "");
    assert_int_equal(duo->a.node->parts_count, 0);
}

/* --- what waits ----------------------------------------------------------- */

static void
what_waits_leaves_by_precedence_then_age_numbered_so(void **state)
{
    static const char *const words[] = {"ROUTINE", "FLASH", "ROUTINE",
                                        "IMMEDIATE"};
    static const unsigned    order[] = {2, 4, 1, 3};
    struct duo *duo = *state;

    part(duo);
    for (unsigned i = 0; i < 4; i++)
        duo_submit(&duo->a, "node2", i + 1, words[i], "waits", NULL);
    duo_run(duo);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    for (unsigned i = 0; i < 4; i++) {
        struct record     entry = duo_record(&duo->b, RECORD_IN_ENTRY, i + 1);
        struct message_id id = duo_message_id(&duo->a, order[i]);

        assert_memory_equal(entry.id.bytes, id.bytes, sizeof(id.bytes));
        assert_int_equal(entry.number, i + 1);
    }
}

/* One that the store cannot give back is passed over, loudly. */
static void
what_cannot_be_read_again_does_not_hold_up_the_rest(void **state)
{
    struct duo *duo = *state;

    part(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "lost", NULL);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "kept", NULL);
    duo_run(duo);
    duo_restart(&duo->a);
    for (size_t i = 0; i < duo->a.record_count; i++)
        if (duo->a.records[i].bytes[0] == RECORD_PENDING) {
            duo->a.records[i].secret_len = 0;
            break;
        }
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
    assert_int_equal(duo_count_records(&duo->a, RECORD_ALARM), 1);
    assert_int_equal(duo->a.node->peers[0]->outbox.count, 0);
}

#define ON_DUO(test) \
    cmocka_unit_test_setup_teardown(test, submitting_make, submitting_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(what_may_leave_at_once_is_an_entry_and_never_waits),
        ON_DUO(what_may_not_waits_and_is_told_its_place),
        ON_DUO(a_message_without_its_fields_is_told_all_that_is_wrong),
        ON_DUO(an_exercise_is_not_sent_as_real),
        ON_DUO(an_id_of_another_length_is_refused_by_name),
        ON_DUO(what_is_no_message_is_refused),
        ON_DUO(a_message_that_leaves_no_room_for_its_number_is_too_large),
        ON_DUO(the_largest_message_arrives),
        ON_DUO(a_state_to_which_no_message_comes_cannot_be_waited_for),
        ON_DUO(a_removed_peer_is_no_peer),
        ON_DUO(while_the_disk_is_full_nothing_is_taken),
        ON_DUO(a_full_outbox_takes_nothing_and_says_so),
        ON_DUO(each_of_several_is_told_and_the_last_answer_is_one),
        ON_DUO(the_last_answer_waits_for_the_slowest),
        ON_DUO(when_one_of_several_is_no_peer_nothing_goes_to_any),
        ON_DUO(when_one_of_several_is_full_the_others_get_theirs),
        ON_DUO(when_the_disk_is_full_each_of_several_is_told),
        ON_DUO(a_request_is_for_one_peer_at_least_and_for_each_once),
        ON_DUO(a_request_is_for_so_many_peers_at_most),
        ON_DUO(who_asked_for_several_and_is_gone_leaves_nothing_behind),
        ON_DUO(links_that_close_end_each_of_several),
        ON_DUO(what_waits_leaves_by_precedence_then_age_numbered_so),
        ON_DUO(what_cannot_be_read_again_does_not_hold_up_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
