#include "tests/unit/index_world.h"

#include "node/store/rows.h"

/* --- filters and pages --------------------------------------------------- */

static void
fill_inbox(struct world *world, uint64_t count)
{
    struct effects *turn = turn_begin(world);
    struct origin   origin[2] = {origin_from(1, 1), origin_from(2, 1)};

    for (uint64_t i = 0; i < count; i++)
        save_in(turn, &origin[i % 2], i, 100 + i,
                i % 3 == 0 ? STATE_QUARANTINED : STATE_NEW, "x");
    turn_commit(world, turn);
}

static void
without_a_cursor_the_newest_rows_come_oldest_first(void **state)
{
    struct world      *world = *state;
    const struct rows *rows;

    fill_inbox(world, 30);
    rows = list(world, false, 0, 4, NULL);
    assert_int_equal(rows->count, 4);
    assert_int_equal(rows->list[0].row.index, 26);
    assert_int_equal(rows->list[3].row.index, 29);
}

static void
cursors_walk_through_everything_once(void **state)
{
    struct world *world = *state;
    uint64_t      cursor = 1;
    uint64_t      seen = 0;

    fill_inbox(world, 30);
    for (;;) {
        const struct rows *rows = list(world, false, cursor, 7, NULL);

        for (size_t i = 0; i < rows->count; i++)
            assert_int_equal(rows->list[i].row.index, seen++);
        if (rows->count == 0)
            break;
        cursor = rows->list[rows->count - 1].row.cursor;
    }
    assert_int_equal(seen, 30);
    assert_int_equal(list(world, false, UINT64_MAX, 7, NULL)->count, 0);
}

static void
filters_are_applied_before_rows_are_counted(void **state)
{
    struct world        *world = *state;
    Entente__ListRequest filters = ENTENTE__LIST_REQUEST__INIT;
    struct effects      *turn;

    fill_inbox(world, 30);
    filters.state = (char *)(uintptr_t)"quarantined";
    assert_int_equal(list(world, false, 0, 5, &filters)->count, 5);
    assert_int_equal(list(world, false, 0, 50, &filters)->count, 10);
    assert_int_equal(list(world, false, 0, 5, &filters)->list[4].row.index, 27);
    filters.state = (char *)(uintptr_t)"";
    filters.unread = 1;
    assert_int_equal(list(world, false, 0, 50, &filters)->count, 20);
    turn = turn_begin(world);
    save_state(turn, 2, false, 101, STATE_READ, "");
    turn_commit(world, turn);
    assert_int_equal(list(world, false, 0, 50, &filters)->count, 19);
    filters.unread = 0;
    filters.since_ms = 2020;
    assert_int_equal(list(world, false, 0, 50, &filters)->count, 10);
    filters.since_ms = 0;
    filters.kind = (char *)(uintptr_t)"note";
    assert_int_equal(list(world, false, 0, 50, &filters)->count, 30);
    filters.kind = (char *)(uintptr_t)"maritime_incident";
    assert_int_equal(list(world, false, 0, 50, &filters)->count, 0);
    filters.state = (char *)(uintptr_t)"no such state";
    assert_int_equal(list(world, false, 0, 50, &filters)->st, STATUS_BAD_FIELD);
}

static void
a_list_can_be_of_one_peer(void **state)
{
    struct world      *world = *state;
    struct query       query = {.kind = QUERY_ROWS, .count = 50};
    const struct rows *rows;

    fill_inbox(world, 30);
    query.peer = node_of(2);
    rows = ask_rows(world, &query, SPAN_EMPTY);
    assert_int_equal(rows->count, 15);
    assert_int_equal(rows->list[0].row.peer.bytes[0], 2);
    query.peer = node_of(3);
    assert_int_equal(ask_rows(world, &query, SPAN_EMPTY)->count, 0);
}

/* --- references ---------------------------------------------------------- */

static void
a_number_finds_the_message_of_that_peer_and_direction(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   in = origin_from(1, 1);
    struct origin   out = origin_to(1, 1);

    save_in(turn, &in, 7, 1, STATE_NEW, "theirs");
    save_out(turn, &out, 7, 2, "ours");
    turn_commit(world, turn);
    assert_int_equal(find_number(world, 1, false, 17)->count, 1);
    assert_string_equal(find_number(world, 1, false, 17)->list[0].subject,
                        "theirs");
    assert_string_equal(find_number(world, 1, true, 17)->list[0].subject,
                        "ours");
    assert_int_equal(find_number(world, 2, true, 17)->count, 0);
    assert_int_equal(find_number(world, 1, true, 18)->count, 0);
}

static void
a_queue_position_finds_what_waits_there_now(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   out = origin_to(1, 1);

    save_pending(turn, 1, 1, "one");
    save_pending(turn, 2, 2, "two");
    turn_commit(world, turn);
    assert_string_equal(find_number(world, 0, true, 1)->list[0].subject, "one");
    assert_string_equal(find_number(world, 0, true, 2)->list[0].subject, "two");
    assert_int_equal(find_number(world, 0, true, 3)->count, 0);
    turn = turn_begin(world);
    save_out(turn, &out, 0, 1, "one");
    turn_commit(world, turn);
    assert_string_equal(find_number(world, 0, true, 1)->list[0].subject, "two");
    assert_int_equal(find_number(world, 0, true, 1)->list[0].row.queue, 1);
}

static void
a_prefix_finds_every_id_that_begins_so(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   in = origin_from(1, 1);
    struct query    narrow = {.kind = QUERY_FIND, .outgoing = true};

    save_in(turn, &in, 0, 0xf123456789abcdef, STATE_NEW, "high");
    save_in(turn, &in, 1, 0x0123456789abcdef, STATE_NEW, "low");
    save_in(turn, &in, 2, 0x0123457000000000, STATE_NEW, "near");
    save_pending(turn, 1, 0x0123456789abcdef, "the other way");
    turn_commit(world, turn);
    assert_int_equal(find_prefix(world, "012345")->count, 3);
    assert_int_equal(find_prefix(world, "0123456")->count, 2);
    assert_int_equal(find_prefix(world, "f12345")->count, 1);
    assert_int_equal(
        find_prefix(world, "0123456789abcdef0123456789abcdef")->count, 2);
    assert_int_equal(
        find_prefix(world, "0123456789abcdef0123456789abcdee")->count, 0);
    assert_int_equal(find_prefix(world, "01234")->st, STATUS_BAD_FIELD);
    assert_int_equal(find_prefix(world, "01234x")->st, STATUS_BAD_FIELD);
    narrow.peer = node_of(1);
    assert_int_equal(ask_rows(world, &narrow, span_text("0123456"))->count, 1);
    narrow.outgoing = false;
    assert_int_equal(ask_rows(world, &narrow, span_text("0123456"))->count, 1);
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, world_with_store, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(without_a_cursor_the_newest_rows_come_oldest_first),
        ON_WORLD(cursors_walk_through_everything_once),
        ON_WORLD(filters_are_applied_before_rows_are_counted),
        ON_WORLD(a_list_can_be_of_one_peer),
        ON_WORLD(a_number_finds_the_message_of_that_peer_and_direction),
        ON_WORLD(a_queue_position_finds_what_waits_there_now),
        ON_WORLD(a_prefix_finds_every_id_that_begins_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
