#include "tests/unit/rogue_answer.h"

#include "node/core/link/inbound.h"
#include "tests/unit/asking.h"

static uint64_t
seal_text(struct rogue *rogue)
{
    return rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                      span_text("no message"));
}

static struct record
last_record(const struct rogue *rogue, enum record_kind kind)
{
    return duo_record(rogue->victim, kind,
                      duo_count_records(rogue->victim, kind) - 1);
}

/* --- leaves -------------------------------------------------------------- */

static void
a_log_that_is_not_from_the_peer_to_us_closes(void **state)
{
    struct rogue *rogue = *state;
    struct origin own = rogue->origin, other;
    size_t        records;

    for (unsigned i = 0; i < 3; i++) {
        other = own;
        other.epoch = 2;
        other.sender.bytes[0] ^= i == 0;
        other.recipient.bytes[0] ^= i == 1;
        if (i == 2)
            memcpy(other.realm, "exercise-x", sizeof("exercise-x"));
        rogue->text = origin_format(&other);
        records = rogue->victim->record_count;
        rogue_say_leaves(rogue, 0, 1);
        rogue_assert_closed(rogue, records);
        assert_int_equal(rogue_peer(rogue)->witness_count, 1);
    }
    memcpy(rogue->text.text, "no origin", sizeof("no origin"));
    records = rogue->victim->record_count;
    rogue_say_leaves(rogue, 0, 1);
    rogue_assert_closed(rogue, records);
}

static void
a_second_log_of_one_number_closes_with_an_alarm(void **state)
{
    struct rogue *rogue = *state;

    rogue_epoch(rogue, 1, 8);
    (void)seal_text(rogue);
    rogue_say_leaves(rogue, 0, 1);
    assert_true(rogue_is_closed(rogue));
    assert_int_equal(last_record(rogue, RECORD_ALARM).state, STATUS_FORK);
    assert_int_equal(rogue_peer(rogue)->witness_count, 1);
}

static void
leaves_that_begin_beyond_what_is_here_close(void **state)
{
    struct rogue *rogue = *state;
    size_t        records;

    (void)seal_text(rogue);
    (void)seal_text(rogue);
    records = rogue->victim->record_count;
    rogue_say_leaves(rogue, 2, 3);
    rogue_assert_closed(rogue, records);
}

static void
leaves_that_are_all_here_are_passed_over(void **state)
{
    struct rogue *rogue = *state;
    size_t        records = rogue->victim->record_count;

    rogue_say_leaves(rogue, 0, 1); /* as a bundle brought them meanwhile */
    assert_false(rogue_is_closed(rogue));
    assert_int_equal(rogue->victim->record_count, records);
}

static void
batch_fields_of_another_length_close(void **state)
{
    static const uint8_t bytes[LEAF_LEN];
    static const size_t  lens[][2] = {{0, 16}, {32, 0}, {31, 16}, {32, 17}};
    struct rogue        *rogue = *state;

    for (size_t i = 0; i < 4; i++) {
        Entente__Frame  frame = ENTENTE__FRAME__INIT;
        Entente__Leaves leaves = ENTENTE__LEAVES__INIT;
        size_t          records = rogue->victim->record_count;

        leaves.origin = rogue->text.text;
        leaves.first = leaves.start = 1;
        leaves.ephemeral = (ProtobufCBinaryData){
            lens[i][0], (uint8_t *)(uintptr_t)bytes};
        leaves.salt = (ProtobufCBinaryData){lens[i][1],
                                            (uint8_t *)(uintptr_t)bytes};
        leaves.leaves = (ProtobufCBinaryData){LEAF_LEN,
                                              (uint8_t *)(uintptr_t)bytes};
        frame.kind_case = ENTENTE__FRAME__KIND_LEAVES;
        frame.leaves = &leaves;
        rogue_say(rogue, &frame);
        rogue_assert_closed(rogue, records);
    }
}

static void
so_many_logs_are_begun_at_once_and_no_more(void **state)
{
    struct rogue *rogue = *state;
    size_t        records;

    for (uint64_t i = 2; i <= LIMIT_EPOCHS_READ + 1; i++) {
        rogue_epoch(rogue, i, i);
        rogue_announce(rogue, 1,
                       rogue->duo->a.node->first_contact.public_key);
        records = rogue->victim->record_count;
        rogue_say_leaves(rogue, 0, 1);
        rogue_say_head(rogue, &(struct head){
                                  1, rogue_head_of(rogue, 1).root});
    }
    rogue_assert_closed(rogue, records);
    assert_int_equal(rogue_peer(rogue)->witness_count, LIMIT_EPOCHS_READ);
    rogue->victim->now_ms += LIMIT_EPOCH_MS; /* the link is silent since */
    rogue_open(rogue);
    rogue_say_all(rogue, 0);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, 1);
}

/* --- leaves that are refused --------------------------------------------- */

/* The entry is refused, and the log goes on. */
static void
assert_refused(struct rogue *rogue, uint64_t index, enum status why)
{
    struct record record = last_record(rogue, RECORD_VERDICT);

    assert_int_equal(record.index, index);
    assert_int_equal(record.outgoing, 0);
    assert_int_equal(record.state, STATE_REFUSED);
    assert_true(span_equal(record.words, span_text(status_name(why))));
    assert_int_equal(rogue_witness(rogue)->cosigned.size, rogue->count);
    assert_int_equal(duo_record(rogue->victim, RECORD_OUT_ENTRY,
                                duo_count_records(rogue->victim,
                                                  RECORD_OUT_ENTRY) - 1)
                         .leaf.ptr[2],
                     CLASS_ANSWER);
    assert_false(rogue_is_closed(rogue));
}

static void
an_entry_that_no_node_could_keep_is_refused_with_its_reason(void **state)
{
    static const struct {
        size_t      at;
        uint8_t     byte;
        enum status why;
    } faults[] = {
        {1, 2, STATUS_BAD_VERSION},     /* suite */
        {2, 0, STATUS_BAD_ENCODING},    /* class */
        {2, 10, STATUS_BAD_VERSION},
        {3, 0, STATUS_BAD_ENCODING},    /* precedence */
        {3, 7, STATUS_BAD_VERSION},
        {4, 1, STATUS_TOO_LARGE},       /* length */
        {2, CLASS_KEY, STATUS_BAD_FIELD}, /* with a commitment */
    };
    struct rogue *rogue = *state;

    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        uint64_t index = seal_text(rogue);

        rogue->entries[index].leaf[faults[i].at] = faults[i].byte;
        rogue_say_all(rogue, index); /* its body is passed over */
        assert_refused(rogue, index, faults[i].why);
    }
    assert_int_equal(duo_count_records(rogue->victim, RECORD_IN_ENTRY), 1);
    assert_int_equal(rogue_alarms(rogue), 0);
}

static void
an_answer_that_no_node_could_keep_is_an_alarm_and_not_answered(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      index = rogue_seal(rogue, CLASS_ANSWER, PRECEDENCE_ROUTINE,
                                     span_text("x"));
    size_t        said = duo_count_records(rogue->victim, RECORD_OUT_ENTRY);

    rogue->entries[index].leaf[1] = 9;
    rogue_say_all(rogue, index);
    assert_int_equal(rogue_alarms(rogue), 1);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_OUT_ENTRY),
                     said);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, rogue->count);
}

static void
what_begins_an_epoch_and_is_no_open_is_refused(void **state)
{
    struct rogue *rogue = *state;

    rogue_epoch(rogue, 2, 9);
    (void)seal_text(rogue);
    rogue_say_all(rogue, 0);
    assert_refused(rogue, 0, STATUS_BAD_STATE);
    assert_int_equal(rogue_peer(rogue)->received, 0);
}

static void
an_open_that_begins_no_epoch_is_refused(void **state)
{
    struct rogue *rogue = *state;

    rogue_announce(rogue, 2, rogue->duo->a.node->first_contact.public_key);
    rogue_say_all(rogue, 1);
    assert_refused(rogue, 1, STATUS_BAD_STATE);
    assert_int_equal(rogue_peer(rogue)->announced.number, 1);
}

static void
a_refused_entry_is_refused_after_a_restart_too(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      index = seal_text(rogue);

    rogue->entries[index].leaf[1] = 9;
    (void)seal_text(rogue);
    rogue_say_all(rogue, index);
    duo_restart(rogue->victim);
    assert_int_equal(rogue_witness(rogue)->whole, index + 2);
}

/* --- heads --------------------------------------------------------------- */

static void
a_head_of_a_log_that_was_never_named_closes(void **state)
{
    struct rogue *rogue = *state;
    size_t        records = rogue->victim->record_count;
    struct head   head = rogue_head_of(rogue, 1);

    rogue_epoch(rogue, 5, 5);
    rogue_say_head(rogue, &head);
    rogue_assert_closed(rogue, records);
}

static void
a_head_that_skips_leaves_or_is_below_the_last_closes(void **state)
{
    struct rogue *rogue = *state;
    size_t        records;
    struct head   head;

    (void)seal_text(rogue);
    head = rogue_head_of(rogue, 2);
    records = rogue->victim->record_count;
    rogue_say_head(rogue, &head); /* its leaf was not said */
    rogue_assert_closed(rogue, records);
    rogue_say_all(rogue, 1);
    head = rogue_head_of(rogue, 1);
    records = rogue->victim->record_count;
    rogue_say_head(rogue, &head);
    rogue_assert_closed(rogue, records);
    records = rogue->victim->record_count;
    head.size = LIMIT_TREE;
    rogue_say_head(rogue, &head);
    rogue_assert_closed(rogue, records);
}

static void
a_head_with_parts_of_another_length_or_signature_closes(void **state)
{
    struct rogue  *rogue = *state;
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Head  said = ENTENTE__HEAD__INIT;
    uint8_t        bytes[LIMIT_SIGNATURE + 1] = {1};

    frame.kind_case = ENTENTE__FRAME__KIND_HEAD;
    frame.head = &said;
    said.origin = rogue->text.text;
    said.size = 1;
    for (size_t i = 0; i < 3; i++) {
        size_t records = rogue->victim->record_count;

        said.root = (ProtobufCBinaryData){LIMIT_DIGEST - (i == 0), bytes};
        said.signature =
            (ProtobufCBinaryData){LIMIT_SIGNATURE + (i == 1), bytes};
        rogue_say(rogue, &frame);
        rogue_assert_closed(rogue, records);
    }
}

static void
a_log_with_a_wrong_root_is_stopped_and_the_link_goes_on(void **state)
{
    struct rogue *rogue = *state;
    struct head   wrong;
    size_t        records;

    (void)seal_text(rogue);
    wrong = rogue_head_of(rogue, 2);
    wrong.root.bytes[0] ^= 1;
    rogue_say_leaves(rogue, 1, 2);
    rogue_say_head(rogue, &wrong);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_FETCH));
    rogue_say_leaves(rogue, 1, 2);
    rogue_say_head(rogue, &wrong);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_STOPPED), 1);
    assert_int_equal(last_record(rogue, RECORD_OUT_ENTRY).leaf.ptr[2],
                     CLASS_ANSWER);
    records = rogue->victim->record_count;
    for (size_t i = 0; i < 10; i++) { /* whatever else it says of it */
        rogue_say_leaves(rogue, 1, 2);
        rogue_say_head(rogue, &wrong);
        rogue_say_body(rogue, 1);
    }
    assert_int_equal(rogue->victim->record_count, records);
    assert_false(rogue_is_closed(rogue));
    rogue_epoch(rogue, 2, 9);
    rogue_announce(rogue, 1, rogue->duo->a.node->first_contact.public_key);
    rogue_say_all(rogue, 0);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, 1);
}

/* A wrong byte on the way: bodies behind that head are on their way too. */
static void
bodies_behind_a_wrong_head_are_passed_over_until_it_is_right(void **state)
{
    struct rogue *rogue = *state;
    struct head   wrong, right;

    (void)seal_text(rogue);
    right = rogue_head_of(rogue, 2);
    wrong = right;
    wrong.root.bytes[0] ^= 1;
    rogue_say_leaves(rogue, 1, 2);
    rogue_say_head(rogue, &wrong);
    rogue_say_body(rogue, 1);
    assert_false(rogue_is_closed(rogue));
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_FETCH));
    rogue_say_leaves(rogue, 1, 2);
    rogue_say_head(rogue, &right);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, 1);
    rogue_say_body(rogue, 1);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, 2);
    rogue_say_body(rogue, 2);
    assert_true(rogue_is_closed(rogue)); /* of no head at all */
}

/* --- the others ----------------------------------------------------------- */

static void
another_peer_is_not_touched_by_what_this_one_does(void **state)
{
    struct rogue     *rogue = *state;
    struct duo_party  third;
    const struct peer *other;
    struct head       wrong = {.size = 1}, before;

    duo_party_init(&third, 3);
    asking_pair(rogue->victim, &third, "third");
    duo_party_clear(&third);
    other = rogue->victim->node->peers[1];
    before = other->channels[0]->head;
    rogue_epoch(rogue, 2, 9);
    (void)seal_text(rogue);
    rogue_say_leaves(rogue, 0, 1);
    rogue_say_head(rogue, &wrong);
    rogue_say_leaves(rogue, 0, 1);
    rogue_say_head(rogue, &wrong); /* stopped */
    rogue_say_leaves(rogue, 0, 1);
    rogue_epoch(rogue, 1, 9);
    (void)seal_text(rogue);
    rogue_say_leaves(rogue, 0, 1); /* closed */
    assert_true(rogue_is_closed(rogue));
    assert_int_equal(rogue_peer(rogue)->alarm[0] != '\0', 1);
    assert_string_equal(other->alarm, "");
    assert_int_equal(other->witness_count, 0);
    assert_int_equal(other->channel_count, 1);
    assert_true(head_equal(&other->channels[0]->head, &before));
    duo_submit(rogue->victim, "third", 1, "FLASH", "still here", NULL);
    while (duo_turn(rogue->victim))
        continue;
    assert_int_equal(other->outbox.count, 1);
}

#define CASE(test)                                                             \
    cmocka_unit_test_setup_teardown(test, rogue_make_up, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_log_that_is_not_from_the_peer_to_us_closes),
        CASE(a_second_log_of_one_number_closes_with_an_alarm),
        CASE(leaves_that_begin_beyond_what_is_here_close),
        CASE(leaves_that_are_all_here_are_passed_over),
        CASE(batch_fields_of_another_length_close),
        CASE(so_many_logs_are_begun_at_once_and_no_more),
        CASE(an_entry_that_no_node_could_keep_is_refused_with_its_reason),
        CASE(an_answer_that_no_node_could_keep_is_an_alarm_and_not_answered),
        CASE(what_begins_an_epoch_and_is_no_open_is_refused),
        CASE(an_open_that_begins_no_epoch_is_refused),
        CASE(a_refused_entry_is_refused_after_a_restart_too),
        CASE(a_head_of_a_log_that_was_never_named_closes),
        CASE(a_head_that_skips_leaves_or_is_below_the_last_closes),
        CASE(a_head_with_parts_of_another_length_or_signature_closes),
        CASE(a_log_with_a_wrong_root_is_stopped_and_the_link_goes_on),
        CASE(bodies_behind_a_wrong_head_are_passed_over_until_it_is_right),
        CASE(another_peer_is_not_touched_by_what_this_one_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
