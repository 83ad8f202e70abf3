/*
 * test_disclose.c - evidence takes the keys of one message and of what
 * answers it out of the node, and no other.
 */
#include "tests/unit/asking.h"
#include "tests/unit/rogue_answer.h"

#include "crypto/seal.h"
#include "node/core/log/disclose.h"
#include "proto/strict.h"

enum { CLIENT = 7, MANY = 300 }; /* with 2000 bytes each: some pages */

/* b acknowledges its first message from a so many times, an entry each. */
static void
acknowledge(struct duo *duo, size_t times)
{
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__AnswerRequest answer = ENTENTE__ANSWER_REQUEST__INIT;

    answer.ref = asking_text("node1/1");
    answer.verdict = asking_text("acknowledged");
    answer.text = asking_text("with milk");
    request.id = 1;
    request.kind_case = ENTENTE__REQUEST__KIND_ANSWER;
    request.answer = &answer;
    for (; times > 0; times--) {
        asking_post(&duo->b, CLIENT, &request);
        duo_run(duo);
    }
}

/* a sent two messages to b; b acknowledged the first. */
static int
make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", NULL);
    duo_run(duo);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "at four", NULL);
    duo_run(duo);
    acknowledge(duo, 1);
    duo_forget_told(&duo->a);
    duo_forget_told(&duo->b);
    *state = duo;
    return 0;
}

static void
post(struct duo_party *party, const char *ref, bool withhold)
{
    Entente__Request         request = ENTENTE__REQUEST__INIT;
    Entente__EvidenceRequest evidence = ENTENTE__EVIDENCE_REQUEST__INIT;

    evidence.ref = asking_text(ref);
    evidence.withhold = withhold;
    request.id = 2;
    request.kind_case = ENTENTE__REQUEST__KIND_EVIDENCE;
    request.evidence = &evidence;
    duo_forget_told(party);
    asking_post(party, CLIENT, &request);
}

static void
ask(struct duo *duo, struct duo_party *party, const char *ref, bool withhold)
{
    post(party, ref, withhold);
    duo_run(duo);
}

/* The n-th answer to it. */
static const Entente__EvidenceResponse *
told(const struct duo_party *party, size_t n)
{
    for (size_t i = 0; i < party->told_count; i++) {
        const Entente__Response *response = party->told[i].response;

        if (party->told[i].client != CLIENT || response->id != 2 || n-- > 0)
            continue;
        assert_int_equal(response->kind_case,
                         ENTENTE__RESPONSE__KIND_EVIDENCE);
        return response->evidence;
    }
    fail_msg("not so many answers");
    return NULL;
}

/* What the key that came with an entry opens; ended by a zero byte. */
static size_t
opened(const Entente__EvidenceResponse *evidence, enum entry_class class,
       uint8_t *out)
{
    const Entente__LogEntry *entry = evidence->entry;
    struct secret32          key;
    struct leaf              leaf;
    size_t                   len = 0;

    assert_non_null(entry);
    assert_int_equal(evidence->content_key.len, LIMIT_KEY);
    memcpy(key.bytes, evidence->content_key.data, LIMIT_KEY);
    assert_int_equal(
        leaf_decode((struct span){entry->leaf.data, entry->leaf.len}, &leaf),
        STATUS_OK);
    assert_int_equal(leaf.class, class);
    assert_int_equal(
        seal_open(&key, span_text(evidence->origin), entry->index, &leaf,
                  (struct span){entry->body.data, entry->body.len}, out, &len),
        STATUS_OK);
    out[len] = '\0';
    return len;
}

/* From this side: the message, the two answers that name it, and the end. */
static void
assert_disclosed(struct duo *duo, struct duo_party *party, const char *ref)
{
    uint8_t plain[4096];
    size_t  len;

    ask(duo, party, ref, false);
    asking_ended(party, CLIENT, 2, ENTENTE__RESPONSE__KIND_EVIDENCE);
    assert_int_equal(asking_count(party, CLIENT, 2, false), 4);
    len = opened(told(party, 0), CLASS_MESSAGE, plain);
    assert_non_null(memmem(plain, len, "tea?", 4));
    assert_string_equal(told(party, 0)->peer,
                        party == &duo->a ? "node2" : "node1");
    len = opened(told(party, 1), CLASS_ANSWER, plain);
    assert_null(memmem(plain, len, "with milk", 9));
    len = opened(told(party, 2), CLASS_ANSWER, plain);
    assert_non_null(memmem(plain, len, "with milk", 9));
    assert_string_equal(told(party, 3)->origin, "");
    assert_null(told(party, 3)->entry);
}

static void
both_sides_can_take_out_a_message_and_what_answers_it(void **state)
{
    struct duo *duo = *state;

    assert_disclosed(duo, &duo->a, "node2/s1");
    assert_disclosed(duo, &duo->b, "node1/1");
}

static void
another_message_has_its_own_key_and_answers(void **state)
{
    struct duo *duo = *state;
    uint8_t     plain[4096];
    size_t      len;
    uint8_t     first[LIMIT_KEY];

    ask(duo, &duo->a, "node2/s1", false);
    memcpy(first, told(&duo->a, 0)->content_key.data, LIMIT_KEY);
    ask(duo, &duo->a, "node2/s2", false);
    assert_int_equal(asking_count(&duo->a, CLIENT, 2, false), 3);
    len = opened(told(&duo->a, 0), CLASS_MESSAGE, plain);
    assert_non_null(memmem(plain, len, "at four", 7));
    assert_memory_not_equal(first, told(&duo->a, 0)->content_key.data,
                            LIMIT_KEY);
}

static void
what_is_withheld_does_not_leave_the_node(void **state)
{
    struct duo *duo = *state;

    ask(duo, &duo->a, "node2/s1", true);
    asking_ended(&duo->a, CLIENT, 2, ENTENTE__RESPONSE__KIND_EVIDENCE);
    assert_int_equal(asking_count(&duo->a, CLIENT, 2, false), 2);
    assert_int_equal(told(&duo->a, 0)->content_key.len, 0);
    assert_true(told(&duo->a, 0)->entry->body.len > 0);
}

static void
answers_above_the_limit_are_counted_and_stay(void **state)
{
    struct duo *duo = *state;

    acknowledge(duo, LIMIT_EVIDENCE_ANSWERS);
    ask(duo, &duo->a, "node2/s1", false);
    assert_int_equal(asking_count(&duo->a, CLIENT, 2, false),
                     1 + LIMIT_EVIDENCE_ANSWERS + 1);
    assert_int_equal(told(&duo->a, 1 + LIMIT_EVIDENCE_ANSWERS)->answers,
                     2 + LIMIT_EVIDENCE_ANSWERS);
    ask(duo, &duo->a, "node2/s1", true);
    assert_int_equal(asking_count(&duo->a, CLIENT, 2, false), 2);
    assert_int_equal(told(&duo->a, 1)->answers, 2 + LIMIT_EVIDENCE_ANSWERS);
}

/* Else a peer could keep us from proving what it received. */
static void
an_answer_in_which_nothing_counts_is_not_among_them(void **state)
{
    struct rogue          *rogue = rogue_up();
    Entente__Answer        said = ENTENTE__ANSWER__INIT;
    Entente__AnswerRange   range = ENTENTE__ANSWER_RANGE__INIT;
    Entente__AnswerRange  *ranges[LIMIT_RANGES + 1];

    (void)state;
    rogue_is_written_to(rogue, 1);
    range.first = range.count = 1;
    for (size_t i = 0; i <= LIMIT_RANGES; i++)
        ranges[i] = &range;
    said.origin = rogue_reads(rogue)->text.text;
    said.ranges = ranges;
    said.n_ranges = 1;
    said.verdict = ENTENTE__ANSWER__VERDICT__BAD_HEAD;
    rogue_say_answers(rogue, &said, NULL);
    said.verdict = ENTENTE__ANSWER__VERDICT__ACCEPTED;
    said.n_ranges = LIMIT_RANGES + 1;
    rogue_say_answers(rogue, &said, NULL);
    said.n_ranges = LIMIT_RANGES;
    rogue_say_answers(rogue, &said, NULL);
    post(rogue->victim, "node1/s1", false);
    while (duo_turn(rogue->victim))
        continue;
    assert_int_equal(asking_count(rogue->victim, CLIENT, 2, false), 3);
    assert_int_equal(told(rogue->victim, 1)->entry->index, 3);
    assert_int_equal(told(rogue->victim, 2)->answers, 1);
    rogue_free(rogue);
}

/* More entries than one page holds come before the answer. */
static void
an_answer_is_found_behind_many_others(void **state)
{
    struct duo     *duo = *state;
    uint8_t         plain[4096];
    static char     text[2001];
    struct duo_note note = {.to = "node1", .precedence = "ROUTINE",
                            .subject = "more", .text = text};

    memset(text, 'x', sizeof(text) - 1);
    for (unsigned i = 0; i < MANY; i++) {
        note.id = 10 + i;
        duo_submit_note(&duo->b, &note);
        if (i % 16 == 0)
            duo_run(duo);
    }
    duo_run(duo);
    duo_submit(&duo->a, "node2", 3, "ROUTINE", "late", NULL);
    duo_run(duo);
    ask(duo, &duo->a, "node2/s3", false);
    assert_int_equal(asking_count(&duo->a, CLIENT, 2, false), 3);
    (void)opened(told(&duo->a, 1), CLASS_ANSWER, plain);
}

static void
what_has_not_left_or_is_not_there_is_refused(void **state)
{
    struct duo *duo = *state;

    ask(duo, &duo->a, "node2/s9", false);
    asking_refused(&duo->a, CLIENT, 2, "NOT_FOUND", "ref");
    ask(duo, &duo->a, "node3/1", false);
    asking_refused(&duo->a, CLIENT, 2, "NOT_FOUND", "ref");
    ask(duo, &duo->a, "x", false);
    asking_refused(&duo->a, CLIENT, 2, "BAD_FIELD", "ref");
    duo_cut(duo);
    duo->a.reachable = duo->b.reachable = false;
    duo_run(duo);
    duo_submit(&duo->a, "node2", 4, "ROUTINE", "waits", NULL);
    duo_run(duo);
    ask(duo, &duo->a, "q/1", false);
    assert_non_null(strstr(
        asking_refused(&duo->a, CLIENT, 2, "BAD_STATE", "ref"), "not left"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_sides_can_take_out_a_message_and_what_answers_it),
        TEST(another_message_has_its_own_key_and_answers),
        TEST(what_is_withheld_does_not_leave_the_node),
        TEST(answers_above_the_limit_are_counted_and_stay),
        cmocka_unit_test(an_answer_in_which_nothing_counts_is_not_among_them),
        TEST(an_answer_is_found_behind_many_others),
        TEST(what_has_not_left_or_is_not_there_is_refused),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}
