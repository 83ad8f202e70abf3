#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/padme.h"

/* By hand, from the paper: exponent E, then E's own bits are kept. */
static void
lengths_are_those_of_the_paper(void **state)
{
    static const uint64_t table[][2] = {
        {1, 1},       {7, 7},       {8, 8},         {9, 10},
        {100, 104},   {1000, 1024}, {1 << 20, 1 << 20},
        {(1 << 20) + 1, (1 << 20) + (1 << 15)},
        {(UINT64_C(1) << 36) - 1, UINT64_C(1) << 36},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_int_equal(padme_len(table[i][0]), table[i][1]);
}

static void
it_never_falls_and_adds_twelve_percent_at_most(void **state)
{
    uint64_t before = 0;

    (void)state;
    for (uint64_t len = 1; len < 100000; len++) {
        uint64_t padded = padme_len(len);

        assert_true(padded >= len && padded >= before);
        assert_true((padded - len) * 100 <= len * 12);
        assert_int_equal(padme_len(padded), padded);
        before = padded;
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_those_of_the_paper),
        cmocka_unit_test(it_never_falls_and_adds_twelve_percent_at_most),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
