#include "tests/unit/rogue_answer.h"

#include "node/core/log/answer.h"

/* A head of `channel` under this signature is said to be bad. */
static void
say_bad(struct rogue *rogue, const struct channel *channel,
        const struct head *head, const uint8_t *signature)
{
    Entente__Answer  answer = ENTENTE__ANSWER__INIT;
    Entente__BadHead bad = ENTENTE__BAD_HEAD__INIT;

    bad.origin = (char *)(uintptr_t)channel->text.text;
    bad.size = head->size;
    bad.root = (ProtobufCBinaryData){
        LIMIT_DIGEST, (uint8_t *)(uintptr_t)head->root.bytes};
    bad.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE,
                                          (uint8_t *)(uintptr_t)signature};
    answer.verdict = ENTENTE__ANSWER__VERDICT__BAD_HEAD;
    answer.origin = bad.origin;
    answer.bad_head = &bad;
    rogue_say_answers(rogue, &answer, NULL);
}

static void
refuse_newest(struct rogue *rogue)
{
    const struct channel *channel = rogue_reads(rogue);
    struct head           head = channel->head;

    say_bad(rogue, channel, &head, channel->signature);
}

static uint64_t
epoch(const struct rogue *rogue)
{
    return rogue_reads(rogue)->origin.epoch;
}

static void
a_head_that_we_signed_and_its_reader_refuses_ends_the_epoch(void **state)
{
    struct rogue *rogue = *state;

    refuse_newest(rogue);
    assert_int_equal(epoch(rogue), 2);
    assert_true(rogue_peer(rogue)->channels[0]->closed);
    assert_int_equal(rogue_alarms(rogue), 1);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, 2);
}

static void
a_head_that_we_never_signed_is_no_reason(void **state)
{
    struct rogue         *rogue = *state;
    const struct channel *channel = rogue_reads(rogue);
    struct head           head = channel->head;
    uint8_t               signature[LIMIT_SIGNATURE];

    head.root.bytes[0] ^= 1;
    say_bad(rogue, channel, &head, channel->signature);
    checkpoint_sign(origin_span(&channel->text), &head,
                    &rogue->duo->a.node->log_key, signature);
    say_bad(rogue, channel, &head, signature);
    assert_int_equal(epoch(rogue), 1);
    assert_int_equal(rogue_alarms(rogue), 2);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, 3);
}

static void
a_second_root_that_we_signed_is_one(void **state)
{
    struct rogue         *rogue = *state;
    const struct channel *channel = rogue_reads(rogue);
    struct head           head = channel->head;
    uint8_t               signature[LIMIT_SIGNATURE];

    rogue_say_cosigned(rogue, channel->text.text, &head);
    head.root.bytes[0] ^= 1;
    checkpoint_sign(origin_span(&channel->text), &head,
                    &rogue->victim->node->log_key, signature);
    say_bad(rogue, channel, &head, signature);
    assert_int_equal(epoch(rogue), 2);
}

static void
who_cosigned_a_head_cannot_refuse_it_nor_one_below(void **state)
{
    struct rogue         *rogue = *state;
    const struct channel *channel = rogue_reads(rogue);
    struct head           first = channel->head;
    uint8_t               signature[LIMIT_SIGNATURE];

    memcpy(signature, channel->signature, LIMIT_SIGNATURE);
    rogue_say_cosigned(rogue, channel->text.text, &first);
    say_bad(rogue, channel, &first, signature);
    assert_int_equal(epoch(rogue), 1);
    rogue_is_written_to(rogue, 1);
    rogue_say_cosigned(rogue, channel->text.text, &channel->head);
    say_bad(rogue, channel, &first, signature);
    assert_int_equal(epoch(rogue), 1);
    assert_int_equal(rogue_alarms(rogue), 2);
    assert_false(rogue_is_closed(rogue));
}

static void
a_closed_epoch_is_not_closed_again(void **state)
{
    struct rogue         *rogue = *state;
    const struct channel *first = rogue_reads(rogue);

    refuse_newest(rogue);
    say_bad(rogue, first, &first->head, first->signature);
    assert_int_equal(epoch(rogue), 2);
    assert_int_equal(rogue_alarms(rogue), 2);
}

static void
the_answer_with_a_bad_head_says_nothing_else(void **state)
{
    struct rogue         *rogue = *state;
    const struct channel *channel = rogue_reads(rogue);
    Entente__Answer       bad = ENTENTE__ANSWER__INIT;
    Entente__Answer       other = ENTENTE__ANSWER__INIT;
    Entente__BadHead      head = ENTENTE__BAD_HEAD__INIT;
    Entente__AnswerRange  range = ENTENTE__ANSWER_RANGE__INIT;
    Entente__AnswerRange *ranges[] = {&range};

    range.count = 1;
    head.size = channel->head.size;
    head.root = (ProtobufCBinaryData){
        LIMIT_DIGEST, (uint8_t *)(uintptr_t)channel->head.root.bytes};
    head.signature = (ProtobufCBinaryData){
        LIMIT_SIGNATURE, (uint8_t *)(uintptr_t)channel->signature};
    bad.verdict = ENTENTE__ANSWER__VERDICT__BAD_HEAD;
    bad.origin = (char *)(uintptr_t)channel->text.text;
    bad.bad_head = &head;
    other.verdict = ENTENTE__ANSWER__VERDICT__REFUSED;
    other.origin = bad.origin;
    other.ranges = ranges;
    other.n_ranges = 1;
    rogue_say_answers(rogue, &bad, &other);
    other.bad_head = &head;
    rogue_say_answers(rogue, &other, NULL);
    bad.ranges = ranges;
    bad.n_ranges = 1;
    rogue_say_answers(rogue, &bad, NULL);
    assert_int_equal(epoch(rogue), 1);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_VERDICT), 0);
    assert_int_equal(rogue_alarms(rogue), 3);
}

static void
epochs_are_opened_on_the_peers_word_so_often_and_no_oftener(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      held, records;

    for (size_t i = 0; i < LIMIT_EPOCHS; i++)
        refuse_newest(rogue);
    assert_int_equal(epoch(rogue), 1 + LIMIT_EPOCHS);
    held = rogue->count;
    refuse_newest(rogue);
    records = rogue->victim->record_count;
    for (size_t i = 0; i < 10; i++)
        rogue_say_body(rogue, held);
    assert_int_equal(rogue->victim->record_count, records);
    assert_int_equal(epoch(rogue), 1 + LIMIT_EPOCHS);
    assert_int_equal(rogue_witness(rogue)->whole, held);
    assert_false(rogue_is_closed(rogue));
}

static void
an_answer_that_came_too_soon_is_taken_when_it_comes_again(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      held;

    for (size_t i = 0; i < LIMIT_EPOCHS; i++)
        refuse_newest(rogue);
    held = rogue->count;
    refuse_newest(rogue);
    (void)rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_FLASH,
                     span_text("no message"));
    rogue_say_all(rogue, held + 1);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_IN_ENTRY),
                     held + 1); /* what is behind it is taken */
    rogue->victim->now_ms += LIMIT_EPOCH_MS;
    rogue_say_body(rogue, held);
    assert_int_equal(epoch(rogue), 2 + LIMIT_EPOCHS);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, held + 2);
}

static void
an_answer_that_is_held_is_missing_after_a_restart(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      held;

    for (size_t i = 0; i < LIMIT_EPOCHS; i++)
        refuse_newest(rogue);
    held = rogue->count;
    refuse_newest(rogue);
    duo_restart(rogue->victim);
    rogue_open(rogue);
    assert_int_equal(rogue_witness(rogue)->whole, held);
    rogue_say_body(rogue, held);
    assert_int_equal(epoch(rogue), 2 + LIMIT_EPOCHS);
}

#define CASE(test)                                                             \
    cmocka_unit_test_setup_teardown(test, rogue_make_up, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_head_that_we_signed_and_its_reader_refuses_ends_the_epoch),
        CASE(a_head_that_we_never_signed_is_no_reason),
        CASE(a_second_root_that_we_signed_is_one),
        CASE(who_cosigned_a_head_cannot_refuse_it_nor_one_below),
        CASE(a_closed_epoch_is_not_closed_again),
        CASE(the_answer_with_a_bad_head_says_nothing_else),
        CASE(epochs_are_opened_on_the_peers_word_so_often_and_no_oftener),
        CASE(an_answer_that_came_too_soon_is_taken_when_it_comes_again),
        CASE(an_answer_that_is_held_is_missing_after_a_restart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
