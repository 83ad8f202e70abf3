/*
 * test_acknowledge.c - a person's answer: said to the sender, kept here, and
 * refused where it makes no sense.
 */
#include "tests/unit/asking.h"

#include "node/core/message/acknowledge.h"
#include "node/core/roster.h"

enum { CLIENT = 7 };

/* b has one message of a's. */
static int
make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    duo_submit(&duo->a, "node2", 1, "IMMEDIATE", "tea?", NULL);
    duo_run(duo);
    *state = duo;
    return 0;
}

static void
answer_by(struct duo_party *party, const char *by, uint64_t id,
          const char *ref, const char *verdict, const char *text)
{
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__AnswerRequest answer = ENTENTE__ANSWER_REQUEST__INIT;

    answer.ref = asking_text(ref);
    answer.verdict = asking_text(verdict);
    answer.text = asking_text(text);
    answer.by = asking_text(by);
    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = &answer;
    asking_post(party, CLIENT, &request);
    while (duo_turn(party))
        continue;
}

static void
answer(struct duo_party *party, uint64_t id, const char *ref,
       const char *verdict, const char *text)
{
    answer_by(party, "Duty Officer", id, ref, verdict, text);
}

static const char *
refused(struct duo_party *party, uint64_t id, const char *code,
        const char *path)
{
    return asking_refused(party, CLIENT, id, code, path);
}

/* The verdict of a person that a heard; words of it. */
static struct record_secret
heard(const struct duo_party *party, enum message_state state)
{
    struct record_secret secret = {0};

    for (size_t i = 0; i < duo_count_records(party, RECORD_VERDICT); i++) {
        struct record record = duo_record(party, RECORD_VERDICT, i);

        if (record.state != (uint8_t)state)
            continue;
        assert_int_equal(record.words.len, 0); /* people's words are sealed */
        assert_int_equal(record_secret_decode(record.secret, &secret),
                         STATUS_OK);
        return secret;
    }
    fail_msg("no such verdict");
    return secret;
}

static void
an_acknowledgement_reaches_the_sender_with_who_and_what(void **state)
{
    struct duo          *duo = *state;
    struct record_secret words;
    struct record        step;

    answer(&duo->b, 1, "node1/1", "acknowledged", "Two boats are on it.");
    duo_run(duo);
    asking_ended(&duo->b, CLIENT, 1, ENTENTE__RESPONSE__KIND_DONE);
    words = heard(&duo->a, STATE_ACKNOWLEDGED);
    assert_true(span_equal(words.subject, span_text("Duty Officer")));
    assert_true(span_equal(words.message,
                           span_text("Two boats are on it.")));
    step = duo_record(&duo->b, RECORD_TRAIL, 0);
    assert_int_equal(step.state, STATE_ACKNOWLEDGED);
}

/* They look like the name of a status, and are somebody's words. */
static void
words_in_capitals_are_sealed_too(void **state)
{
    struct duo *duo = *state;

    answer_by(&duo->b, "", 1, "node1/1", "acknowledged", "URGENT");
    duo_run(duo);
    assert_true(span_equal(heard(&duo->a, STATE_ACKNOWLEDGED).message,
                           span_text("URGENT")));
}

static void
an_answer_without_words_is_one(void **state)
{
    struct duo *duo = *state;

    answer(&duo->b, 1, "node1/1", "acknowledged", "");
    duo_run(duo);
    asking_ended(&duo->b, CLIENT, 1, ENTENTE__RESPONSE__KIND_DONE);
    assert_int_equal(heard(&duo->a, STATE_ACKNOWLEDGED).message.len, 0);
}

/* It is durable at once, and goes with the next link, after a restart too. */
static void
an_answer_given_while_the_link_is_down_is_said_later(void **state)
{
    struct duo          *duo = *state;
    struct record_secret words;

    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
    answer(&duo->b, 1, "node1/1", "declined", "Not our area.");
    asking_ended(&duo->b, CLIENT, 1, ENTENTE__RESPONSE__KIND_DONE);
    assert_int_equal(duo_count_records(&duo->b, RECORD_DUE), 1);
    duo_restart(&duo->b);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    words = heard(&duo->a, STATE_DECLINED);
    assert_true(span_equal(words.message, span_text("Not our area.")));
    assert_true(span_equal(words.subject, span_text("Duty Officer")));
    assert_int_equal(duo->b.node->peers[0]->answer_count, 0);
}

static void
what_is_no_answer_is_refused_and_nothing_is_saved(void **state)
{
    static char long_text[LIMIT_LINE + 2];
    struct duo *duo = *state;
    size_t      records = duo->b.record_count;

    memset(long_text, 'x', LIMIT_LINE + 1);
    answer(&duo->b, 1, "node1/1", "maybe", "");
    (void)refused(&duo->b, 1, "BAD_FIELD", "verdict");
    answer(&duo->b, 2, "node1/1", "read", "");
    (void)refused(&duo->b, 2, "BAD_FIELD", "verdict");
    answer(&duo->b, 3, "node1/1", "declined", "");
    (void)refused(&duo->b, 3, "BAD_FIELD", "text");
    answer(&duo->b, 4, "node1/1", "acknowledged", long_text);
    (void)refused(&duo->b, 4, "BAD_FIELD", "text");
    answer(&duo->b, 5, "node1/9", "acknowledged", "");
    (void)refused(&duo->b, 5, "NOT_FOUND", "ref");
    answer(&duo->b, 6, "node3/1", "acknowledged", "");
    (void)refused(&duo->b, 6, "NOT_FOUND", "ref");
    answer(&duo->b, 7, "x", "acknowledged", "");
    (void)refused(&duo->b, 7, "BAD_FIELD", "ref");
    assert_int_equal(duo->b.record_count, records);
}

static void
our_own_message_is_answered_by_the_other_side(void **state)
{
    struct duo *duo = *state;

    answer(&duo->a, 1, "node2/s1", "acknowledged", "");
    assert_non_null(strstr(refused(&duo->a, 1, "BAD_STATE", "ref"), "ours"));
}

static void
a_removed_peer_gets_no_answer(void **state)
{
    struct duo *duo = *state;

    asking_remove(&duo->b, CLIENT, 1, "node1");
    while (duo_turn(&duo->b))
        continue;
    answer(&duo->b, 2, "node1/1", "acknowledged", "");
    (void)refused(&duo->b, 2, "BAD_STATE", "ref");
}

#define ON_DUO(name) cmocka_unit_test_setup_teardown(name, make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(an_acknowledgement_reaches_the_sender_with_who_and_what),
        ON_DUO(words_in_capitals_are_sealed_too),
        ON_DUO(an_answer_without_words_is_one),
        ON_DUO(an_answer_given_while_the_link_is_down_is_said_later),
        ON_DUO(what_is_no_answer_is_refused_and_nothing_is_saved),
        ON_DUO(our_own_message_is_answered_by_the_other_side),
        ON_DUO(a_removed_peer_gets_no_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
