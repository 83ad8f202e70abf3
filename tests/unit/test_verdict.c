#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/verdict.h"

static void
the_first_breach_is_kept_with_its_words(void **state)
{
    struct verdict verdict = {0};

    (void)state;
    verdict_break(&verdict, "leaf %d", 7);
    verdict_break(&verdict, "head %d", 8);
    assert_true(verdict.broken);
    assert_string_equal(verdict.words, "leaf 7");
}

static void
long_words_are_cut_and_ended(void **state)
{
    struct verdict verdict = {0};

    (void)state;
    verdict_break(&verdict, "%*s", 2 * VERDICT_WORDS, "x");
    assert_int_equal(strlen(verdict.words), VERDICT_WORDS - 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_breach_is_kept_with_its_words),
        cmocka_unit_test(long_words_are_cut_and_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
