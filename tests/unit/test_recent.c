#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/message/recent.h"

static const struct node_id peer = {{1}};
static struct recent        recent;

static int
empty(void **state)
{
    (void)state;
    recent = (struct recent){0};
    return 0;
}

static int
drop(void **state)
{
    (void)state;
    recent_clear(&recent);
    return 0;
}

/* An id whose first eight bytes are `number`. */
static struct message_id
id_of(uint64_t number)
{
    struct message_id id = {{0}};
    struct writer     out = writer_of(id.bytes, sizeof(id.bytes));

    writer_u64(&out, number);
    return id;
}

static void
put(uint64_t number)
{
    struct message_id id = id_of(number);

    recent_put(&recent, &peer, &id);
}

static bool
has(uint64_t number)
{
    struct message_id id = id_of(number);

    return recent_has(&recent, &peer, &id);
}

static void
nothing_is_known_at_first(void **state)
{
    (void)state;
    assert_false(has(7));
}

static void
an_id_is_known_for_the_peer_it_went_to_alone(void **state)
{
    struct node_id    other = {{2}};
    struct message_id id = id_of(7);

    (void)state;
    put(7);
    assert_true(has(7));
    assert_false(has(8));
    assert_false(recent_has(&recent, &other, &id));
}

static void
only_the_newest_are_remembered(void **state)
{
    uint64_t last = RECENT_IDS + 1000;

    (void)state;
    for (uint64_t i = 0; i < last; i++)
        put(i * 0x9e3779b97f4a7c15u);
    for (uint64_t i = 0; i < last; i++)
        assert_int_equal(has(i * 0x9e3779b97f4a7c15u), i >= 1000);
}

static void
an_id_that_comes_again_takes_no_second_place(void **state)
{
    (void)state;
    put(7);
    for (uint64_t i = 0; i < RECENT_IDS; i++)
        put(7);
    put(8);
    assert_true(has(7));
    assert_true(has(8));
}

/* Ids of one home stand behind each other; those that are forgotten leave no
 * hole that hides the rest. */
static void
ids_of_one_place_in_the_table_do_not_hide_each_other(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < RECENT_IDS + 100; i++)
        put((i << 32) + i % 3); /* three homes for all */
    for (uint64_t i = 0; i < RECENT_IDS + 100; i += 97)
        assert_int_equal(has((i << 32) + i % 3), i >= 100);
}

static void
a_cleared_memory_knows_nothing(void **state)
{
    (void)state;
    put(7);
    recent_clear(&recent);
    assert_false(has(7));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_known_at_first, empty, drop),
        cmocka_unit_test_setup_teardown(
            an_id_is_known_for_the_peer_it_went_to_alone, empty, drop),
        cmocka_unit_test_setup_teardown(only_the_newest_are_remembered, empty,
                                        drop),
        cmocka_unit_test_setup_teardown(
            an_id_that_comes_again_takes_no_second_place, empty, drop),
        cmocka_unit_test_setup_teardown(
            ids_of_one_place_in_the_table_do_not_hide_each_other, empty, drop),
        cmocka_unit_test_setup_teardown(a_cleared_memory_knows_nothing, empty,
                                        drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
