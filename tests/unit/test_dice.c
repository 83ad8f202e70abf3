#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/dice.h"

static void
one_seed_gives_one_row_of_throws(void **state)
{
    struct dice a;
    struct dice b;

    (void)state;
    dice_init(&a, 7, 1);
    dice_init(&b, 7, 1);
    for (int i = 0; i < 1000; i++)
        assert_true(dice_u64(&a) == dice_u64(&b));
}

static void
the_throws_are_those_of_splitmix64(void **state)
{
    /* From the reference code at prng.di.unimi.it, state 1234567. */
    struct dice dice = {.state = 1234567};

    (void)state;
    assert_true(dice_u64(&dice) == 6457827717110365317u);
    assert_true(dice_u64(&dice) == 3203168211198807973u);
    assert_true(dice_u64(&dice) == 9817491932198370423u);
}

static void
other_seeds_and_streams_give_other_throws(void **state)
{
    struct dice a;
    struct dice b;
    struct dice c;

    (void)state;
    dice_init(&a, 7, 1);
    dice_init(&b, 8, 1);
    dice_init(&c, 7, 2);
    assert_true(dice_u64(&a) != dice_u64(&b));
    assert_true(a.state != c.state && b.state != c.state);
}

static void
between_reaches_both_ends_and_nothing_beyond(void **state)
{
    struct dice dice;
    bool        seen[4] = {false};

    (void)state;
    dice_init(&dice, 1, 1);
    for (int i = 0; i < 200; i++) {
        uint64_t throw = dice_between(&dice, 5, 8);

        assert_in_range(throw, 5, 8);
        seen[throw - 5] = true;
    }
    assert_true(seen[0] && seen[1] && seen[2] && seen[3]);
}

static void
fill_writes_every_byte_and_no_more(void **state)
{
    struct dice dice;
    uint8_t     bytes[21];
    uint8_t     seen[21] = {0};

    (void)state;
    dice_init(&dice, 1, 1);
    for (int round = 0; round < 8; round++) {
        memset(bytes, 0, sizeof(bytes));
        dice_fill(&dice, bytes, 20);
        for (int i = 0; i < 21; i++)
            seen[i] |= bytes[i];
    }
    for (int i = 0; i < 20; i++)
        assert_true(seen[i] != 0);
    assert_true(seen[20] == 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seed_gives_one_row_of_throws),
        cmocka_unit_test(the_throws_are_those_of_splitmix64),
        cmocka_unit_test(other_seeds_and_streams_give_other_throws),
        cmocka_unit_test(between_reaches_both_ends_and_nothing_beyond),
        cmocka_unit_test(fill_writes_every_byte_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
