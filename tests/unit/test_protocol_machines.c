/*
 * test_protocol_machines.c - the state machines of PROTOCOL.md, each cell of
 * their tables tried on the code: by a pure function where there is one, else
 * on a node whose peer keeps no rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/protocol_page.h"
#include "tests/unit/rogue_answer.h"

#include "message.pb-c.h"
#include "node/core/link/session.h"
#include "node/store/standing.h"
#include "proto/answers.h"
#include "proto/numbered.h"

/* --- 8.1 and 8.2: states of a message ------------------------------------- */

/* The state that this word names. */
static enum message_state
state_named(const char *word)
{
    for (unsigned i = 1; i <= STATE_LAST; i++)
        if (strcmp(state_word(i), word) == 0)
            return (enum message_state)i;
    fail_msg("PROTOCOL.md: %s is no state", word);
    return STATE_NONE;
}

static void
a_state_replaces_one_of_its_own_rank_or_a_lower_one(void **state)
{
    struct page_table table = page_table("states");
    struct page_cells row;
    unsigned long     ranks[STATE_LAST + 1] = {0};

    (void)state;
    while (page_next_row(&table, 3, &row))
        ranks[state_named(row.at[1])] = strtoul(row.at[2], NULL, 10);
    for (unsigned before = 1; before <= STATE_LAST; before++)
        for (unsigned came = 1; came <= STATE_LAST; came++)
            if (standing_after((enum message_state)before,
                               (enum message_state)came) !=
                (ranks[came] >= ranks[before] ? came : before))
                fail_msg("PROTOCOL.md, table states: %s after %s",
                         state_word(came), state_word(before));
}

static void
a_verdict_makes_of_a_message_what_the_page_says(void **state)
{
    const ProtobufCEnumDescriptor *verdicts =
        &entente__answer__verdict__descriptor;
    struct page_table table = page_table("sender");
    struct page_cells row;

    (void)state;
    for (int i = 0; i < 3; i++) /* before there is an answer */
        assert_true(page_next_row(&table, 2, &row));
    for (unsigned i = 1; i < verdicts->n_values; i++) {
        enum message_state became =
            answers_state((Entente__Answer__Verdict)verdicts->values[i].value);

        if (became != STATE_NONE)
            page_row(&table, "%s | %s", verdicts->values[i].name,
                     state_word(became));
    }
    page_table_end(&table);
}

/* --- 8.3: what R makes of an entry ---------------------------------------- */

static void
say_note(struct rogue *rogue, uint64_t number)
{
    static uint8_t  bytes[LIMIT_BODY];
    struct duo_note note = {.id = 1, .precedence = "ROUTINE",
                            .subject = "tea?"};
    size_t          len = duo_pack_note(&rogue->duo->a, &note, bytes);
    struct writer   behind = writer_of(bytes + len, NUMBERED_ROOM);

    if (number > 0)
        numbered_put(&behind, number);
    rogue_say_all(rogue, rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                                    (struct span){bytes, len + behind.len}));
}

static void
say_good(struct rogue *rogue)
{
    say_note(rogue, 1);
}

static void
say_without_number(struct rogue *rogue)
{
    say_note(rogue, 0);
}

static void
say_sealed_to_nobody(struct rogue *rogue)
{
    uint64_t index = rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                                span_text("no message"));

    rogue->entries[index].leaf[11] ^= 9; /* the sealing key */
    rogue_digest_again(rogue);
    rogue_say_all(rogue, index);
}

static void
say_of_no_class(struct rogue *rogue)
{
    uint64_t index = rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                                span_text("no message"));

    rogue->entries[index].leaf[2] = CLASS_LAST + 1;
    rogue_say_all(rogue, index);
}

/* The state that the newest entry got: its own, or that of a verdict. */
static enum message_state
state_given(const struct rogue *rogue)
{
    size_t entries = duo_count_records(rogue->victim, RECORD_IN_ENTRY);
    size_t verdicts = duo_count_records(rogue->victim, RECORD_VERDICT);
    struct record last = duo_record(rogue->victim, RECORD_IN_ENTRY,
                                    entries - 1);

    if (last.index != rogue->count - 1)
        last = duo_record(rogue->victim, RECORD_VERDICT, verdicts - 1);
    assert_int_equal(last.index, rogue->count - 1);
    return (enum message_state)last.state;
}

static void
an_entry_gets_its_state_and_answer(void **state)
{
    static void (*const say[])(struct rogue *) = {
        say_good, say_without_number, say_sealed_to_nobody, say_of_no_class};
    struct page_table table = page_table("recipient");
    struct page_cells row;

    (void)state;
    for (size_t i = 0; i < sizeof(say) / sizeof(say[0]); i++) {
        struct rogue *rogue = rogue_up();
        const char   *verdict;

        say[i](rogue);
        assert_true(page_next_row(&table, 3, &row));
        assert_string_equal(state_word(state_given(rogue)), row.at[1]);
        verdict = entente__answer__verdict__descriptor
                      .values[rogue_answered(rogue).verdict].name;
        assert_int_equal(strncmp(row.at[2], verdict, strlen(verdict)), 0);
        rogue_free(rogue);
    }
    page_row(&table, "a person sees the body for the first time | %s | READ",
             state_word(answers_state(ENTENTE__ANSWER__VERDICT__READ)));
    page_table_end(&table);
}

/* --- 6.6: the session chain, and two links -------------------------------- */

static const uint8_t *
value_named(const char *cell, const uint8_t *confirmed, const uint8_t *pending,
            const struct rogue *rogue)
{
    if (strcmp(cell, "as it was") == 0)
        return confirmed;
    if (strcmp(cell, "our pending") == 0)
        return pending;
    assert_string_equal(cell, "this session");
    return rogue->hash.bytes;
}

/* A Hello that names these two of {our pending, our confirmed, another}. */
static void
try_hello(int one, int other)
{
    static const uint8_t values[3][LIMIT_DIGEST] = {{1}, {2}, {3}};
    struct rogue        *rogue = rogue_new();
    struct peer         *peer = rogue_peer(rogue);
    struct page_table    table = page_table("session chain");
    struct page_cells    row;
    bool                 alarm;

    memcpy(peer->pending, values[0], LIMIT_DIGEST);
    memcpy(peer->confirmed, values[1], LIMIT_DIGEST);
    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, values[one], values[other]);
    for (int i = 0; i <= (one < other ? one : other); i++)
        assert_true(page_next_row(&table, 4, &row));
    assert_memory_equal(peer->confirmed,
                        value_named(row.at[1], values[1], values[0], rogue),
                        LIMIT_DIGEST);
    assert_memory_equal(peer->pending,
                        value_named(row.at[2], values[1], values[0], rogue),
                        LIMIT_DIGEST);
    alarm = strcmp(row.at[3], "alarm, new epoch") == 0;
    assert_true(alarm || strcmp(row.at[3], "nothing") == 0);
    assert_int_equal(rogue_alarms(rogue), alarm);
    assert_int_equal(rogue_reads(rogue)->origin.epoch, alarm ? 2 : 1);
    rogue_free(rogue);
}

static void
a_hello_moves_the_chain(void **state)
{
    (void)state;
    for (int one = 0; one < 3; one++)
        for (int other = 0; other < 3; other++)
            try_hello(one, other);
}

static void
of_two_links_one_stays(void **state)
{
    static const char *const ids[] = {"the higher id", "the lower id"};
    struct page_table        table = page_table("two links");

    (void)state;
    for (int current = 1; current >= 0; current--)
        for (int newer = 1; newer >= 0; newer--)
            page_row(&table, "%s | %s | %s", ids[current], ids[newer],
                     session_stays(current == 1, newer == 1) ? "current"
                                                             : "newer");
    page_table_end(&table);
}

/* --- 7.5: a log and its reader -------------------------------------------- */

enum reader_input {
    HEAD_RIGHT, HEAD_BAD, HEAD_FORK, LINK_ENDS, STARTS, INPUTS
};

static void
input_head(struct rogue *rogue, enum reader_input input)
{
    uint64_t    size = rogue_witness(rogue)->head.size;
    struct head head = rogue_head_of(rogue, size + (input != HEAD_FORK));

    if (input != HEAD_RIGHT)
        head.root.bytes[0] ^= 1;
    if (input != HEAD_FORK)
        rogue_say_leaves(rogue, size, size + 1);
    rogue_say_head(rogue, &head);
    assert_false(rogue_is_closed(rogue));
}

static void
input_to_reader(struct rogue *rogue, enum reader_input input)
{
    if (input == STARTS)
        duo_restart(rogue->victim);
    else if (input == LINK_ENDS)
        rogue_open(rogue);
    else
        input_head(rogue, input);
}

static const char *
reader_state(const struct rogue *rogue)
{
    const struct witness *witness = rogue_witness(rogue);

    if (witness->stopped)
        return "stopped";
    return witness->refetched ? "doubted" : "good";
}

static void
a_log_is_good_doubted_or_stopped(void **state)
{
    struct page_table table = page_table("reader");
    struct page_cells row;

    (void)state;
    for (int from = 0; from < 3; from++) {
        assert_true(page_next_row(&table, 1 + INPUTS, &row));
        for (int input = 0; input < INPUTS; input++) {
            struct rogue *rogue = rogue_up();

            for (unsigned i = 0; i < 3; i++)
                (void)rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                                 span_text("no message"));
            for (int i = 0; i < from; i++)
                input_head(rogue, HEAD_BAD);
            assert_string_equal(reader_state(rogue), row.at[0]);
            input_to_reader(rogue, (enum reader_input)input);
            if (strcmp(reader_state(rogue), row.at[1 + input]) != 0)
                fail_msg("PROTOCOL.md, table reader: %s, input %d gives %s",
                         row.at[0], input, reader_state(rogue));
            rogue_free(rogue);
        }
    }
    page_table_end(&table);
}

/* --- 6.9: a body and its reader ------------------------------------------- */

enum body_input {
    BEGINS, GOES_ON, ENDS_RIGHT, ENDS_WRONG, WRONG_AGAIN, MISPLACED, ANOTHER,
    RESTART, BODY_INPUTS
};
enum { BODY = 1, OTHER = 2, PIECE = 10 }; /* indexes; bytes */

static void
say_piece(struct rogue *rogue, uint64_t index, size_t from, size_t to,
          bool wrong)
{
    uint8_t bytes[256];

    assert_true(to <= sizeof(bytes) && to <= rogue->entries[index].body_len);
    memcpy(bytes, rogue->entries[index].body, to);
    bytes[to - 1] ^= wrong ? 1 : 0;
    rogue_say_piece(rogue, index, (uint32_t)from,
                    (struct span){bytes + from, to - from});
}

static void
input_to_body(struct rogue *rogue, enum body_input input, bool begun)
{
    size_t len = rogue->entries[BODY].body_len;

    switch (input) {
    case BEGINS: say_piece(rogue, BODY, 0, PIECE, false); break;
    case GOES_ON: say_piece(rogue, BODY, PIECE, 2 * PIECE, false); break;
    case MISPLACED: say_piece(rogue, BODY, PIECE + 1, len, false); break;
    case ANOTHER: say_piece(rogue, OTHER, 0, PIECE, false); break;
    case RESTART: duo_restart(rogue->victim); break;
    default:
        say_piece(rogue, BODY, begun ? PIECE : 0, len, input != ENDS_RIGHT);
    }
}

static const char *
body_state(const struct rogue *rogue)
{
    const struct witness  *witness = rogue_witness(rogue);
    const struct assembly *begun = &witness->assembly[PRECEDENCE_ROUTINE];

    if (witness_wanted(witness, BODY) == NULL)
        return duo_count_records(rogue->victim, RECORD_VERDICT) > 0 ? "refused"
                                                                    : "here";
    return begun->have > 0 && begun->index == BODY ? "partly" : "missing";
}

/* In the state that a row is of, wrong so often before. */
static struct rogue *
body_in(const char *state, int wrong)
{
    struct rogue *rogue = rogue_up();
    struct head   head;

    for (unsigned i = 0; i < 2; i++)
        (void)rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                         span_text("neither fish nor fowl"));
    head = rogue_head_of(rogue, rogue->count);
    rogue_say_leaves(rogue, BODY, rogue->count);
    rogue_say_head(rogue, &head);
    if (strcmp(state, "refused") == 0)
        wrong = LIMIT_BODY_TRIES;
    for (int i = 0; i < wrong; i++)
        input_to_body(rogue, ENDS_WRONG, false);
    if (strcmp(state, "partly") == 0)
        input_to_body(rogue, BEGINS, false);
    if (strcmp(state, "here") == 0)
        input_to_body(rogue, ENDS_RIGHT, false);
    assert_string_equal(body_state(rogue), state);
    return rogue;
}

static void
a_body_comes_in_pieces_or_is_refused(void **state)
{
    struct page_table table = page_table("bodies");
    struct page_cells row;
    size_t            rows = 0;

    (void)state;
    for (; page_next_row(&table, 1 + BODY_INPUTS, &row); rows++) {
        bool begun = strcmp(row.at[0], "partly") == 0;

        for (int input = 0; input < BODY_INPUTS; input++) {
            struct rogue *rogue = body_in(
                row.at[0], input == WRONG_AGAIN ? LIMIT_BODY_TRIES - 1 : 0);
            const char *became;

            input_to_body(rogue, (enum body_input)input, begun);
            became = input != RESTART && rogue_is_closed(rogue)
                         ? "CLOSED"
                         : body_state(rogue);
            if (strcmp(became, row.at[1 + input]) != 0)
                fail_msg("PROTOCOL.md, table bodies: %s, input %d gives %s",
                         row.at[0], input, became);
            rogue_free(rogue);
        }
    }
    assert_int_equal(rows, 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_replaces_one_of_its_own_rank_or_a_lower_one),
        cmocka_unit_test(a_verdict_makes_of_a_message_what_the_page_says),
        cmocka_unit_test(an_entry_gets_its_state_and_answer),
        cmocka_unit_test(a_hello_moves_the_chain),
        cmocka_unit_test(of_two_links_one_stays),
        cmocka_unit_test(a_log_is_good_doubted_or_stopped),
        cmocka_unit_test(a_body_comes_in_pieces_or_is_refused),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, page_open, page_close)
               : 1;
}
