#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/strike.h"

#include <string.h>

static struct fate        fate;
static struct machine_env env = {.fate = &fate};
static struct storm       storm = {.env = &env};

static void
one_number_is_one_strike(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        size_t which;

        storm.dice = fate_dice(&fate, FATE_STRIKE, i);
        which = strike_pick(&storm);
        storm.dice = fate_dice(&fate, FATE_STRIKE, i);
        assert_int_equal(strike_pick(&storm), which);
        assert_true(strlen(strike_words(which)) > 0);
    }
}

static void
strikes_differ(void **state)
{
    bool   seen[64] = {false};
    size_t kinds = 0;

    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        size_t which;

        storm.dice = fate_dice(&fate, FATE_STRIKE, i);
        which = strike_pick(&storm);
        assert_in_range(which, 0, 63);
        kinds += !seen[which];
        seen[which] = true;
    }
    assert_true(kinds > 10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_number_is_one_strike),
        cmocka_unit_test(strikes_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
