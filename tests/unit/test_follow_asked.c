/*
 * test_follow_asked.c - who asks for the state of a message that was submitted
 * before, be it behind the store's back; and how following ends.
 */
#include "tests/unit/following.h"

/* --- who asks later ------------------------------------------------------- */

static void
two_may_follow_what_waits(void **state)
{
    struct duo *duo = *state;

    following_part(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", "received");
    duo_run(duo);
    asking_state(&duo->a, 7, 1, "q/1", "received");
    asking_state(&duo->a, 8, 2, "q/1", "accepted");
    asking_state(&duo->a, 8, 3, "q/1", "queued");
    duo_run(duo);
    following_meet(duo);
    following_heard(&duo->a, 1, 1, "queued sent received.");
    following_heard(&duo->a, 7, 1, "queued sent received.");
    following_heard(&duo->a, 8, 2, "queued sent received accepted.");
    following_heard(&duo->a, 8, 3, "queued.");
    following_nobody(&duo->a);
}

static void
an_entry_on_its_way_may_be_followed(void **state)
{
    struct duo *duo = *state;

    duo->a.tap = following_silence;
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", NULL);
    duo_run(duo);
    asking_state(&duo->a, 7, 1, "node2/s1", "accepted");
    duo_run(duo);
    following_heard(&duo->a, 7, 1, "sent");
    duo->a.tap = NULL;
    following_part(duo);
    following_meet(duo);
    following_heard(&duo->a, 7, 1, "sent received accepted.");
}

/* The store's answer to a STATE, as it was when it was asked. */
static void
answer_late(struct duo *duo, uint64_t token, struct record_row row)
{
    uint8_t       bytes[512];
    struct writer out = writer_of(bytes, sizeof(bytes));
    struct event  event = {.kind = EVENT_LOADED, .token = token};

    row.outgoing = true;
    row.peer = duo->a.node->peers[0]->id;
    row.id = duo_message_id(&duo->a, 1);
    row.precedence = PRECEDENCE_ROUTINE;
    record_row_put(&out, &row);
    event.bytes = writer_span(&out);
    duo_post(&duo->a, &event);
    duo_run(duo);
}

/* Client 7 asks, and the store has not answered yet; returns its token. */
static uint64_t
ask_slowly(struct duo *duo, const char *ref, const char *until)
{
    duo->a.loads_held = true;
    asking_state(&duo->a, 7, 1, ref, until);
    duo_turn(&duo->a);
    assert_int_equal(duo->a.held_count, 1);
    duo->a.held_count = 0;
    duo->a.loads_held = false;
    return duo->a.held[0].token;
}

/* The row says "sent"; receipt and verdict came before it was read. */
static void
what_came_while_the_store_was_asked_is_not_lost(void **state)
{
    struct duo           *duo = *state;
    const struct channel *channel =
        peer_channel(duo->a.node->peers[0], REALM_ACTUAL);
    struct record_row row = {.number = 1,
                             .state = STATE_SENT,
                             .origin = origin_span(&channel->text)};
    uint64_t          token;

    row.index = channel->frontier.size;
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", NULL);
    duo_turn(&duo->a);
    token = ask_slowly(duo, "node2/s1", "accepted");
    duo_run(duo);
    assert_int_equal(duo_count_records(&duo->a, RECORD_VERDICT), 1);
    answer_late(duo, token, row);
    following_heard(&duo->a, 7, 1, "sent accepted.");
    following_nobody(&duo->a);
}

/* The row says that it waits; it has left since, and was accepted. */
static void
a_row_that_is_behind_is_asked_for_again(void **state)
{
    struct duo       *duo = *state;
    struct record_row row = {.queue = 1, .state = STATE_QUEUED};
    uint64_t          token;

    following_part(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", NULL);
    duo_run(duo);
    token = ask_slowly(duo, "q/1", "accepted");
    following_meet(duo);
    answer_late(duo, token, row);
    following_heard(&duo->a, 7, 1, "accepted.");
    following_nobody(&duo->a);
}

static void
a_message_of_a_closed_epoch_is_followed_into_the_next(void **state)
{
    struct duo  *duo = *state;
    struct peer *peer = duo->b.node->peers[0];

    duo->a.tap = following_silence;
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", "received");
    duo_run(duo);
    asking_state(&duo->a, 7, 1, "node2/s1", "accepted");
    duo_run(duo);
    duo->a.tap = NULL;
    duo_cut(duo);
    memset(peer->confirmed, 7, sizeof(peer->confirmed));
    memset(peer->pending, 8, sizeof(peer->pending));
    following_meet(duo);
    assert_true(duo->a.node->peers[0]->channel_count > 1);
    following_heard(&duo->a, 1, 1, "sent received.");
    following_heard(&duo->a, 7, 1, "sent received accepted.");
    following_nobody(&duo->a);
}

static void
past_the_limit_the_state_is_told_and_no_more(void **state)
{
    struct duo  *duo = *state;
    struct node *node = duo->a.node;

    following_part(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", NULL);
    duo_run(duo);
    for (uint64_t i = 0; i < FOLLOW_MAX; i++) {
        asking_state(&duo->a, 7, i, "q/1", "received");
        if (i % 32 == 31)
            duo_run(duo);
        duo_forget_told(&duo->a);
    }
    assert_int_equal(node->follower_count, FOLLOW_MAX);
    duo_forget_told(&duo->a);
    asking_state(&duo->a, 8, 1, "q/1", "received");
    duo_run(duo);
    following_heard(&duo->a, 8, 1, "queued.");
    assert_string_equal(asking_told(&duo->a, 8, 1)->submit->why,
                        "nothing more will be told");
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "two", "read");
    asking_gone(&duo->a, 7);
    duo_run(duo);
    assert_int_equal(node->follower_count, 0);
}

/* --- the end -------------------------------------------------------------- */

static void
who_is_gone_hears_nothing_and_is_forgotten_everywhere(void **state)
{
    struct duo *duo = *state;

    duo->a.tap = following_silence;
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "flies", "read");
    duo_run(duo);
    following_part(duo);
    duo->a.tap = NULL;
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "waits", "read");
    duo_run(duo);
    asking_state(&duo->a, 1, 7, "q/1", "read");
    asking_state(&duo->a, 1, 8, "node2/s1", "read");
    duo_run(duo);
    assert_true(duo->a.node->follower_count >= 3);
    asking_gone(&duo->a, 1);
    duo_run(duo);
    following_nobody(&duo->a);
    duo_forget_told(&duo->a);
    following_meet(duo);
    assert_int_equal(duo->a.told_count, 0);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 3);
}

static void
who_follows_a_peer_that_is_removed_is_told_so(void **state)
{
    struct duo *duo = *state;

    following_part(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "waits", "received");
    duo_run(duo);
    asking_state(&duo->a, 7, 1, "q/1", "received");
    duo_run(duo);
    asking_remove(&duo->a, 7, 2, "node2");
    duo_run(duo);
    asking_refused(&duo->a, 1, 1, "UNTRUSTED", "");
    asking_refused(&duo->a, 7, 1, "UNTRUSTED", "");
    following_nobody(&duo->a);
}

static void
what_is_submitted_in_the_turn_of_the_removal_is_told_queued(void **state)
{
    struct duo *duo = *state;

    following_part(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "waits", "received");
    asking_remove(&duo->a, 7, 2, "node2");
    duo_run(duo);
    following_heard(&duo->a, 1, 1, "queued.");
    following_nobody(&duo->a);
}

static void
who_follows_what_the_store_lost_is_told_so(void **state)
{
    struct duo *duo = *state;

    following_part(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "waits", "received");
    duo_run(duo);
    asking_state(&duo->a, 7, 1, "q/1", "received");
    duo_run(duo);
    outbox_forget(&duo->a.node->peers[0]->outbox); /* it is to be loaded */
    for (size_t i = 0; i < duo->a.record_count; i++)
        if (duo->a.records[i].bytes[0] == RECORD_PENDING)
            duo->a.records[i].secret_len = 0;
    following_meet(duo);
    asking_refused(&duo->a, 1, 1, "CORRUPT", "");
    asking_refused(&duo->a, 7, 1, "CORRUPT", "");
    following_nobody(&duo->a);
}

#define ON_DUO(test)                                                           \
    cmocka_unit_test_setup_teardown(test, following_make, following_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(two_may_follow_what_waits),
        ON_DUO(an_entry_on_its_way_may_be_followed),
        ON_DUO(what_came_while_the_store_was_asked_is_not_lost),
        ON_DUO(a_row_that_is_behind_is_asked_for_again),
        ON_DUO(a_message_of_a_closed_epoch_is_followed_into_the_next),
        ON_DUO(past_the_limit_the_state_is_told_and_no_more),
        ON_DUO(who_is_gone_hears_nothing_and_is_forgotten_everywhere),
        ON_DUO(who_follows_a_peer_that_is_removed_is_told_so),
        ON_DUO(what_is_submitted_in_the_turn_of_the_removal_is_told_queued),
        ON_DUO(who_follows_what_the_store_lost_is_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
