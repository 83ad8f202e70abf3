#include "tests/unit/rogue_answer.h"

#include "node/core/link/inbound.h"

/* An entry with its leaf and head, without its body. */
static uint64_t
commit(struct rogue *rogue, enum entry_class class)
{
    uint64_t    index = rogue_seal(rogue, class, PRECEDENCE_ROUTINE,
                                   span_text("neither fish nor fowl"));
    struct head head = rogue_head_of(rogue, index + 1);

    rogue_say_leaves(rogue, index, index + 1);
    rogue_say_head(rogue, &head);
    return index;
}

static struct span
body_of(const struct rogue *rogue, uint64_t index, size_t from, size_t to)
{
    const struct rogue_entry *entry = &rogue->entries[index];

    assert_true(from <= to && to <= entry->body_len);
    return (struct span){entry->body + from, to - from};
}

/* --- pieces -------------------------------------------------------------- */

static void
pieces_that_overlap_leave_a_gap_or_go_beyond_the_end_close(void **state)
{
    static uint8_t longer[LIMIT_SEALED];
    struct rogue  *rogue = *state;
    uint64_t       index = commit(rogue, CLASS_MESSAGE);
    size_t         len = rogue->entries[index].body_len, records;

    for (unsigned i = 0; i < 6; i++) {
        records = rogue->victim->record_count;
        if (i < 4)
            rogue_say_piece(rogue, index, 0, body_of(rogue, index, 0, 9));
        if (i == 0) /* again */
            rogue_say_piece(rogue, index, 8, body_of(rogue, index, 8, len));
        else if (i == 1) /* a gap */
            rogue_say_piece(rogue, index, 10, body_of(rogue, index, 10, len));
        else if (i == 2) /* too long */
            rogue_say_piece(rogue, index, 9, body_of(rogue, index, 0, len));
        else if (i == 3) /* empty */
            rogue_say_piece(rogue, index, 9, SPAN_EMPTY);
        else if (i == 4) /* not the first */
            rogue_say_piece(rogue, index, UINT32_MAX,
                            body_of(rogue, index, 0, len));
        else
            rogue_say_piece(rogue, index, 0,
                            (struct span){longer, len + 1});
        rogue_assert_closed(rogue, records);
    }
    rogue_say_body(rogue, index);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, rogue->count);
}

static void
a_body_without_a_leaf_or_of_no_log_closes(void **state)
{
    static const uint64_t beyond[] = {2, UINT64_MAX};
    struct rogue         *rogue = *state;
    uint64_t              index = commit(rogue, CLASS_MESSAGE);
    size_t                records;

    for (size_t i = 0; i < 2; i++) {
        records = rogue->victim->record_count;
        rogue_say_piece(rogue, beyond[i], 0,
                        (struct span){rogue->entries[index].body, 1});
        rogue_assert_closed(rogue, records);
    }
    records = rogue->victim->record_count;
    rogue->text.text[rogue->text.len - 1] ^= 1; /* another random */
    rogue_say_body(rogue, index);
    rogue_assert_closed(rogue, records);
}

static void
a_body_that_is_here_or_was_refused_is_passed_over(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      index = rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                                     span_text("no message"));
    size_t        records;

    rogue->entries[index].leaf[1] = 9;
    (void)rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                     span_text("no message"));
    rogue_say_all(rogue, index);
    records = rogue->victim->record_count;
    for (uint64_t i = 0; i < rogue->count; i++)
        rogue_say_body(rogue, i);
    rogue_say_piece(rogue, 0, 77, SPAN_EMPTY);
    assert_int_equal(rogue->victim->record_count, records);
    assert_false(rogue_is_closed(rogue));
}

/* --- digests ------------------------------------------------------------- */

static bool
asks_again(struct rogue *rogue, uint64_t index)
{
    const Entente__Frame *frame =
        rogue_hear(rogue, ENTENTE__FRAME__KIND_FETCH);

    if (frame == NULL)
        return false;
    assert_false(frame->fetch->leaves);
    assert_int_equal(frame->fetch->bodies[0]->first, index);
    return true;
}

static void
a_wrong_body_is_asked_for_again_and_may_be_right_then(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      index = commit(rogue, CLASS_MESSAGE);
    uint8_t      *byte = &rogue->entries[index].body[3];

    *byte ^= 1;
    for (unsigned i = 1; i < LIMIT_BODY_TRIES; i++) {
        rogue_say_body(rogue, index);
        assert_true(asks_again(rogue, index));
    }
    *byte ^= 1;
    rogue_say_body(rogue, index);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, rogue->count);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_IN_ENTRY), 2);
    assert_int_equal(rogue_alarms(rogue), 0);
}

static void
a_body_that_is_wrong_each_time_is_refused_and_kept_as_evidence(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      index = commit(rogue, CLASS_MESSAGE);
    struct record alarm, verdict;
    size_t        records;

    rogue->entries[index].body[3] ^= 1;
    for (unsigned i = 0; i < LIMIT_BODY_TRIES; i++) {
        (void)asks_again(rogue, index);
        rogue_say_body(rogue, index);
    }
    assert_false(asks_again(rogue, index));
    verdict = duo_record(rogue->victim, RECORD_VERDICT, 0);
    assert_int_equal(verdict.index, index);
    assert_int_equal(verdict.state, STATE_REFUSED);
    assert_true(span_equal(verdict.words, span_text("BAD_PROOF")));
    alarm = duo_record(rogue->victim, RECORD_ALARM, 0);
    assert_int_equal(alarm.state, STATUS_BAD_PROOF);
    assert_int_equal(alarm.bytes.len,
                     LEAF_LEN + rogue->entries[index].body_len);
    assert_memory_equal(alarm.bytes.ptr + LEAF_LEN,
                        rogue->entries[index].body,
                        rogue->entries[index].body_len);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, rogue->count);
    records = rogue->victim->record_count;
    rogue_say_body(rogue, index);
    assert_int_equal(rogue->victim->record_count, records);
    assert_false(rogue_is_closed(rogue));
    duo_restart(rogue->victim);
    assert_int_equal(rogue_witness(rogue)->whole, rogue->count);
}

static void
an_answer_that_is_wrong_each_time_is_not_answered(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      index = commit(rogue, CLASS_ANSWER);
    size_t        said = duo_count_records(rogue->victim, RECORD_OUT_ENTRY);

    rogue->entries[index].body[3] ^= 1;
    for (unsigned i = 0; i < LIMIT_BODY_TRIES; i++)
        rogue_say_body(rogue, index);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, rogue->count);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_OUT_ENTRY),
                     said);
}

static unsigned bodies_sent;

/* Each frame of bodies that leaves party a is counted. */
static bool
counts_large(struct duo_party *party, struct span frame)
{
    (void)party;
    bodies_sent += frame.len > 4000;
    return true;
}

/* What is spoiled in a node's memory stays so while it runs. */
static void
two_nodes_come_to_rest_over_a_body_that_is_spoiled(void **state)
{
    static char     text[6000];
    struct duo     *duo = duo_new();
    struct duo_note note = {.to = "node2",
                            .id = 1,
                            .precedence = "ROUTINE",
                            .subject = "long",
                            .text = text};
    struct channel      *channel;
    struct flight_entry *entry;
    uint8_t             *bytes;

    (void)state;
    duo_pair(duo);
    memset(text, 'x', sizeof(text) - 1);
    channel = peer_channel(duo->a.node->peers[0], REALM_ACTUAL);
    duo->a.tap = counts_large;
    bodies_sent = 0;
    duo->a.node->sessions[0]->room = 0; /* nothing leaves yet */
    duo_submit_note(&duo->a, &note);
    (void)duo_turn(&duo->a);
    entry = flight_at(&channel->flight, channel->frontier.size - 1);
    bytes = (uint8_t *)(uintptr_t)flight_body(&channel->flight, entry).ptr;
    bytes[100] ^= 1;
    duo->a.node->sessions[0]->room = 1 << 30;
    duo_wait(duo, 10);
    assert_int_equal(bodies_sent, LIMIT_BODY_TRIES);
    assert_int_equal(duo_record(&duo->a, RECORD_VERDICT, 0).state,
                     STATE_REFUSED);
    assert_int_equal(channel->cosigned.size, channel->head.size);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "tea?", "accepted");
    duo_run(duo);
    assert_int_equal(duo_record(&duo->a, RECORD_VERDICT, 1).state,
                     STATE_ACCEPTED);
    duo_free(duo);
}

/* --- receipts ------------------------------------------------------------ */

static void
a_receipt_that_is_forged_or_of_what_was_never_signed_closes(void **state)
{
    struct rogue *rogue = *state;
    struct head   head;
    const char   *text = rogue_reads(rogue)->text.text;
    size_t        records;

    rogue_is_written_to(rogue, 2);
    for (unsigned i = 0; i < 5; i++) {
        rogue->duo->a.node->witness_key.secret.bytes[0] ^= i == 0;
        head = rogue_reads(rogue)->head;
        head.root.bytes[0] ^= i == 1;
        head.size += i == 2;
        head.size = i == 3 ? LIMIT_TREE : head.size;
        records = rogue->victim->record_count;
        rogue_say_cosigned(rogue, i == 4 ? rogue->text.text : text, &head);
        rogue->duo->a.node->witness_key.secret.bytes[0] ^= i == 0;
        rogue_assert_closed(rogue, records);
        assert_int_equal(rogue_reads(rogue)->cosigned.size, 0);
    }
    rogue_say_cosigned(rogue, text, &rogue_reads(rogue)->head);
    assert_int_equal(rogue_reads(rogue)->cosigned.size, 3);
}

static void
an_older_receipt_changes_nothing(void **state)
{
    struct rogue *rogue = *state;
    struct head   first = rogue_reads(rogue)->head;
    size_t        records;

    rogue_is_written_to(rogue, 1);
    rogue_say_cosigned(rogue, rogue_reads(rogue)->text.text,
                       &rogue_reads(rogue)->head);
    records = rogue->victim->record_count;
    rogue_say_cosigned(rogue, rogue_reads(rogue)->text.text, &first);
    assert_int_equal(rogue->victim->record_count, records);
    assert_int_equal(rogue_reads(rogue)->cosigned.size, 2);
    assert_false(rogue_is_closed(rogue));
}

/* --- what is asked for ---------------------------------------------------- */

static void
ask(struct rogue *rogue, const char *origin, const uint64_t (*list)[2],
    size_t count)
{
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Fetch  fetch = ENTENTE__FETCH__INIT;
    Entente__Range  ranges[LIMIT_RANGES + 1];
    Entente__Range *bodies[LIMIT_RANGES + 1];

    for (size_t i = 0; i < count; i++) {
        entente__range__init(&ranges[i]);
        ranges[i].first = list[i][0];
        ranges[i].count = list[i][1];
        bodies[i] = &ranges[i];
    }
    fetch.origin = (char *)(uintptr_t)origin;
    fetch.bodies = bodies;
    fetch.n_bodies = count;
    frame.kind_case = ENTENTE__FRAME__KIND_FETCH;
    frame.fetch = &fetch;
    rogue_say(rogue, &frame);
}

static void
a_log_that_is_not_between_us_cannot_be_asked_for(void **state)
{
    static const uint64_t one[][2] = {{0, 1}};
    struct rogue         *rogue = *state;
    struct origin_text    other = rogue->text;
    size_t                records = rogue->victim->record_count;

    other.text[other.len - 1] = other.text[other.len - 1] == '0' ? '1' : '0';
    ask(rogue, other.text, one, 1);
    rogue_assert_closed(rogue, records);
}

static void
too_many_ranges_or_the_same_twice_close(void **state)
{
    static uint64_t       many[LIMIT_RANGES + 1][2];
    static const uint64_t twice[][2] = {{0, 2}, {1, 1}};
    static const uint64_t back[][2] = {{1, 1}, {0, 1}};
    static const uint64_t all[][2] = {{0, UINT64_MAX}, {5, 1}};
    struct rogue         *rogue = *state;
    size_t                records;

    for (uint64_t i = 0; i <= LIMIT_RANGES; i++) {
        many[i][0] = 2 * i;
        many[i][1] = 1;
    }
    records = rogue->victim->record_count;
    ask(rogue, rogue_reads(rogue)->text.text,
        (const uint64_t(*)[2])many, LIMIT_RANGES);
    assert_false(rogue_is_closed(rogue));
    ask(rogue, rogue_reads(rogue)->text.text,
        (const uint64_t(*)[2])many, LIMIT_RANGES + 1);
    rogue_assert_closed(rogue, records);
    records = rogue->victim->record_count;
    ask(rogue, rogue_reads(rogue)->text.text, twice, 2);
    rogue_assert_closed(rogue, records);
    records = rogue->victim->record_count;
    ask(rogue, rogue_reads(rogue)->text.text, back, 2);
    rogue_assert_closed(rogue, records);
    records = rogue->victim->record_count;
    ask(rogue, rogue_reads(rogue)->text.text, all, 2);
    rogue_assert_closed(rogue, records);
}

static void
what_is_asked_for_beyond_our_log_is_not_sent(void **state)
{
    static const uint64_t beyond[][2] = {{1, 5}, {UINT64_MAX, UINT64_MAX}};
    struct rogue         *rogue = *state;

    (void)rogue_hear(rogue, ENTENTE__FRAME__KIND_BYE);
    ask(rogue, rogue_reads(rogue)->text.text, beyond, 2);
    assert_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_BODIES));
    assert_false(rogue_is_closed(rogue));
}

#define CASE(test)                                                             \
    cmocka_unit_test_setup_teardown(test, rogue_make_up, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(pieces_that_overlap_leave_a_gap_or_go_beyond_the_end_close),
        CASE(a_body_without_a_leaf_or_of_no_log_closes),
        CASE(a_body_that_is_here_or_was_refused_is_passed_over),
        CASE(a_wrong_body_is_asked_for_again_and_may_be_right_then),
        CASE(a_body_that_is_wrong_each_time_is_refused_and_kept_as_evidence),
        CASE(an_answer_that_is_wrong_each_time_is_not_answered),
        cmocka_unit_test(two_nodes_come_to_rest_over_a_body_that_is_spoiled),
        CASE(a_receipt_that_is_forged_or_of_what_was_never_signed_closes),
        CASE(an_older_receipt_changes_nothing),
        CASE(a_log_that_is_not_between_us_cannot_be_asked_for),
        CASE(too_many_ranges_or_the_same_twice_close),
        CASE(what_is_asked_for_beyond_our_log_is_not_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
