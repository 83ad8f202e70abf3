/* test_beside.c - the files beside a message, as lists and SHOW tell them. */
#include "node/store/beside.h"
#include "tests/unit/index_world.h"

static struct origin
origin_of_files(void)
{
    return origin_from(1, 1);
}

static void
save_file(struct effects *out, uint64_t id, uint8_t digest,
          enum record_attachment state)
{
    struct record record = {.kind = RECORD_ATTACHMENT,
                            .peer = node_of(1),
                            .id = id_of(id),
                            .size = 100,
                            .state = (uint8_t)state,
                            .precedence = PRECEDENCE_ROUTINE,
                            .root = {digest}};

    world_save_record(out, &record, 0, SPAN_EMPTY);
}

/* Message 101 with these states of its files, in one turn. */
static void
receive_with(struct world *world, const enum record_attachment *states,
             size_t count)
{
    struct origin   origin = origin_of_files();
    struct effects *turn = turn_begin(world);

    save_in(turn, &origin, 0, 101, STATE_NEW, "x");
    for (size_t i = 0; i < count; i++)
        save_file(turn, 101, (uint8_t)(i + 1), states[i]);
    turn_commit(world, turn);
}

static void
expect_mark(struct world *world, unsigned files, unsigned whole,
            unsigned mark)
{
    const struct rows *rows = inbox(world);

    assert_int_equal(rows->count, 1);
    assert_int_equal(rows->list[0].row.files, files);
    assert_int_equal(rows->list[0].row.files_whole, whole);
    assert_int_equal(rows->list[0].row.files_state, mark);
}

static void
a_row_counts_its_files_and_tells_what_matters_most(void **state)
{
    static const enum record_attachment all[] = {
        ATTACHMENT_COMPLETE, ATTACHMENT_GONE, ATTACHMENT_PARTIAL};

    receive_with(*state, all, 3);
    expect_mark(*state, 3, 1, ATTACHMENT_PARTIAL);
}

static void
a_message_without_files_has_no_mark(void **state)
{
    receive(*state, 0, 1);
    expect_mark(*state, 0, 0, 0);
}

static void
the_newest_state_of_a_file_counts_also_in_an_index_made_again(void **state)
{
    static const enum record_attachment all[] = {ATTACHMENT_PARTIAL};
    struct world   *world = *state;
    struct effects *turn;

    receive_with(world, all, 1);
    expect_mark(world, 1, 0, ATTACHMENT_PARTIAL);
    turn = turn_begin(world);
    save_file(turn, 101, 1, ATTACHMENT_COMPLETE);
    turn_commit(world, turn);
    expect_mark(world, 1, 1, ATTACHMENT_COMPLETE);
    assert_int_equal(store_index_rebuild(world->store), STATUS_OK);
    expect_mark(world, 1, 1, ATTACHMENT_COMPLETE);
}

static void
behind_a_trail_stands_each_file_with_its_state(void **state)
{
    static const enum record_attachment all[] = {ATTACHMENT_COMPLETE,
                                                 ATTACHMENT_GONE};
    const struct records *trail;
    size_t                found = 0;

    receive_with(*state, all, 2);
    trail = trail_of(*state, 1, false, 101);
    for (size_t i = 0; i < trail->count; i++)
        if (trail->list[i].kind == RECORD_ATTACHMENT) {
            assert_int_equal(trail->list[i].state,
                             all[trail->list[i].root[0] - 1]);
            found++;
        }
    assert_int_equal(found, 2);
}

static void
files_of_an_id_with_the_same_beginning_are_another_messages(void **state)
{
    struct record   other = {.kind = RECORD_ATTACHMENT,
                             .peer = node_of(1),
                             .id = id_of(101),
                             .state = ATTACHMENT_COMPLETE};
    struct effects *turn;

    other.id.bytes[15] ^= 1;
    receive(*state, 1, 1); /* message 101 */
    turn = turn_begin(*state);
    world_save_record(turn, &other, 0, SPAN_EMPTY);
    turn_commit(*state, turn);
    expect_mark(*state, 0, 0, 0);
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, world_with_store, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(a_row_counts_its_files_and_tells_what_matters_most),
        ON_WORLD(a_message_without_files_has_no_mark),
        ON_WORLD(the_newest_state_of_a_file_counts_also_in_an_index_made_again),
        ON_WORLD(behind_a_trail_stands_each_file_with_its_state),
        ON_WORLD(files_of_an_id_with_the_same_beginning_are_another_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
