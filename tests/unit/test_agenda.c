#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/agenda.h"
#include "node/sim/dice.h"

static int
open_agenda(void **state)
{
    *state = agenda_new();
    return 0;
}

static int
close_agenda(void **state)
{
    agenda_free(*state);
    return 0;
}

static void
an_empty_agenda_has_no_next_moment(void **state)
{
    struct agenda_item item;

    assert_true(agenda_next_ms(*state) == UINT64_MAX);
    assert_false(agenda_take(*state, UINT64_MAX, &item));
}

static void
nothing_is_taken_before_its_time(void **state)
{
    struct agenda_item item;

    agenda_add(*state, (struct agenda_item){.at_ms = 10, .what = 1});
    assert_true(agenda_next_ms(*state) == 10);
    assert_false(agenda_take(*state, 9, &item));
    assert_true(agenda_take(*state, 10, &item));
    assert_int_equal(item.what, 1);
}

static void
items_come_in_order_of_time_and_of_one_moment_in_order_of_arrival(void **state)
{
    struct agenda_item item;
    struct dice        dice;
    uint64_t           last_ms = 0;
    uint64_t           last = 0;

    dice_init(&dice, 3, 3);
    for (uint64_t i = 1; i <= 500; i++)
        agenda_add(*state, (struct agenda_item){
                               .at_ms = dice_below(&dice, 20), .a = i});
    for (int i = 0; i < 500; i++) {
        assert_true(agenda_take(*state, 100, &item));
        assert_true(item.at_ms >= last_ms);
        if (item.at_ms == last_ms)
            assert_true(item.a > last);
        last_ms = item.at_ms;
        last = item.a;
    }
    assert_false(agenda_take(*state, 100, &item));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_agenda_has_no_next_moment,
                                        open_agenda, close_agenda),
        cmocka_unit_test_setup_teardown(nothing_is_taken_before_its_time,
                                        open_agenda, close_agenda),
        cmocka_unit_test_setup_teardown(
            items_come_in_order_of_time_and_of_one_moment_in_order_of_arrival,
            open_agenda, close_agenda),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
