/*
 * test_viewing.c - one message shown to a person; READ goes out once.
 */
#include "tests/unit/asking.h"

#include "message.pb-c.h"
#include "node/core/roster.h"
#include "node/core/client/viewing.h"

/* b has one message of a's that nobody has read. */
static const Entente__ShowResponse *
shown(const struct duo_party *party, uint64_t id)
{
    return asking_ended(party, 7, id, ENTENTE__RESPONSE__KIND_SHOW)->show;
}

/* How often a heard that b read a message. */
static size_t
heard_read(const struct duo *duo)
{
    size_t count = duo_count_records(&duo->a, RECORD_VERDICT);
    size_t read = 0;

    for (size_t i = 0; i < count; i++)
        if (duo_record(&duo->a, RECORD_VERDICT, i).state == STATE_READ)
            read += duo_record(&duo->a, RECORD_VERDICT, i).count;
    return read;
}

static uint64_t
unread(const struct duo *duo)
{
    const struct peer *peer = duo->b.node->peers[0];

    return peer->received - peer->read;
}

static void
a_message_is_shown_with_its_body_and_what_is_proven_of_it(void **state)
{
    struct duo                  *duo = *state;
    const Entente__ShowResponse *show;
    Entente__Message            *message;

    asking_show(&duo->b, 7, 1, "node1/1", false);
    duo_run(duo);
    show = shown(&duo->b, 1);
    assert_string_equal(show->row->subject, "tea?");
    assert_string_equal(show->from, "node1");
    assert_string_equal(show->peer_org, "Organisation 1");
    assert_int_equal(show->index, 1);
    assert_int_equal(show->cosigned_size, 2);
    assert_true(show->head_size >= 2);
    message = entente__message__unpack(NULL, show->message.len,
                                       show->message.data);
    assert_non_null(message);
    assert_string_equal(message->note->text, "tea?");
    assert_int_equal(message->number, 1);
    entente__message__free_unpacked(message, NULL);
}

static void
who_sees_it_first_reads_it_and_its_sender_hears_so(void **state)
{
    struct duo *duo = *state;

    assert_int_equal(unread(duo), 1);
    asking_show(&duo->b, 7, 1, "node1/1", false);
    duo_run(duo);
    assert_string_equal(shown(&duo->b, 1)->row->state, "read");
    assert_int_equal(heard_read(duo), 1);
    assert_int_equal(unread(duo), 0);
}

/* Whether it was read before or just now. */
static void
its_trail_ends_with_read_and_says_so_once(void **state)
{
    struct duo *duo = *state;

    for (uint64_t i = 1; i <= 2; i++) {
        const Entente__ShowResponse *show;

        asking_show(&duo->b, 7, i, "node1/1", false);
        duo_run(duo);
        show = shown(&duo->b, i);
        assert_int_equal(show->n_trail, 1); /* duo_store tells no arrival */
        assert_string_equal(show->trail[0]->state, "read");
        assert_true(show->trail[0]->time_ms > 0);
    }
}

static void
a_peek_reads_nothing(void **state)
{
    struct duo *duo = *state;

    asking_show(&duo->b, 7, 1, "node1/1", true);
    duo_run(duo);
    assert_string_equal(shown(&duo->b, 1)->row->state, "new");
    assert_true(shown(&duo->b, 1)->message.len > 0);
    assert_int_equal(heard_read(duo), 0);
    assert_int_equal(unread(duo), 1);
}

static void
a_message_that_was_read_is_not_read_again(void **state)
{
    struct duo *duo = *state;

    for (uint64_t i = 1; i <= 3; i++) {
        asking_show(&duo->b, 7, i, "node1/1", false);
        duo_run(duo);
        assert_string_equal(shown(&duo->b, i)->row->state, "read");
    }
    assert_int_equal(heard_read(duo), 1);
    assert_int_equal(duo_count_records(&duo->b, RECORD_TRAIL), 1);
}

static void
two_who_look_at_the_same_time_read_it_once(void **state)
{
    struct duo *duo = *state;

    asking_show(&duo->b, 7, 1, "node1/1", false);
    asking_show(&duo->b, 7, 2, "node1/1", false);
    duo_run(duo);
    for (uint64_t i = 1; i <= 2; i++)
        assert_string_equal(shown(&duo->b, i)->row->state, "read");
    assert_int_equal(duo_count_records(&duo->b, RECORD_TRAIL), 1);
    assert_int_equal(heard_read(duo), 1);
    assert_int_equal(unread(duo), 0);
}

/* So many of the three steps of the first are done when the second asks. */
static void
look_apart(struct duo *duo, unsigned ahead)
{
    duo->b.loads_held = true;
    asking_show(&duo->b, 7, 1, "node1/1", false);
    duo_run(duo);
    for (unsigned i = 0; i < ahead; i++) {
        duo_release(&duo->b);
        duo_run(duo);
    }
    asking_show(&duo->b, 7, 2, "node1/1", false);
    duo_run(duo);
    duo->b.loads_held = false;
    duo_release(&duo->b);
    duo_run(duo);
    for (uint64_t i = 1; i <= 2; i++)
        assert_string_equal(shown(&duo->b, i)->row->state, "read");
    assert_int_equal(duo_count_records(&duo->b, RECORD_TRAIL), 1);
    assert_int_equal(heard_read(duo), 1);
    assert_int_equal(unread(duo), 0);
}

static void
one_who_is_a_step_behind_does_not_read_it_again(void **state)
{
    look_apart(*state, 1);
}

static void
one_who_is_two_steps_behind_does_not_read_it_again(void **state)
{
    look_apart(*state, 2);
}

static void
a_peek_at_the_same_time_changes_nothing(void **state)
{
    struct duo *duo = *state;

    asking_show(&duo->b, 7, 1, "node1/1", true);
    asking_show(&duo->b, 7, 2, "node1/1", false);
    asking_show(&duo->b, 7, 3, "node1/1", true);
    duo_run(duo);
    assert_string_equal(shown(&duo->b, 1)->row->state, "new");
    assert_string_equal(shown(&duo->b, 2)->row->state, "read");
    assert_string_equal(shown(&duo->b, 3)->row->state, "read");
    assert_int_equal(heard_read(duo), 1);
}

static void
what_nobody_is_there_to_see_is_not_read(void **state)
{
    struct duo *duo = *state;

    duo->b.loads_held = true;
    asking_show(&duo->b, 7, 1, "node1/1", false);
    duo_run(duo);
    duo_release(&duo->b);
    duo_run(duo);
    asking_gone(&duo->b, 7);
    duo->b.loads_held = false;
    duo_release(&duo->b);
    duo_run(duo);
    assert_int_equal(duo->b.told_count, 0);
    assert_int_equal(heard_read(duo), 0);
    assert_int_equal(unread(duo), 1);
}

static void
our_own_message_is_shown_and_not_read(void **state)
{
    struct duo *duo = *state;

    asking_show(&duo->a, 7, 1, "node2/s1", false);
    duo_run(duo);
    assert_true(shown(&duo->a, 1)->outgoing);
    assert_string_equal(shown(&duo->a, 1)->from, "node1");
    assert_true(shown(&duo->a, 1)->message.len > 0);
    assert_int_equal(duo_count_records(&duo->a, RECORD_TRAIL), 0);
}

static void
what_waits_is_shown_without_a_place_in_a_log(void **state)
{
    struct duo                  *duo = *state;
    const Entente__ShowResponse *show;

    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "waits", NULL);
    duo_run(duo);
    asking_show(&duo->a, 7, 1, "q/1", false);
    duo_run(duo);
    show = shown(&duo->a, 1);
    assert_string_equal(show->row->ref, "q/1");
    assert_string_equal(show->origin, "");
    assert_int_equal(show->head_size, 0);
    assert_true(show->message.len > 0);
}

/* The content key is gone, as after forgetting. */
static void
what_cannot_be_opened_is_shown_empty_and_is_not_read(void **state)
{
    struct duo *duo = *state;

    for (size_t i = 0; i < duo->b.record_count; i++)
        if (duo->b.records[i].bytes[0] == RECORD_IN_ENTRY)
            duo->b.records[i].secret_len = 0;
    asking_show(&duo->b, 7, 1, "node1/1", false);
    duo_run(duo);
    assert_int_equal(shown(&duo->b, 1)->message.len, 0);
    assert_string_equal(shown(&duo->b, 1)->row->subject, "(forgotten)");
    assert_string_equal(shown(&duo->b, 1)->row->state, "new");
    assert_int_equal(heard_read(duo), 0);
}

/* What is read of a removed peer's is ours to know alone. */
static void
a_removed_peer_hears_of_no_reading(void **state)
{
    struct duo *duo = *state;

    asking_remove(&duo->b, 7, 1, "node1");
    duo_run(duo);
    asking_show(&duo->b, 7, 2, "node1/1", false);
    duo_run(duo);
    assert_string_equal(shown(&duo->b, 2)->row->state, "read");
    assert_int_equal(heard_read(duo), 0);
    assert_int_equal(duo_count_records(&duo->b, RECORD_TRAIL), 1);
}

static void
what_was_read_is_still_read_after_a_restart(void **state)
{
    struct duo *duo = *state;

    asking_show(&duo->b, 7, 1, "node1/1", false);
    duo_run(duo);
    duo_restart(&duo->b);
    duo_wait(duo, 60000);
    assert_int_equal(unread(duo), 0);
    asking_show(&duo->b, 7, 2, "node1/1", false);
    duo_run(duo);
    assert_int_equal(heard_read(duo), 1);
    assert_int_equal(unread(duo), 0);
}

#define ON_DUO(test)                                                           \
    cmocka_unit_test_setup_teardown(test, duo_make_sent, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(a_message_is_shown_with_its_body_and_what_is_proven_of_it),
        ON_DUO(who_sees_it_first_reads_it_and_its_sender_hears_so),
        ON_DUO(its_trail_ends_with_read_and_says_so_once),
        ON_DUO(a_peek_reads_nothing),
        ON_DUO(a_message_that_was_read_is_not_read_again),
        ON_DUO(two_who_look_at_the_same_time_read_it_once),
        ON_DUO(one_who_is_a_step_behind_does_not_read_it_again),
        ON_DUO(one_who_is_two_steps_behind_does_not_read_it_again),
        ON_DUO(a_peek_at_the_same_time_changes_nothing),
        ON_DUO(what_nobody_is_there_to_see_is_not_read),
        ON_DUO(our_own_message_is_shown_and_not_read),
        ON_DUO(what_waits_is_shown_without_a_place_in_a_log),
        ON_DUO(what_cannot_be_opened_is_shown_empty_and_is_not_read),
        ON_DUO(a_removed_peer_hears_of_no_reading),
        ON_DUO(what_was_read_is_still_read_after_a_restart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
