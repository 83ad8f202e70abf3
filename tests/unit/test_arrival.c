#include "tests/unit/rogue_answer.h"

#include "crypto/seal.h"
#include "message.pb-c.h"
#include "node/core/log/arrival.h"
#include "proto/protobuf.h"

/* --- what the victim made of it ------------------------------------------ */

static struct record
last_record(const struct rogue *rogue, enum record_kind kind)
{
    return duo_record(rogue->victim, kind,
                      duo_count_records(rogue->victim, kind) - 1);
}

/* The newest entry is answered so. */
static void
assert_answered(const struct rogue *rogue, Entente__Answer__Verdict verdict,
                const char *why)
{
    struct rogue_answered answered = rogue_answered(rogue);

    assert_int_equal(answered.verdict, verdict);
    assert_string_equal(answered.why, why);
}

/* The newest entry is kept as it came, in this state, and the log goes on. */
static void
assert_kept(const struct rogue *rogue, enum message_state state)
{
    const struct rogue_entry *entry = &rogue->entries[rogue->count - 1];
    struct record             record = last_record(rogue, RECORD_IN_ENTRY);

    assert_int_equal(record.index, rogue->count - 1);
    assert_int_equal(record.state, state);
    assert_true(span_equal(record.bytes,
                           (struct span){entry->body, entry->body_len}));
    assert_int_equal(rogue_witness(rogue)->cosigned.size, rogue->count);
    assert_false(rogue_is_closed(rogue));
}

/* It is listed, under an id, with the reason for the officer. */
static void
assert_listed(const struct rogue *rogue, const struct message_id *id,
              const char *subject, const char *why)
{
    struct record        record = last_record(rogue, RECORD_IN_ENTRY);
    struct record_secret secret;

    assert_memory_equal(record.id.bytes, id->bytes, sizeof(id->bytes));
    assert_int_equal(record_secret_decode(record.secret, &secret), STATUS_OK);
    assert_true(span_equal(secret.subject, span_text(subject)));
    assert_true(span_equal(secret.message, span_text(why)));
}

/* --- messages ------------------------------------------------------------ */

struct letter {
    unsigned                 id;
    const char              *text;
    uint64_t                 number;
    Entente__Message__Status status;   /* 0: ACTUAL */
    const char              *exercise; /* NULL: none */
    enum precedence          precedence;
};

/* A ROUTINE note in an entry of `precedence`, or of its own. */
static void
say_letter(struct rogue *rogue, const struct letter *letter)
{
    static uint8_t    bytes[LIMIT_BODY];
    struct duo_note   note = {.id = letter->id,
                              .precedence = "ROUTINE",
                              .subject = "tea?",
                              .text = letter->text};
    Entente__Message *message = entente__message__unpack(
        NULL, duo_pack_note(&rogue->duo->a, &note, bytes), bytes);
    char    *none = message->exercise_id;
    struct writer out;
    uint64_t index;
    size_t   len;

    if (letter->status != 0)
        message->status = letter->status;
    if (letter->exercise != NULL)
        message->exercise_id = (char *)(uintptr_t)letter->exercise;
    len = entente__message__pack(message, bytes);
    out = writer_of(bytes + len, sizeof(bytes) - len);
    if (letter->number > 0) /* where a sender's node puts it */
        protobuf_put_varint(&out, 15, letter->number);
    message->exercise_id = none;
    entente__message__free_unpacked(message, NULL);
    index = rogue_seal(rogue, CLASS_MESSAGE,
                       letter->precedence != 0 ? letter->precedence
                                               : PRECEDENCE_ROUTINE,
                       (struct span){bytes, len + out.len});
    rogue_say_all(rogue, index);
}

static void
a_message_whose_rules_hold_is_new_and_accepted(void **state)
{
    struct rogue     *rogue = *state;
    struct message_id id = duo_message_id(&rogue->duo->a, 5);
    struct record     record;

    say_letter(rogue, &(struct letter){.id = 5, .number = 17});
    assert_kept(rogue, STATE_NEW);
    assert_answered(rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED, "");
    record = last_record(rogue, RECORD_IN_ENTRY);
    assert_memory_equal(record.id.bytes, id.bytes, sizeof(id.bytes));
    assert_int_equal(record.number, 17);
    assert_int_equal(rogue_alarms(rogue), 0);
}

static void
a_message_that_breaks_a_rule_is_quarantined_and_rejected(void **state)
{
    struct rogue     *rogue = *state;
    struct message_id id = duo_message_id(&rogue->duo->a, 5);

    say_letter(rogue, &(struct letter){.id = 5}); /* no number */
    assert_kept(rogue, STATE_QUARANTINED);
    assert_listed(rogue, &id, "tea?", "BAD_FIELD: number");
    assert_answered(rogue, ENTENTE__ANSWER__VERDICT__REJECTED, "BAD_FIELD");
    assert_int_equal(rogue_alarms(rogue), 0);
}

static void
what_opens_and_is_no_message_is_quarantined_and_rejected(void **state)
{
    struct rogue     *rogue = *state;
    struct leaf       leaf;
    struct message_id id;

    (void)rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_FLASH,
                     span_text("\xff\xff\xff no message at all"));
    rogue_say_all(rogue, 1);
    assert_kept(rogue, STATE_QUARANTINED);
    assert_int_equal(leaf_decode(last_record(rogue, RECORD_IN_ENTRY).leaf,
                                 &leaf),
                     STATUS_OK);
    memcpy(id.bytes, leaf.digest, sizeof(id.bytes));
    assert_listed(rogue, &id, "(not readable)",
                  "BAD_ENCODING: bytes that are no field, a group, or cut "
                  "short");
    assert_answered(rogue, ENTENTE__ANSWER__VERDICT__REJECTED, "BAD_ENCODING");
}

static void
a_message_overtakes_as_what_it_is_or_is_rejected(void **state)
{
    struct rogue *rogue = *state;

    say_letter(rogue, &(struct letter){.id = 5,
                                       .number = 1,
                                       .precedence = PRECEDENCE_FLASH});
    assert_kept(rogue, STATE_QUARANTINED);
    assert_answered(rogue, ENTENTE__ANSWER__VERDICT__REJECTED, "BAD_FIELD");
    say_letter(rogue, &(struct letter){.id = 6,
                                       .number = 2,
                                       .precedence = PRECEDENCE_DEFERRED});
    assert_kept(rogue, STATE_QUARANTINED);
    say_letter(rogue, &(struct letter){.id = 5, .number = 3}); /* as it is */
    assert_kept(rogue, STATE_NEW);
}

static void
an_exercise_is_rejected_where_it_is_real_and_a_test_is_not(void **state)
{
    struct rogue *rogue = *state;

    say_letter(rogue,
               &(struct letter){
                   .id = 5,
                   .number = 1,
                   .status = ENTENTE__MESSAGE__STATUS__STATUS_EXERCISE,
                   .exercise = "malabar"});
    assert_kept(rogue, STATE_QUARANTINED);
    assert_answered(rogue, ENTENTE__ANSWER__VERDICT__REJECTED, "BAD_FIELD");
    say_letter(rogue, &(struct letter){
                          .id = 6,
                          .number = 2,
                          .status = ENTENTE__MESSAGE__STATUS__STATUS_TEST});
    assert_kept(rogue, STATE_NEW);
}

static void
one_id_for_two_messages_is_an_alarm_and_the_second_is_rejected(void **state)
{
    struct rogue *rogue = *state;

    say_letter(rogue, &(struct letter){.id = 5, .number = 1, .text = "one"});
    say_letter(rogue, &(struct letter){.id = 5, .number = 2, .text = "two"});
    assert_kept(rogue, STATE_QUARANTINED);
    assert_answered(rogue, ENTENTE__ANSWER__VERDICT__REJECTED, "DUPLICATE");
    assert_int_equal(rogue_alarms(rogue), 1);
    assert_int_equal(last_record(rogue, RECORD_ALARM).state, STATUS_DUPLICATE);
}

static void
a_message_sent_again_in_another_epoch_is_accepted_again(void **state)
{
    struct rogue *rogue = *state;

    say_letter(rogue, &(struct letter){.id = 5, .number = 1, .text = "one"});
    rogue_epoch(rogue, 2, 8);
    rogue_announce(rogue, 1, rogue->duo->a.node->first_contact.public_key);
    rogue_say_all(rogue, 0);
    say_letter(rogue, &(struct letter){.id = 5, .number = 9, .text = "one"});
    assert_kept(rogue, STATE_NEW);
    assert_answered(rogue, ENTENTE__ANSWER__VERDICT__ACCEPTED, "");
    assert_int_equal(rogue_alarms(rogue), 0);
}

static void
the_id_of_a_rejected_message_may_be_used_again(void **state)
{
    struct rogue *rogue = *state;

    say_letter(rogue, &(struct letter){.id = 5, .text = "one"});
    say_letter(rogue, &(struct letter){.id = 5, .number = 1, .text = "two"});
    assert_kept(rogue, STATE_NEW);
    assert_int_equal(rogue_alarms(rogue), 0);
}

/* --- what cannot be opened ----------------------------------------------- */

static void
what_no_key_opens_is_kept_and_answered_unopened(void **state)
{
    static const size_t leaf_bytes[] = {
        11 /* sealing key */, 15 /* secret */, 16 /* commitment */};
    struct rogue *rogue = *state;

    for (size_t i = 0; i < 4; i++) {
        uint64_t index = rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                                    span_text("no message"));

        if (i < 3)
            rogue->entries[index].leaf[leaf_bytes[i]] ^= 9;
        else
            rogue->entries[index].body[0] ^= 9;
        rogue_digest_again(rogue);
        rogue_say_all(rogue, index);
        assert_kept(rogue, STATE_UNOPENED);
        assert_answered(rogue, ENTENTE__ANSWER__VERDICT__UNOPENED, "UNOPENED");
    }
    assert_int_equal(rogue_alarms(rogue), 0);
}

/* Behind `index`, in its batch and under its secret. */
static void
go_on_with_batch(struct rogue *rogue, uint64_t index, uint32_t secret_epoch)
{
    struct rogue_entry before = rogue->entries[index];
    struct seal_batch  batch = {.origin = origin_span(&rogue->text),
                                .first_index = before.first};
    struct seal_key    key = {.suite = SUITE_CLASSIC};
    struct leaf        leaf = {.suite = SUITE_CLASSIC,
                               .class = CLASS_MESSAGE,
                               .precedence = PRECEDENCE_ROUTINE,
                               .secret_epoch = secret_epoch};
    struct secret32    secret, content;
    struct dh_key      ephemeral;
    uint8_t            sealed[1024], encoded[LEAF_LEN];
    size_t             len = 0;

    memset(secret.bytes, (int)(index % 200) + 1, LIMIT_KEY); /* rogue_seal's */
    dh_key_from_secret(&secret, &ephemeral);
    memcpy(batch.ephemeral, before.ephemeral, LIMIT_KEY);
    memcpy(batch.salt, before.salt, LIMIT_SALT);
    memcpy(key.public_key, rogue->victim->node->first_contact.public_key,
           LIMIT_KEY);
    assert_int_equal(
        seal_batch_sender(&batch, &key, &ephemeral.secret, &secret),
        STATUS_OK);
    seal_content_key(&secret, index + 1, &content);
    assert_int_equal(seal_entry(&content, &batch, index + 1, span_text("no"),
                                &leaf, sealed, &len),
                     STATUS_OK);
    leaf_encode(&leaf, encoded);
    (void)rogue_raw(rogue, encoded, (struct span){sealed, len});
    rogue->entries[index + 1].first = before.first;
    memcpy(rogue->entries[index + 1].ephemeral, before.ephemeral, LIMIT_KEY);
    memcpy(rogue->entries[index + 1].salt, before.salt, LIMIT_SALT);
}

static void
another_secret_opens_nothing_in_a_batch_that_opens(
    void **state)
{
    struct rogue *rogue = *state;
    uint64_t      index = rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                                     span_text("no message"));

    go_on_with_batch(rogue, index, 0);
    rogue_say_all(rogue, index);
    assert_kept(rogue, STATE_QUARANTINED); /* opened, and no message */
    index = rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                       span_text("no message"));
    go_on_with_batch(rogue, index, 9);
    rogue_say_all(rogue, index);
    assert_kept(rogue, STATE_UNOPENED);
}

static void
an_ephemeral_key_that_agrees_with_nobody_opens_nothing(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      index = rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                                     span_text("no message"));

    memset(rogue->entries[index].ephemeral, 0, LIMIT_KEY);
    rogue_digest_again(rogue);
    rogue_say_all(rogue, index);
    assert_kept(rogue, STATE_UNOPENED);
}

static void
an_answer_or_grant_that_no_key_opens_is_an_alarm_and_not_answered(
    void **state)
{
    static const enum entry_class classes[] = {CLASS_ANSWER, CLASS_GRANT};
    struct rogue *rogue = *state;
    size_t        said = duo_count_records(rogue->victim, RECORD_OUT_ENTRY);

    for (size_t i = 0; i < 2; i++) {
        uint64_t index = rogue_seal(rogue, classes[i], PRECEDENCE_ROUTINE,
                                    span_text("x"));

        rogue->entries[index].leaf[11] = 9;
        rogue_say_all(rogue, index);
        assert_kept(rogue, STATE_UNOPENED);
        assert_int_equal(rogue_alarms(rogue), i + 1);
    }
    assert_int_equal(duo_count_records(rogue->victim, RECORD_OUT_ENTRY),
                     said);
}

#define CASE(test)                                                             \
    cmocka_unit_test_setup_teardown(test, rogue_make_up, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_message_whose_rules_hold_is_new_and_accepted),
        CASE(a_message_that_breaks_a_rule_is_quarantined_and_rejected),
        CASE(what_opens_and_is_no_message_is_quarantined_and_rejected),
        CASE(a_message_overtakes_as_what_it_is_or_is_rejected),
        CASE(an_exercise_is_rejected_where_it_is_real_and_a_test_is_not),
        CASE(one_id_for_two_messages_is_an_alarm_and_the_second_is_rejected),
        CASE(a_message_sent_again_in_another_epoch_is_accepted_again),
        CASE(the_id_of_a_rejected_message_may_be_used_again),
        CASE(what_no_key_opens_is_kept_and_answered_unopened),
        CASE(
            another_secret_opens_nothing_in_a_batch_that_opens),
        CASE(an_ephemeral_key_that_agrees_with_nobody_opens_nothing),
        CASE(
            an_answer_or_grant_that_no_key_opens_is_an_alarm_and_not_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
