#include "tests/unit/index_world.h"

#include "node/store/facts.h"

/* --- the outbox ---------------------------------------------------------- */

static void
a_submitted_message_waits_with_its_place_in_the_queue(void **state)
{
    struct world      *world = *state;
    struct effects    *turn = turn_begin(world);
    const struct rows *rows;

    save_pending(turn, 1, 5, "first");
    save_pending(turn, 2, 3, "second");
    turn_commit(world, turn);
    rows = outbox(world);
    assert_int_equal(rows->count, 2);
    assert_string_equal(rows->list[0].subject, "first");
    assert_int_equal(rows->list[0].row.state, STATE_QUEUED);
    assert_int_equal(rows->list[0].row.queue, 1);
    assert_int_equal(rows->list[0].row.number, 0);
    assert_int_equal(rows->list[0].row.time, 1005);
    assert_string_equal(rows->list[0].origin, "");
    assert_int_equal(rows->list[1].row.queue, 2);
    assert_int_equal(inbox(world)->count, 0);
}

static void
dispatch_takes_it_out_of_the_queue_and_gives_it_its_number(void **state)
{
    struct world      *world = *state;
    struct effects    *turn = turn_begin(world);
    struct origin      origin = origin_to(1, 1);
    const struct rows *rows;

    save_pending(turn, 1, 5, "first");
    save_pending(turn, 1, 6, "second");
    turn_commit(world, turn);
    turn = turn_begin(world);
    save_out(turn, &origin, 3, 5, "first");
    turn_commit(world, turn);
    rows = outbox(world);
    assert_int_equal(rows->count, 2);
    assert_int_equal(rows->list[0].row.state, STATE_SENT);
    assert_int_equal(rows->list[0].row.number, 13);
    assert_int_equal(rows->list[0].row.queue, 0);
    assert_int_equal(rows->list[0].row.index, 3);
    assert_int_equal(rows->list[0].row.time, 1005);
    assert_string_equal(rows->list[0].origin, origin_format(&origin).text);
    assert_int_equal(rows->list[1].row.queue, 1);
}

static void
a_message_dispatched_at_once_is_listed_as_sent(void **state)
{
    struct world      *world = *state;
    struct effects    *turn = turn_begin(world);
    struct origin      origin = origin_to(1, 1);
    const struct rows *rows;

    save_out(turn, &origin, 1, 5, "at once");
    turn_commit(world, turn);
    rows = outbox(world);
    assert_int_equal(rows->count, 1);
    assert_int_equal(rows->list[0].row.state, STATE_SENT);
    assert_string_equal(rows->list[0].subject, "at once");
}

static void
a_receipt_covers_all_entries_below_its_size(void **state)
{
    struct world      *world = *state;
    struct effects    *turn = turn_begin(world);
    struct origin      origin = origin_to(1, 1);
    const struct rows *rows;

    for (uint64_t i = 1; i <= 4; i++)
        save_out(turn, &origin, i, i, "x");
    save_cosigned(turn, &origin, 3, 77);
    turn_commit(world, turn);
    rows = outbox(world);
    assert_int_equal(rows->list[1].row.state, STATE_RECEIVED);
    assert_int_equal(rows->list[2].row.state, STATE_SENT);
}

static void
a_persons_answer_stands_over_the_verdict_of_its_range(void **state)
{
    struct world      *world = *state;
    struct effects    *turn = turn_begin(world);
    struct origin      origin = origin_to(1, 1);
    const struct rows *rows;

    for (uint64_t i = 1; i <= 5; i++)
        save_out(turn, &origin, i, i, "x");
    save_cosigned(turn, &origin, 6, 77);
    save_verdict(turn, &origin, 5, 1, STATE_ACKNOWLEDGED, "");
    save_verdict(turn, &origin, 2, 2, STATE_ACCEPTED, "");
    save_verdict(turn, &origin, 4, 1, STATE_REJECTED, "BAD_FIELD");
    save_verdict(turn, &origin, 5, 1, STATE_ACCEPTED, "");
    turn_commit(world, turn);
    rows = outbox(world);
    assert_int_equal(rows->list[0].row.state, STATE_RECEIVED);
    assert_int_equal(rows->list[1].row.state, STATE_ACCEPTED);
    assert_int_equal(rows->list[2].row.state, STATE_ACCEPTED);
    assert_int_equal(rows->list[3].row.state, STATE_REJECTED);
    assert_int_equal(rows->list[4].row.state, STATE_ACKNOWLEDGED);
}

static void
a_verdict_that_names_no_entry_here_changes_nothing(
    void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_to(1, 1);
    struct origin   other = origin_to(1, 2);

    save_out(turn, &origin, 1, 1, "x");
    save_verdict(turn, &other, 0, 10, STATE_ACCEPTED, "");
    save_verdict(turn, &origin, UINT64_MAX, UINT64_MAX, STATE_ACCEPTED, "");
    save_verdict(turn, &origin, 2, INT64_MAX, STATE_ACCEPTED, "");
    turn_commit(world, turn);
    assert_int_equal(outbox(world)->list[0].row.state, STATE_SENT);
}

static void
a_message_that_a_closed_epoch_gives_back_waits_again(
    void **state)
{
    struct world      *world = *state;
    struct effects    *turn = turn_begin(world);
    struct origin      old = origin_to(1, 1);
    struct origin      new = origin_to(1, 2);
    const struct rows *rows;

    save_out(turn, &old, 1, 5, "x");
    turn_commit(world, turn);
    turn = turn_begin(world);
    save_pending(turn, 1, 5, "x");
    turn_commit(world, turn);
    rows = outbox(world);
    assert_int_equal(rows->count, 1);
    assert_int_equal(rows->list[0].row.state, STATE_QUEUED);
    assert_int_equal(rows->list[0].row.queue, 1);
    turn = turn_begin(world);
    save_out(turn, &new, 7, 5, "x");
    turn_commit(world, turn);
    rows = outbox(world);
    assert_int_equal(rows->count, 1);
    assert_int_equal(rows->list[0].row.state, STATE_SENT);
    assert_int_equal(rows->list[0].row.index, 7);
    assert_string_equal(rows->list[0].origin, origin_format(&new).text);
}

static void
a_struck_message_waits_no_more(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct record   struck = {.kind = RECORD_STRUCK,
                              .peer = node_of(1),
                              .id = id_of(5)};

    save_pending(turn, 1, 5, "x");
    save_pending(turn, 1, 6, "y");
    world_save_record(turn, &struck, 0, SPAN_EMPTY);
    turn_commit(world, turn);
    assert_int_equal(outbox(world)->list[0].row.state, STATE_RECEIVED);
    assert_int_equal(outbox(world)->list[0].row.queue, 0);
    assert_int_equal(outbox(world)->list[1].row.queue, 1);
}

static void
one_message_to_two_peers_is_two_rows(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_to(2, 1);

    save_pending(turn, 1, 5, "x");
    save_pending(turn, 2, 5, "x");
    save_out(turn, &origin, 1, 5, "x");
    turn_commit(world, turn);
    assert_int_equal(outbox(world)->count, 2);
    assert_int_equal(outbox(world)->list[0].row.state, STATE_QUEUED);
    assert_int_equal(outbox(world)->list[1].row.state, STATE_SENT);
}

/* --- the inbox ----------------------------------------------------------- */

static void
what_arrives_is_listed_in_order_of_arrival(void **state)
{
    struct world      *world = *state;
    struct effects    *turn = turn_begin(world);
    struct origin      origin = origin_from(1, 1);
    const struct rows *rows;

    save_in(turn, &origin, 4, 9, STATE_NEW, "overtook");
    save_in(turn, &origin, 3, 8, STATE_QUARANTINED, "behind");
    turn_commit(world, turn);
    rows = inbox(world);
    assert_int_equal(rows->count, 2);
    assert_string_equal(rows->list[0].subject, "overtook");
    assert_int_equal(rows->list[0].row.state, STATE_NEW);
    assert_int_equal(rows->list[0].row.number, 14);
    assert_int_equal(rows->list[1].row.state, STATE_QUARANTINED);
    assert_true(rows->list[0].row.cursor < rows->list[1].row.cursor);
    assert_true(rows->list[0].row.cursor >= 2);
    assert_int_equal(outbox(world)->count, 0);
}

static void
a_message_is_shown_once_whatever_epoch_it_comes_by(void **state)
{
    struct world      *world = *state;
    struct effects    *turn = turn_begin(world);
    struct origin      first = origin_from(1, 1);
    struct origin      again = origin_from(1, 2);
    struct origin      other = origin_from(2, 1);
    const struct rows *rows;

    save_in(turn, &first, 4, 9, STATE_NEW, "x");
    save_in(turn, &again, 0, 9, STATE_NEW, "x");
    save_in(turn, &other, 0, 9, STATE_NEW, "the same id by another peer");
    turn_commit(world, turn);
    rows = inbox(world);
    assert_int_equal(rows->count, 2);
    assert_int_equal(rows->list[0].row.index, 4);
    assert_int_equal(entries_of(world, &again, 0, 1, 9999)->count, 1);
}

static void
entries_that_are_no_messages_are_not_listed(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   in = origin_from(1, 1);
    struct origin   out = origin_to(1, 1);

    save_in(turn, &in, 0, 0, STATE_NONE, "");
    save_out(turn, &out, 0, 0, "");
    turn_commit(world, turn);
    assert_int_equal(inbox(world)->count, 0);
    assert_int_equal(outbox(world)->count, 0);
}

static void
an_entry_sealed_anew_keeps_its_row_and_its_state(void **state)
{
    struct world      *world = *state;
    struct effects    *turn = turn_begin(world);
    struct origin      origin = origin_from(1, 1);
    const struct rows *rows;

    save_in(turn, &origin, 4, 9, STATE_NEW, "x");
    save_state(turn, 1, false, 9, STATE_READ, "");
    turn_commit(world, turn);
    turn = turn_begin(world);
    save_in(turn, &origin, 4, 9, STATE_NEW, "sealed anew");
    turn_commit(world, turn);
    rows = inbox(world);
    assert_int_equal(rows->count, 1);
    assert_int_equal(rows->list[0].row.state, STATE_READ);
    assert_string_equal(rows->list[0].subject, "sealed anew");
}

static void
an_entry_opened_by_a_grant_is_then_listed(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_from(1, 1);

    save_in(turn, &origin, 4, 0, STATE_UNOPENED, "");
    turn_commit(world, turn);
    assert_int_equal(inbox(world)->count, 0);
    turn = turn_begin(world);
    save_in(turn, &origin, 4, 9, STATE_NEW, "granted");
    turn_commit(world, turn);
    assert_int_equal(inbox(world)->count, 1);
    assert_string_equal(inbox(world)->list[0].subject, "granted");
}

static void
forgotten_words_are_shown_as_forgotten(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   in = origin_from(1, 1);

    save_in(turn, &in, 4, 9, STATE_NEW, "secret");
    turn_commit(world, turn);
    assert_string_equal(inbox(world)->list[0].subject, "secret");
    turn = calloc(1, sizeof(*turn));
    world_turn(world, turn);
    world_destroy_key(turn, WORLD_VAULT);
    turn_commit(world, turn);
    assert_int_equal(inbox(world)->list[0].row.state, STATE_FORGOTTEN);
    assert_string_equal(inbox(world)->list[0].subject, "");
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, world_with_store, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(a_submitted_message_waits_with_its_place_in_the_queue),
        ON_WORLD(dispatch_takes_it_out_of_the_queue_and_gives_it_its_number),
        ON_WORLD(a_message_dispatched_at_once_is_listed_as_sent),
        ON_WORLD(a_receipt_covers_all_entries_below_its_size),
        ON_WORLD(
            a_persons_answer_stands_over_the_verdict_of_its_range),
        ON_WORLD(
            a_verdict_that_names_no_entry_here_changes_nothing),
        ON_WORLD(
            a_message_that_a_closed_epoch_gives_back_waits_again),
        ON_WORLD(a_struck_message_waits_no_more),
        ON_WORLD(one_message_to_two_peers_is_two_rows),
        ON_WORLD(what_arrives_is_listed_in_order_of_arrival),
        ON_WORLD(a_message_is_shown_once_whatever_epoch_it_comes_by),
        ON_WORLD(entries_that_are_no_messages_are_not_listed),
        ON_WORLD(an_entry_sealed_anew_keeps_its_row_and_its_state),
        ON_WORLD(an_entry_opened_by_a_grant_is_then_listed),
        ON_WORLD(forgotten_words_are_shown_as_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
