#include "tests/unit/index_world.h"

#include "node/store/picked.h"

static void
no_more_rows_are_picked_than_there_is_room_for(void **state)
{
    struct picked picked;

    (void)state;
    assert_int_equal(picked_init(&picked, 7), STATUS_OK);
    assert_int_equal(picked.cap, 7);
    picked_free(&picked);
    assert_int_equal(picked_init(&picked, 0), STATUS_OK);
    assert_int_equal(picked.cap, PICKED_MAX);
    picked_free(&picked);
    assert_int_equal(picked_init(&picked, UINT64_MAX), STATUS_OK);
    assert_int_equal(picked.cap, PICKED_MAX);
    picked_free(&picked);
}

static void
what_was_picked_from_the_end_is_turned_round(void **state)
{
    struct picked picked;

    (void)state;
    assert_int_equal(picked_init(&picked, 5), STATUS_OK);
    for (; picked.count < 5; picked.count++)
        picked.list[picked.count].id = (int64_t)picked.count;
    picked_reverse(&picked);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(picked.list[i].id, 4 - i);
    picked_free(&picked);
}

/* The words are lost, the message is not hidden. */
static void
a_damaged_group_hides_the_words_and_not_the_row(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_from(1, 1);

    save_in(turn, &origin, 0, 1, STATE_NEW, "one");
    turn_commit(world, turn);
    turn = turn_begin(world);
    save_in(turn, &origin, 1, 2, STATE_NEW, "two");
    turn_commit(world, turn);
    assert_int_equal(store_index_catch_up(world->store), STATUS_OK);
    assert_int_equal(disk_rot(world->image, "journal-0000000000000001",
                              SEGMENT_PAGE + 200, 1),
                     STATUS_OK);
    assert_int_equal(inbox(world)->count, 2);
    assert_string_equal(inbox(world)->list[0].subject, "");
    assert_int_equal(inbox(world)->list[0].row.state, STATE_NEW);
    assert_string_equal(inbox(world)->list[1].subject, "two");
}

static void
a_failing_disk_is_no_empty_list(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_from(1, 1);

    save_in(turn, &origin, 0, 1, STATE_NEW, "one");
    turn_commit(world, turn);
    assert_int_equal(store_index_catch_up(world->store), STATUS_OK);
    disk_arm(world->image, DISK_READ_FAILS, 1);
    assert_int_equal(inbox(world)->st, STATUS_IO);
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, world_with_store, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_rows_are_picked_than_there_is_room_for),
        cmocka_unit_test(what_was_picked_from_the_end_is_turned_round),
        ON_WORLD(a_damaged_group_hides_the_words_and_not_the_row),
        ON_WORLD(a_failing_disk_is_no_empty_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
