#include "tests/unit/sealed_world.h"

#include "node/store/twin.h"

static void
receive_twice(struct world *world, const char *first, const char *second)
{
    struct effects *turn = turn_begin(world);
    struct origin   one = origin_from(1, 1);
    struct origin   two = origin_from(1, 2);

    save_sealed(turn, &one, 4, 17, first);
    save_sealed(turn, &two, 7, 300, second);
    turn_commit(world, turn);
}

static void
the_same_message_with_another_number_is_shown_once(void **state)
{
    struct world *world = *state;

    receive_twice(world, "tea at four", "tea at four");
    assert_int_equal(inbox(world)->count, 1);
    assert_int_equal(inbox(world)->list[0].row.number, 17);
    assert_int_equal(find_number(world, 1, false, 300)->count, 0);
}

static void
of_two_messages_under_one_id_the_later_is_quarantined(void **state)
{
    struct world      *world = *state;
    const struct rows *rows;

    receive_twice(world, "tea at four", "tea at five");
    rows = inbox(world);
    assert_int_equal(rows->count, 2);
    assert_string_equal(rows->list[0].subject, "tea at four");
    assert_int_equal(rows->list[0].row.state, STATE_NEW);
    assert_string_equal(rows->list[1].subject, "tea at five");
    assert_int_equal(rows->list[1].row.state, STATE_QUARANTINED);
    assert_int_equal(find_prefix(world, "00000000")->count, 2);
}

static void
a_longer_message_that_begins_alike_is_another(void **state)
{
    struct world *world = *state;

    receive_twice(world, "tea at four", "tea at four, or later");
    assert_int_equal(inbox(world)->count, 2);
}

static void
what_cannot_be_read_any_more_is_no_accusation(void **state)
{
    struct world   *world = *state;
    struct effects *turn;

    receive_twice(world, "tea at four", "tea at five");
    turn = calloc(1, sizeof(*turn));
    world_turn(world, turn);
    world_destroy_key(turn, WORLD_VAULT);
    turn_commit(world, turn);
    assert_int_equal(inbox(world)->count, 1);
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, world_with_store, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(the_same_message_with_another_number_is_shown_once),
        ON_WORLD(of_two_messages_under_one_id_the_later_is_quarantined),
        ON_WORLD(a_longer_message_that_begins_alike_is_another),
        ON_WORLD(what_cannot_be_read_any_more_is_no_accusation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
