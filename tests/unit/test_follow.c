/*
 * test_follow.c - who waits for a state of a message hears of it, whatever
 * comes first, and always gets one last answer.
 */
#include "tests/unit/following.h"
#include "tests/unit/rogue.h"

/* --- who submits ---------------------------------------------------------- */

static void
each_state_is_told_up_to_the_one_waited_for(void **state)
{
    struct duo *duo = *state;

    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", NULL);
    duo_run(duo);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "two", "sent");
    duo_run(duo);
    duo_submit(&duo->a, "node2", 3, "ROUTINE", "three", "received");
    duo_run(duo);
    duo_submit(&duo->a, "node2", 4, "ROUTINE", "four", "accepted");
    duo_run(duo);
    following_heard(&duo->a, 1, 1, "sent.");
    following_heard(&duo->a, 1, 2, "sent.");
    following_heard(&duo->a, 1, 3, "sent received.");
    following_heard(&duo->a, 1, 4, "sent received accepted.");
    following_nobody(&duo->a);
}

static void
who_waits_for_the_reading_hears_when_a_person_looks(void **state)
{
    struct duo *duo = *state;

    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", "read");
    duo_run(duo);
    following_heard(&duo->a, 1, 1, "sent received accepted");
    asking_show(&duo->b, 7, 1, "node1/1", false);
    duo_run(duo);
    following_heard(&duo->a, 1, 1, "sent received accepted read.");
    following_nobody(&duo->a);
}

static void
what_waits_is_followed_through_the_outage(void **state)
{
    struct duo *duo = *state;

    following_part(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", "accepted");
    duo_run(duo);
    following_heard(&duo->a, 1, 1, "queued");
    following_meet(duo);
    following_heard(&duo->a, 1, 1, "queued sent received accepted.");
}

static void
what_was_on_its_way_is_followed_over_the_next_link(void **state)
{
    struct duo *duo = *state;

    duo->a.tap = following_silence;
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", "accepted");
    duo_run(duo);
    following_heard(&duo->a, 1, 1, "sent");
    duo->a.tap = NULL;
    following_part(duo);
    following_meet(duo);
    following_heard(&duo->a, 1, 1, "sent received accepted.");
    following_nobody(&duo->a);
}

/* --- verdicts that come before the receipt -------------------------------- */

/* What a peer that keeps no rule says of the victim's message. */
static void
say_verdict(struct rogue *rogue, Entente__Answer__Verdict verdict)
{
    const struct peer    *peer = rogue->victim->node->peers[0];
    const struct channel *channel = peer_channel(peer, REALM_ACTUAL);
    Entente__EntryAnswer  entry = ENTENTE__ENTRY_ANSWER__INIT;
    Entente__Answer       answer = ENTENTE__ANSWER__INIT;
    Entente__Answer      *answers[] = {&answer};
    Entente__AnswerRange  range = ENTENTE__ANSWER_RANGE__INIT;
    Entente__AnswerRange *ranges[] = {&range};
    uint8_t               bytes[512];
    size_t                len;
    uint64_t              from = rogue->count;

    range.first = channel->head.size - 1;
    range.count = 1;
    answer.verdict = verdict;
    answer.origin = (char *)(uintptr_t)channel->text.text;
    answer.n_ranges = 1;
    answer.ranges = ranges;
    answer.why = (char *)(uintptr_t)"because";
    entry.n_answers = 1;
    entry.answers = answers;
    len = entente__entry_answer__pack(&entry, bytes);
    (void)rogue_seal(rogue, CLASS_ANSWER, PRECEDENCE_ROUTINE,
                     (struct span){bytes, len});
    rogue_say_all(rogue, from);
}

static void
say_receipt(struct rogue *rogue)
{
    const struct peer    *peer = rogue->victim->node->peers[0];
    const struct channel *channel = peer_channel(peer, REALM_ACTUAL);

    rogue_say_cosigned(rogue, channel->text.text, &channel->head);
}

/* The victim sent one message, of which the rogue said nothing yet. */
static struct rogue *
with_a_message(const char *until)
{
    struct rogue *rogue = rogue_new();
    uint8_t       key[LIMIT_KEY] = {9};

    rogue_open(rogue);
    rogue_announce(rogue, 1, key);
    rogue_say_all(rogue, 0);
    say_receipt(rogue);
    duo_forget_told(rogue->victim);
    duo_submit(rogue->victim, "node1", 1, "ROUTINE", "tea?", until);
    duo_turn(rogue->victim);
    following_heard(rogue->victim, 1, 1, "sent");
    return rogue;
}

static void
a_verdict_before_the_receipt_is_heard(void **state)
{
    struct rogue *rogue = with_a_message("accepted");

    (void)state;
    say_verdict(rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED);
    following_heard(rogue->victim, 1, 1, "sent accepted.");
    say_receipt(rogue);
    following_heard(rogue->victim, 1, 1, "sent accepted.");
    following_nobody(rogue->victim);
    rogue_free(rogue);
}

static void
a_rejection_before_the_receipt_is_heard_with_its_reason(void **state)
{
    struct rogue *rogue = with_a_message("accepted");

    (void)state;
    say_verdict(rogue, ENTENTE__ANSWER__VERDICT__REJECTED);
    following_heard(rogue->victim, 1, 1, "sent rejected.");
    assert_string_equal(asking_told(rogue->victim, 1, 1)->submit->why,
                        "because");
    rogue_free(rogue);
}

static void
who_waits_for_more_goes_on_and_hears_nothing_that_is_behind(void **state)
{
    struct rogue *rogue = with_a_message("read");

    (void)state;
    say_verdict(rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED);
    say_receipt(rogue);
    say_verdict(rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED);
    following_heard(rogue->victim, 1, 1, "sent accepted");
    say_verdict(rogue, ENTENTE__ANSWER__VERDICT__READ);
    following_heard(rogue->victim, 1, 1, "sent accepted read.");
    rogue_free(rogue);
}

/* `--wait=received` means the receipt in hand, not the peer's word. */
static void
who_waits_for_the_receipt_hears_of_that_alone(void **state)
{
    struct rogue *rogue = with_a_message("received");

    (void)state;
    say_verdict(rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED);
    following_heard(rogue->victim, 1, 1, "sent");
    say_receipt(rogue);
    following_heard(rogue->victim, 1, 1, "sent received.");
    rogue_free(rogue);
}

/* What is rejected is never read: nothing more would come. */
static void
a_rejection_is_the_last_answer_to_whoever_waits_for_the_reading(void **state)
{
    struct rogue *rogue = with_a_message("read");

    (void)state;
    say_receipt(rogue);
    say_verdict(rogue, ENTENTE__ANSWER__VERDICT__REJECTED);
    following_heard(rogue->victim, 1, 1, "sent received rejected.");
    following_nobody(rogue->victim);
    rogue_free(rogue);
}

static void
a_verdict_on_other_entries_is_none_on_this(void **state)
{
    struct rogue *rogue = with_a_message("accepted");
    struct peer  *peer = rogue->victim->node->peers[0];

    (void)state;
    /* So that there is room for a second one on its way. */
    peer->channels[0]->window[0].sample[0] = (struct window_sample){
        rogue->victim->now_ms, rogue->victim->now_ms, 1 << 20};
    duo_submit(rogue->victim, "node1", 2, "ROUTINE", "more?", "accepted");
    duo_turn(rogue->victim);
    say_verdict(rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED); /* the newest */
    following_heard(rogue->victim, 1, 1, "sent");
    following_heard(rogue->victim, 1, 2, "sent accepted.");
    rogue_free(rogue);
}

#define ON_DUO(test)                                                           \
    cmocka_unit_test_setup_teardown(test, following_make, following_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(each_state_is_told_up_to_the_one_waited_for),
        ON_DUO(who_waits_for_the_reading_hears_when_a_person_looks),
        ON_DUO(what_waits_is_followed_through_the_outage),
        ON_DUO(what_was_on_its_way_is_followed_over_the_next_link),
        cmocka_unit_test(a_verdict_before_the_receipt_is_heard),
        cmocka_unit_test(
            a_rejection_before_the_receipt_is_heard_with_its_reason),
        cmocka_unit_test(
            who_waits_for_more_goes_on_and_hears_nothing_that_is_behind),
        cmocka_unit_test(who_waits_for_the_receipt_hears_of_that_alone),
        cmocka_unit_test(
            a_rejection_is_the_last_answer_to_whoever_waits_for_the_reading),
        cmocka_unit_test(a_verdict_on_other_entries_is_none_on_this),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
