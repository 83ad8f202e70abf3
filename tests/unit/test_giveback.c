#include "tests/unit/duo.h"

#include "node/core/recovery/giveback.h"
#include "node/core/roster.h"

#include <string.h>

static bool
nothing_leaves(struct duo_party *party, struct span frame)
{
    (void)party;
    (void)frame;
    return false;
}

/* Two messages are entries of an epoch that b hears nothing of. */
static int
make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    duo->a.tap = nothing_leaves;
    duo->a.node->peers[0]->channels[0]->window[0].sample[0] =
        (struct window_sample){duo->a.now_ms, duo->a.now_ms, 1 << 20};
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "first", "received");
    duo_submit(&duo->a, "node2", 2, "PRIORITY", "second", NULL);
    duo_run(duo);
    assert_int_equal(duo_count_records(&duo->a, RECORD_OUT_ENTRY), 3);
    duo->a.tap = NULL;
    duo->a.reachable = false; /* a dials, b is called */
    *state = duo;
    return 0;
}

/* b forgets all sessions, as after an old backup: both open a new epoch. */
static void
lose_the_chain(struct duo *duo)
{
    struct peer *peer = duo->b.node->peers[0];

    duo_cut(duo);
    memset(peer->confirmed, 7, sizeof(peer->confirmed));
    memset(peer->pending, 8, sizeof(peer->pending));
}

/* Entries of messages that arrived at b, in order. */
static struct record
arrived(const struct duo *duo, size_t n)
{
    size_t count = duo_count_records(&duo->b, RECORD_IN_ENTRY);

    for (size_t i = 0; i < count; i++) {
        struct record record = duo_record(&duo->b, RECORD_IN_ENTRY, i);

        if (record.number > 0 && n-- == 0)
            return record;
    }
    fail_msg("no such message");
    return (struct record){0};
}

static size_t
arrivals(const struct duo *duo)
{
    size_t count = 0;

    for (size_t i = 0; i < duo_count_records(&duo->b, RECORD_IN_ENTRY); i++)
        count += duo_record(&duo->b, RECORD_IN_ENTRY, i).number > 0;
    return count;
}

static void
what_was_not_receipted_is_sent_again_in_the_next_epoch(void **state)
{
    struct duo *duo = *state;

    lose_the_chain(duo);
    duo_wait(duo, 60000);
    assert_int_equal(arrivals(duo), 2);
    assert_int_equal(arrived(duo, 0).origin.epoch, 2);
    assert_int_equal(arrived(duo, 1).origin.epoch, 2);
    assert_int_equal(duo->a.node->peers[0]->outbox.count, 0);
}

static void
a_message_keeps_its_id_and_its_number(void **state)
{
    struct duo *duo = *state;

    lose_the_chain(duo);
    duo_wait(duo, 60000);
    for (size_t i = 0; i < 2; i++) {
        struct record before = duo_record(&duo->a, RECORD_OUT_ENTRY, i + 1);

        assert_memory_equal(arrived(duo, i).id.bytes, before.id.bytes,
                            LIMIT_MESSAGE_ID);
        assert_int_equal(arrived(duo, i).number, before.number);
    }
    assert_int_equal(duo->a.node->peers[0]->number, 2);
}

static void
what_was_receipted_is_not_sent_again(void **state)
{
    struct duo *duo = *state;

    duo_cut(duo);
    duo_wait(duo, 60000);
    assert_int_equal(arrivals(duo), 2);
    lose_the_chain(duo);
    duo_wait(duo, 60000);
    assert_int_equal(duo->a.node->peers[0]->channel_count, 2);
    assert_int_equal(arrivals(duo), 2);
}

static void
who_follows_a_message_follows_it_into_the_next_epoch(void **state)
{
    struct duo *duo = *state;

    lose_the_chain(duo);
    duo_wait(duo, 60000);
    assert_string_equal(
        duo_last(&duo->a, ENTENTE__RESPONSE__KIND_SUBMIT)->submit->state,
        "received");
}

static void
a_start_gives_back_what_was_not_given_back_before_it(void **state)
{
    struct duo *duo = *state;

    lose_the_chain(duo);
    duo->a.loads_held = true;
    duo_wait(duo, 60000);
    assert_int_equal(duo->a.node->peers[0]->channel_count, 2);
    assert_int_equal(arrivals(duo), 0);
    duo_restart(&duo->a);
    duo->a.loads_held = false;
    duo_wait(duo, 60000);
    assert_int_equal(arrivals(duo), 2);
}

static void
two_answers_of_one_portion_give_back_once(void **state)
{
    struct duo     *duo = *state;
    struct duo_held first;

    lose_the_chain(duo);
    duo->a.loads_held = true;
    duo_wait(duo, 60000);
    first = duo->a.held[0];
    assert_int_equal(first.query.kind, QUERY_ENTRIES);
    duo->a.loads_held = false;
    duo_release(&duo->a);
    duo_load(&duo->a, first.token, &first.query, SPAN_EMPTY);
    duo_wait(duo, 60000);
    assert_int_equal(arrivals(duo), 2);
}

/* The receipt was under way when the epoch was closed. */
static void
what_was_receipted_meanwhile_is_not_given_back(void **state)
{
    struct duo     *duo = *state;
    struct channel *closed;

    lose_the_chain(duo);
    duo->a.loads_held = true;
    duo_wait(duo, 60000);
    closed = duo->a.node->peers[0]->channels[0];
    closed->cosigned = closed->head;
    duo->a.loads_held = false;
    duo_release(&duo->a);
    duo_wait(duo, 60000);
    assert_int_equal(arrivals(duo), 0);
    assert_int_equal(closed->given_back, 3);
}

static void
a_message_that_cannot_be_read_is_passed_over_with_an_alarm(void **state)
{
    struct duo *duo = *state;

    for (size_t i = 0; i < duo->a.record_count; i++)
        if (duo->a.records[i].bytes[0] == RECORD_OUT_ENTRY &&
            duo->a.records[i].secret_len > 0) {
            duo->a.records[i].secret[0] ^= 1; /* of the first message */
            break;
        }
    lose_the_chain(duo);
    duo_wait(duo, 60000);
    assert_int_equal(arrivals(duo), 1);
    assert_string_equal(duo->a.node->peers[0]->alarm,
                        "a message of a closed epoch cannot be read again");
    assert_int_equal(duo->a.node->peers[0]->channels[0]->given_back, 3);
}

static void
an_answer_without_entries_is_an_alarm(void **state)
{
    struct duo  *duo = *state;
    struct event none = {.kind = EVENT_LOADED, .status = STATUS_IO};

    lose_the_chain(duo);
    duo->a.loads_held = true;
    duo_wait(duo, 60000);
    none.token = duo->a.held[0].token;
    duo_post(&duo->a, &none);
    duo_run(duo);
    assert_string_equal(duo->a.node->peers[0]->alarm,
                        "messages of a closed epoch could not be given back");
}

#define GIVEBACK_TEST(name)                                                    \
    cmocka_unit_test_setup_teardown(name, make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        GIVEBACK_TEST(what_was_not_receipted_is_sent_again_in_the_next_epoch),
        GIVEBACK_TEST(a_message_keeps_its_id_and_its_number),
        GIVEBACK_TEST(what_was_receipted_is_not_sent_again),
        GIVEBACK_TEST(who_follows_a_message_follows_it_into_the_next_epoch),
        GIVEBACK_TEST(a_start_gives_back_what_was_not_given_back_before_it),
        GIVEBACK_TEST(two_answers_of_one_portion_give_back_once),
        GIVEBACK_TEST(what_was_receipted_meanwhile_is_not_given_back),
        GIVEBACK_TEST(
            a_message_that_cannot_be_read_is_passed_over_with_an_alarm),
        GIVEBACK_TEST(an_answer_without_entries_is_an_alarm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
