/* test_size.c - sizes as people write them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/host/size.h"

static void
a_letter_stands_for_a_power_of_two(void **state)
{
    static const struct {
        const char *text;
        uint64_t    value;
    } good[] = {{"0", 0},
                {"500000", 500000},
                {"1K", 1024},
                {"64M", 64u << 20},
                {"2G", (uint64_t)2 << 30},
                {"1T", (uint64_t)1 << 40},
                {"18446744073709551615", UINT64_MAX}};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        uint64_t value = 1;

        assert_int_equal(size_parse(good[i].text, &value), STATUS_OK);
        assert_true(value == good[i].value);
    }
}

static void
anything_else_is_refused_and_changes_nothing(void **state)
{
    static const char *const bad[] = {"",    "M",    "-1", "1.5M", " 1",
                                      "1 M", "64MB", "1k", "0x10", "16777216T",
                                      "18446744073709551616"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        uint64_t value = 7;

        assert_int_equal(size_parse(bad[i], &value), STATUS_BAD_FIELD);
        assert_true(value == 7);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_stands_for_a_power_of_two),
        cmocka_unit_test(anything_else_is_refused_and_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
