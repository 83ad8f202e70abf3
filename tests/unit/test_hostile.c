/* test_hostile.c - a paired peer that says, under its own good keys, whatever
 * comes to its mind: each seed is another such peer. */
#include "tests/unit/rogue_answer.h"

#include "node/core/link/inbound.h"

enum { SEEDS = 24, DEEDS = 250, ROOM = ROGUE_ENTRIES - 8 };

struct hostile {
    struct rogue *rogue;
    uint64_t      dice;
    unsigned      submitted;
};

static uint64_t
roll(struct hostile *hostile, uint64_t below)
{
    hostile->dice = hostile->dice * 6364136223846793005u + 1442695040888963407u;
    return (hostile->dice >> 33) % below;
}

/* Mostly near what is there, at times far from it. */
static uint64_t
about(struct hostile *hostile, uint64_t value)
{
    static const uint64_t far[] = {0, LIMIT_HEAD_AHEAD, LIMIT_TREE};

    if (roll(hostile, 8) == 0)
        return far[roll(hostile, 3)];
    return roll(hostile, value + 3);
}

/* --- what it says --------------------------------------------------------- */

static void
begins_an_epoch(struct hostile *hostile)
{
    struct rogue *rogue = hostile->rogue;
    uint64_t      number = rogue->origin.epoch + roll(hostile, 3);

    rogue_epoch(rogue, number, 1 + roll(hostile, 1000));
    if (roll(hostile, 8) != 0)
        rogue_announce(rogue, (uint32_t)roll(hostile, 4),
                       rogue->duo->a.node->first_contact.public_key);
}

static void
writes_an_entry(struct hostile *hostile)
{
    struct rogue *rogue = hostile->rogue;
    uint64_t      index;

    if (rogue->count >= ROOM)
        begins_an_epoch(hostile);
    index = rogue_seal(
        rogue, (enum entry_class)(CLASS_MESSAGE + roll(hostile, 5)),
        (enum precedence)(1 + roll(hostile, 6)), span_text("what is this?"));
    if (roll(hostile, 3) == 0) /* its digest is wrong, or it is no entry */
        rogue->entries[index].leaf[roll(hostile, LEAF_LEN)] ^=
            (uint8_t)(1 + roll(hostile, 255));
    if (roll(hostile, 3) == 0)
        rogue->entries[index].body[roll(hostile, 16)] ^= 1;
}

static void
says_leaves(struct hostile *hostile)
{
    struct rogue *rogue = hostile->rogue;
    const struct witness *witness = rogue_witness(rogue);
    uint64_t from = witness != NULL ? witness_staged(witness) : 0;

    if (roll(hostile, 10) == 0)
        from = roll(hostile, rogue->count + 1);
    if (from < rogue->count)
        rogue_say_leaves(rogue, from,
                         from + 1 + roll(hostile, rogue->count - from));
}

static void
says_a_head(struct hostile *hostile)
{
    struct rogue *rogue = hostile->rogue;
    const struct witness *witness = rogue_witness(rogue);
    struct head head = {.size = about(hostile, rogue->count)};

    if (witness != NULL && roll(hostile, 4) != 0)
        head.size = witness_staged(witness);
    if (head.size <= rogue->count)
        head = rogue_head_of(rogue, head.size);
    head.root.bytes[0] ^= roll(hostile, 20) == 0;
    rogue_say_head(rogue, &head);
}

static void
says_a_body(struct hostile *hostile)
{
    struct rogue         *rogue = hostile->rogue;
    const struct witness *witness = rogue_witness(rogue);
    const struct rogue_entry *entry;
    uint64_t                  index = roll(hostile, rogue->count + 1);

    if (witness != NULL && roll(hostile, 3) != 0)
        index = witness->whole;
    if (index >= rogue->count)
        return;
    entry = &rogue->entries[index];
    if (roll(hostile, 8) == 0)
        rogue_say_piece(rogue, about(hostile, rogue->count),
                        (uint32_t)about(hostile, entry->body_len),
                        (struct span){entry->body,
                                      roll(hostile, entry->body_len + 1)});
    else
        rogue_say_body(rogue, index);
}

static void
says_a_receipt(struct hostile *hostile)
{
    struct rogue         *rogue = hostile->rogue;
    const struct peer    *peer = rogue_peer(rogue);
    const struct channel *channel =
        peer->channels[roll(hostile, peer->channel_count)];
    struct head head = channel->head;

    if (roll(hostile, 4) == 0)
        head.size = about(hostile, head.size);
    if (channel->head_count > 0 && roll(hostile, 3) == 0)
        head = channel->heads[roll(hostile, channel->head_count)].head;
    rogue_say_cosigned(rogue, channel->text.text, &head);
}

static void
answers(struct hostile *hostile)
{
    struct rogue         *rogue = hostile->rogue;
    const struct channel *channel = rogue_reads(rogue);
    Entente__Answer       answer = ENTENTE__ANSWER__INIT;
    Entente__AnswerRange  range = ENTENTE__ANSWER_RANGE__INIT;
    Entente__AnswerRange *ranges[] = {&range};
    Entente__BadHead      bad = ENTENTE__BAD_HEAD__INIT;
    uint8_t               bytes[1024];
    Entente__EntryAnswer  entry = ENTENTE__ENTRY_ANSWER__INIT;
    Entente__Answer      *list[] = {&answer};

    if (rogue->count >= ROOM)
        return;
    answer.verdict = (Entente__Answer__Verdict)roll(hostile, 11);
    answer.origin = (char *)(uintptr_t)channel->text.text;
    range.first = about(hostile, channel->head.size);
    range.count = about(hostile, 2);
    if (answer.verdict == ENTENTE__ANSWER__VERDICT__BAD_HEAD) {
        bad.size = channel->head.size;
        bad.root = (ProtobufCBinaryData){
            LIMIT_DIGEST, (uint8_t *)(uintptr_t)channel->head.root.bytes};
        bad.signature = (ProtobufCBinaryData){
            LIMIT_SIGNATURE, (uint8_t *)(uintptr_t)channel->signature};
        answer.bad_head = &bad;
    } else {
        answer.n_ranges = 1;
        answer.ranges = ranges;
    }
    entry.n_answers = 1;
    entry.answers = list;
    (void)rogue_seal(
        rogue, CLASS_ANSWER, PRECEDENCE_ROUTINE,
        (struct span){bytes, entente__entry_answer__pack(&entry, bytes)});
}

static void
asks(struct hostile *hostile)
{
    struct rogue   *rogue = hostile->rogue;
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Fetch  fetch = ENTENTE__FETCH__INIT;
    Entente__Range  range = ENTENTE__RANGE__INIT;
    Entente__Range *ranges[] = {&range};

    fetch.origin = (char *)(uintptr_t)rogue_reads(rogue)->text.text;
    fetch.leaves = roll(hostile, 2) == 0;
    fetch.leaves_from = about(hostile, rogue_reads(rogue)->head.size);
    range.first = about(hostile, rogue_reads(rogue)->head.size);
    range.count = about(hostile, 5);
    fetch.n_bodies = roll(hostile, 2);
    fetch.bodies = ranges;
    frame.kind_case = ENTENTE__FRAME__KIND_FETCH;
    frame.fetch = &fetch;
    rogue_say(rogue, &frame);
}

/* --- what the victim does meanwhile --------------------------------------- */

static void
lives(struct hostile *hostile)
{
    struct duo_party *victim = hostile->rogue->victim;
    struct event      timer = {.kind = EVENT_TIMER};
    struct event      snapshot = {.kind = EVENT_SNAPSHOT};

    switch (roll(hostile, 8)) {
    case 0: duo_restart(victim); break;
    case 1: duo_post(victim, &snapshot); break;
    case 2:
        victim->now_ms += roll(hostile, LIMIT_EPOCH_MS);
        duo_post(victim, &timer);
        break;
    default:
        duo_submit(victim, "node1", 500 + hostile->submitted++, "ROUTINE",
                   "tea?", NULL);
    }
    while (duo_turn(victim))
        continue;
    duo_forget_told(victim);
}

/* Whole, committed and known leaves stand in this order, whatever was said. */
static void
logs_are_sound(const struct rogue *rogue)
{
    const struct peer *peer = rogue_peer(rogue);

    assert_in_range(peer->channel_count, 1, 2 * LIMIT_EPOCHS);
    for (size_t i = 0; i < peer->witness_count; i++) {
        const struct witness *witness = peer->witnesses[i];

        assert_true(witness->cosigned.size <= witness->whole);
        assert_true(witness->whole <= witness->head.size);
        assert_true(witness->head.size <= witness_staged(witness));
        assert_true(witness->head_count <= witness->head.size);
        assert_true(witness->batch_count <= witness->leaf_count + 1);
    }
}

/* What it holds is what it saved. */
static void
restarts_agree(const struct rogue *rogue)
{
    struct node *all = duo_node(rogue->victim, DUO_ALL);
    struct node *from = duo_node(rogue->victim, DUO_SNAPSHOT);

    duo_same_state(rogue->victim->node, all);
    duo_same_state(all, from);
    node_free(all);
    node_free(from);
}

static void
does(struct hostile *hostile)
{
    static void (*const deeds[])(struct hostile *) = {
        writes_an_entry, writes_an_entry, says_leaves,    says_leaves,
        says_a_head,     says_a_head,     says_a_body,    says_a_body,
        says_a_body,     says_a_receipt,  begins_an_epoch, answers,
        asks,            lives};
    struct rogue *rogue = hostile->rogue;

    if (rogue_is_closed(rogue)) {
        rogue->victim->now_ms += 1000;
        rogue_open(rogue);
    }
    if (rogue_is_closed(rogue))
        return;
    deeds[roll(hostile, sizeof(deeds) / sizeof(deeds[0]))](hostile);
    logs_are_sound(rogue);
}

static void
whatever_a_paired_peer_says_the_node_is_sound_and_its_journal_too(void **state)
{
    static const enum record_kind kinds[] = {
        RECORD_IN_ENTRY, RECORD_IN_COSIGNED, RECORD_OUT_COSIGNED,
        RECORD_VERDICT,  RECORD_STOPPED,     RECORD_ALARM,
        RECORD_SNAPSHOT};
    enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };
    size_t met[KINDS] = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct hostile hostile = {.rogue = rogue_up(), .dice = seed};

        for (unsigned i = 0; i < DEEDS; i++)
            does(&hostile);
        restarts_agree(hostile.rogue);
        for (size_t i = 0; i < KINDS; i++)
            met[i] += duo_count_records(hostile.rogue->victim, kinds[i]);
        rogue_free(hostile.rogue);
    }
    for (size_t i = 0; i < KINDS; i++) /* it came to all of them */
        assert_true(met[i] > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            whatever_a_paired_peer_says_the_node_is_sound_and_its_journal_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
