/*
 * test_restore.c - a journal that no node wrote is refused; it never ends the
 * process, whatever number stands in whichever record.
 */
#include "crypto/merkle.h"
#include "node/core/restore.h"
#include "tests/unit/duo.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 256 };

/* Records of node a, decoded; their bytes are the duo's. */
struct journal {
    struct duo   *duo;
    struct record list[LIST_MAX];
    size_t        count;
};

static void
load(struct journal *journal, size_t from)
{
    const struct duo_party *party = &journal->duo->a;

    journal->count = 0;
    for (size_t i = from; i < party->record_count; i++) {
        const struct duo_record *kept = &party->records[i];
        struct record           *record = &journal->list[journal->count++];

        assert_true(journal->count < LIST_MAX);
        assert_int_equal(
            record_decode((struct span){kept->bytes, kept->len}, record),
            STATUS_OK);
        record->secret = (struct span){kept->secret, kept->secret_len};
    }
}

/* Everything since the pairing; messages both ways, one of them waiting. */
static int
make(void **state)
{
    struct journal *journal = calloc(1, sizeof(*journal));

    journal->duo = duo_new();
    duo_pair(journal->duo);
    duo_submit(&journal->duo->a, "node2", 1, "ROUTINE", "tea?", "accepted");
    duo_submit(&journal->duo->b, "node1", 2, "FLASH", "tea!", "accepted");
    duo_run(journal->duo);
    duo_cut(journal->duo);
    duo_run(journal->duo);
    duo_submit(&journal->duo->a, "node2", 3, "ROUTINE", "waits", "queued");
    duo_run(journal->duo);
    load(journal, 0);
    *state = journal;
    return 0;
}

/* The same as one snapshot. */
static int
make_snapshot(void **state)
{
    const struct event event = {.kind = EVENT_SNAPSHOT};
    struct journal    *journal;
    size_t             before;

    make(state);
    journal = *state;
    before = journal->duo->a.record_count;
    duo_post(&journal->duo->a, &event);
    assert_true(duo_turn(&journal->duo->a));
    load(journal, before);
    return 0;
}

static int
drop(void **state)
{
    struct journal *journal = *state;

    duo_free(journal->duo);
    free(journal);
    return 0;
}

/* Comes up from these records, and takes a turn with a snapshot if it does. */
static enum status
replayed(const struct journal *journal)
{
    const struct duo_party *party = &journal->duo->a;
    const struct turn_input input = {1000, 1700000000000, {1}};
    const struct event      events[] = {{.kind = EVENT_TIMER},
                                        {.kind = EVENT_SNAPSHOT}};
    struct effects          effects;
    struct node            *node = NULL;
    enum status             st = node_new(&party->config, &node);

    for (size_t i = 0; st == STATUS_OK && i < party->key_count; i++)
        st = node_key(node, party->keys[i].kind, 1, party->keys[i].number,
                      party->keys[i].owner, &party->keys[i].secret);
    assert_int_equal(st, STATUS_OK);
    for (size_t i = 0; st == STATUS_OK && i < journal->count; i++)
        st = node_replay(node, &journal->list[i]);
    if (st == STATUS_OK)
        st = node_start(node);
    if (st == STATUS_OK) {
        effects_init(&effects);
        node_turn(node, &input, events, 2, &effects);
        effects_free(&effects);
    }
    node_free(node);
    return st;
}

static void
assert_lives(const struct journal *journal)
{
    enum status st = replayed(journal);

    if (st != STATUS_OK && st != STATUS_CORRUPT && st != STATUS_NOT_FOUND)
        assert_string_equal(status_name(st), "CORRUPT");
}

static void
what_a_node_wrote_is_taken(void **state)
{
    assert_string_equal(status_name(replayed(*state)), "OK");
}

static void
any_number_in_any_record_is_taken_or_refused(void **state)
{
    static const uint64_t values[] = {0, 1, 9000, UINT32_MAX, 1ull << 62,
                                      UINT64_MAX};
    struct journal       *journal = *state;

    for (size_t i = 0; i < journal->count; i++) {
        struct record *record = &journal->list[i];
        struct record  good = *record;
        uint64_t      *fields[] = {&record->index,  &record->first,
                                   &record->number, &record->size,
                                   &record->time,   &record->count};

        for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++)
            for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
                *fields[f] = values[v];
                assert_lives(journal);
                *record = good;
            }
        for (unsigned byte = 0; byte < 256; byte += 17) {
            record->state = (uint8_t)byte;
            assert_lives(journal);
            *record = good;
            record->precedence = (uint8_t)byte;
            assert_lives(journal);
            *record = good;
        }
        record->vault = UINT32_MAX;
        assert_lives(journal);
        *record = good;
    }
}

static void
a_record_that_is_missing_or_comes_twice_is_taken_or_refused(void **state)
{
    struct journal *journal = *state;

    for (size_t i = 0; i < journal->count; i++) {
        struct journal *other = malloc(sizeof(*other));

        *other = *journal;
        other->count--;
        memmove(&other->list[i], &other->list[i + 1],
                (other->count - i) * sizeof(other->list[0]));
        assert_lives(other);
        *other = *journal;
        other->count++;
        memmove(&other->list[i + 1], &journal->list[i],
                (journal->count - i) * sizeof(other->list[0]));
        assert_lives(other);
        free(other);
    }
}

static void
records_in_another_order_are_taken_or_refused(void **state)
{
    struct journal *journal = *state;

    for (size_t i = 0; i < journal->count; i++)
        for (size_t j = i + 1; j < journal->count; j += 3) {
            struct record kept = journal->list[i];

            journal->list[i] = journal->list[j];
            journal->list[j] = kept;
            assert_lives(journal);
            journal->list[j] = journal->list[i];
            journal->list[i] = kept;
        }
}

static void
a_peers_sealing_key_with_which_no_secret_is_shared_is_refused(void **state)
{
    struct journal *journal = *state;
    size_t          changed = 0;

    for (size_t i = 0; i < journal->count; i++) {
        struct record good = journal->list[i];

        if (good.kind != RECORD_SEALKEY || good.outgoing)
            continue;
        memset(journal->list[i].key, 0, LIMIT_KEY);
        assert_string_equal(status_name(replayed(journal)), "CORRUPT");
        journal->list[i] = good;
        changed++;
    }
    assert_true(changed > 0);
}

/* The frontier of a snapshot says how many leaves there are: far more than
 * can stand between what is whole and a head must not be believed. */
static void
a_frontier_far_beyond_what_is_whole_is_refused(void **state)
{
    struct journal        *journal = *state;
    struct merkle_frontier frontier = {.size = 1ull << 40};
    uint8_t                bytes[MERKLE_ENCODED_MAX];
    struct writer          out = writer_of(bytes, sizeof(bytes));
    size_t                 changed = 0;

    merkle_encode(&frontier, &out);
    for (size_t i = 0; i < journal->count; i++) {
        struct record good = journal->list[i];

        if (good.kind != RECORD_IN_CHANNEL)
            continue;
        journal->list[i].bytes = writer_span(&out);
        assert_string_equal(status_name(replayed(journal)), "CORRUPT");
        journal->list[i] = good;
        changed++;
    }
    assert_true(changed > 0);
}

/* Nothing of that log was committed: the record is all that names it. */
static void
a_log_whose_first_head_was_wrong_is_known_and_stopped(void **state)
{
    struct journal *journal = *state;
    struct record  *stopped = &journal->list[journal->count++];
    size_t          at = 0;

    while (journal->list[at].kind != RECORD_IN_HEAD)
        at++;
    *stopped = journal->list[at];
    stopped->kind = RECORD_STOPPED;
    stopped->origin.epoch = 7;
    stopped->size = 1;
    assert_string_equal(status_name(replayed(journal)), "OK");
    stopped->origin.sender.bytes[0] ^= 1;
    assert_string_equal(status_name(replayed(journal)), "CORRUPT");
}

#define JOURNAL(test) cmocka_unit_test_setup_teardown(test, make, drop)
#define SNAPSHOT(test)                                                         \
    cmocka_unit_test_setup_teardown(test, make_snapshot, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL(what_a_node_wrote_is_taken),
        SNAPSHOT(what_a_node_wrote_is_taken),
        JOURNAL(any_number_in_any_record_is_taken_or_refused),
        SNAPSHOT(any_number_in_any_record_is_taken_or_refused),
        JOURNAL(a_record_that_is_missing_or_comes_twice_is_taken_or_refused),
        SNAPSHOT(a_record_that_is_missing_or_comes_twice_is_taken_or_refused),
        JOURNAL(records_in_another_order_are_taken_or_refused),
        SNAPSHOT(records_in_another_order_are_taken_or_refused),
        JOURNAL(a_log_whose_first_head_was_wrong_is_known_and_stopped),
        JOURNAL(a_peers_sealing_key_with_which_no_secret_is_shared_is_refused),
        SNAPSHOT(a_peers_sealing_key_with_which_no_secret_is_shared_is_refused),
        SNAPSHOT(a_frontier_far_beyond_what_is_whole_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
