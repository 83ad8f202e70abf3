#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/store/standing.h"

static void
a_later_kind_of_state_stands_over_an_earlier_one(void **state)
{
    (void)state;
    assert_int_equal(standing_after(STATE_SENT, STATE_RECEIVED),
                     STATE_RECEIVED);
    assert_int_equal(standing_after(STATE_RECEIVED, STATE_SENT),
                     STATE_RECEIVED);
    assert_int_equal(standing_after(STATE_ACKNOWLEDGED, STATE_ACCEPTED),
                     STATE_ACKNOWLEDGED);
    assert_int_equal(standing_after(STATE_DECLINED, STATE_RECALLED),
                     STATE_RECALLED);
}

static void
of_one_kind_the_last_stands(void **state)
{
    (void)state;
    assert_int_equal(standing_after(STATE_QUEUED, STATE_HELD), STATE_HELD);
    assert_int_equal(standing_after(STATE_HELD, STATE_QUEUED), STATE_QUEUED);
    assert_int_equal(standing_after(STATE_REJECTED, STATE_ACCEPTED),
                     STATE_ACCEPTED);
    assert_int_equal(standing_after(STATE_QUARANTINED, STATE_NEW), STATE_NEW);
}

static void
a_node_that_could_not_open_an_entry_may_accept_it_later(void **state)
{
    (void)state;
    assert_int_equal(standing_after(STATE_UNOPENED, STATE_ACCEPTED),
                     STATE_ACCEPTED);
}

static void
every_state_stands_over_none_and_a_number_that_is_none_is_none(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= STATE_LAST; i++) {
        assert_int_equal(standing_after(STATE_NONE, (enum message_state)i), i);
        assert_int_equal(standing_after((enum message_state)i, STATE_NONE), i);
        assert_int_equal(standing_of((uint8_t)i), i);
    }
    assert_int_equal(standing_of(STATE_LAST + 1), STATE_NONE);
    assert_int_equal(standing_of(255), STATE_NONE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_kind_of_state_stands_over_an_earlier_one),
        cmocka_unit_test(of_one_kind_the_last_stands),
        cmocka_unit_test(
            a_node_that_could_not_open_an_entry_may_accept_it_later),
        cmocka_unit_test(
            every_state_stands_over_none_and_a_number_that_is_none_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
