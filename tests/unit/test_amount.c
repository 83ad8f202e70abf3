/* test_amount.c - sizes as people say them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/terminal/amount.h"

static void
what_is_small_is_exact(void **state)
{
    (void)state;
    assert_string_equal(amount_of(0).text, "0 bytes");
    assert_string_equal(amount_of(1).text, "1 byte");
    assert_string_equal(amount_of(999).text, "999 bytes");
}

static void
what_is_large_has_one_decimal(void **state)
{
    (void)state;
    assert_string_equal(amount_of(1000).text, "1.0 kB");
    assert_string_equal(amount_of(3000000).text, "3.0 MB");
    assert_string_equal(amount_of(314572800).text, "314.6 MB");
    assert_string_equal(amount_of((uint64_t)64 << 30).text, "68.7 GB");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_small_is_exact),
        cmocka_unit_test(what_is_large_has_one_decimal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
