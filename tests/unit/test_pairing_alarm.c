/*
 * test_pairing_alarm.c - an alarm stands until a person has seen to it; a log
 * that is stopped does not go on by words.
 */
#include "tests/unit/rogue_answer.h"

#include "node/core/client/pairing.h"
#include "tests/unit/asking.h"

#include <stdio.h>

enum { CLIENT = 7 };

#define REFUSED "the peer refuses a head that we signed"

static void
clear(struct rogue *rogue, uint64_t id, const char *name, const char *words)
{
    Entente__Request    request = ENTENTE__REQUEST__INIT;
    Entente__ClearAlarm alarm = ENTENTE__CLEAR_ALARM__INIT;

    alarm.name = asking_text(name);
    alarm.words = asking_text(words);
    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_CLEAR_ALARM;
    request.clear_alarm = &alarm;
    asking_post(rogue->victim, CLIENT, &request);
    while (duo_turn(rogue->victim))
        continue;
}

static const char *
refused(struct rogue *rogue, uint64_t id, const char *code, const char *path)
{
    return asking_refused(rogue->victim, CLIENT, id, code, path);
}

static const char *
alarm_of(const struct rogue *rogue)
{
    return rogue_peer(rogue)->alarm;
}

/* An alarm that stops nothing: a new epoch was opened. */
static void
raise_one(struct rogue *rogue)
{
    const struct channel *channel = rogue_reads(rogue);
    struct head           head = channel->head;
    Entente__Answer       answer = ENTENTE__ANSWER__INIT;
    Entente__BadHead      bad = ENTENTE__BAD_HEAD__INIT;

    bad.origin = (char *)(uintptr_t)channel->text.text;
    bad.size = head.size;
    bad.root = (ProtobufCBinaryData){LIMIT_DIGEST, head.root.bytes};
    bad.signature = (ProtobufCBinaryData){
        LIMIT_SIGNATURE, (uint8_t *)(uintptr_t)channel->signature};
    answer.verdict = ENTENTE__ANSWER__VERDICT__BAD_HEAD;
    answer.origin = bad.origin;
    answer.bad_head = &bad;
    rogue_say_answers(rogue, &answer, NULL);
    assert_string_equal(alarm_of(rogue), REFUSED);
}

/* The same wrong head twice. */
static void
stop_its_log(struct rogue *rogue)
{
    struct head wrong;

    (void)rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                     span_text("no message"));
    wrong = rogue_head_of(rogue, 2);
    wrong.root.bytes[0] ^= 1;
    for (int i = 0; i < 2; i++) {
        rogue_say_leaves(rogue, 1, 2);
        rogue_say_head(rogue, &wrong);
    }
    assert_true(rogue_witness(rogue)->stopped);
}

static void
what_was_seen_to_stands_no_longer(void **state)
{
    struct rogue *rogue = *state;
    struct record kept;

    raise_one(rogue);
    clear(rogue, 1, "node1", REFUSED);
    asking_ended(rogue->victim, CLIENT, 1, ENTENTE__RESPONSE__KIND_DONE);
    assert_string_equal(alarm_of(rogue), "");
    kept = duo_record(rogue->victim, RECORD_ALARM, 0);
    assert_true(span_equal(kept.words, span_text(REFUSED)));
    assert_int_equal(kept.bytes.len, LIMIT_SIGNATURE); /* its evidence */
    assert_int_equal(duo_record(rogue->victim, RECORD_ALARM, 1).words.len, 0);
    duo_restart(rogue->victim);
    assert_string_equal(alarm_of(rogue), "");
}

static void
another_alarm_is_not_cleared_with_the_first(void **state)
{
    struct rogue *rogue = *state;

    raise_one(rogue);
    clear(rogue, 1, "node1", "something else");
    (void)refused(rogue, 1, "AGAIN", "words");
    assert_string_equal(alarm_of(rogue), REFUSED);
}

static void
what_is_not_there_is_not_cleared(void **state)
{
    struct rogue *rogue = *state;

    clear(rogue, 1, "node1", "");
    (void)refused(rogue, 1, "NOT_FOUND", "name");
    clear(rogue, 2, "node9", "");
    (void)refused(rogue, 2, "NOT_FOUND", "name");
    assert_int_equal(rogue_alarms(rogue), 0);
}

static void
a_log_that_is_stopped_does_not_go_on_by_words(void **state)
{
    struct rogue *rogue = *state;
    char          words[128];

    stop_its_log(rogue);
    snprintf(words, sizeof(words), "%s", alarm_of(rogue));
    clear(rogue, 1, "node1", words);
    assert_non_null(
        strstr(refused(rogue, 1, "BAD_STATE", "name"), "new epoch"));
    assert_string_equal(alarm_of(rogue), words);
    rogue_epoch(rogue, 2, 9);
    rogue_announce(rogue, 1, rogue->duo->a.node->first_contact.public_key);
    rogue_say_all(rogue, 0);
    clear(rogue, 2, "node1", words);
    asking_ended(rogue->victim, CLIENT, 2, ENTENTE__RESPONSE__KIND_DONE);
}

static void
a_log_of_ours_that_cannot_be_read_is_not_cured_by_words(void **state)
{
    struct rogue *rogue = *state;

    raise_one(rogue);
    rogue_reads(rogue)->live = false; /* as resume leaves it */
    clear(rogue, 1, "node1", REFUSED);
    assert_non_null(
        strstr(refused(rogue, 1, "BAD_STATE", "name"), "cannot be read"));
}

#define ON_ROGUE(name)                                                         \
    cmocka_unit_test_setup_teardown(name, rogue_make_up, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_ROGUE(what_was_seen_to_stands_no_longer),
        ON_ROGUE(another_alarm_is_not_cleared_with_the_first),
        ON_ROGUE(what_is_not_there_is_not_cleared),
        ON_ROGUE(a_log_that_is_stopped_does_not_go_on_by_words),
        ON_ROGUE(a_log_of_ours_that_cannot_be_read_is_not_cured_by_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
