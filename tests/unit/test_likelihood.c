/* The words of likelihood, and sentences that mix two scales. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/message/likelihood.h"

#include <string.h>

#define ICD ENTENTE__YARDSTICK__YARDSTICK_ICD_203
#define PHIA ENTENTE__YARDSTICK__YARDSTICK_PHIA

static void
each_yardstick_has_seven_words_that_rise(void **state)
{
    const struct likelihood *before = NULL;
    size_t                   count[3] = {0};

    (void)state;
    for (size_t i = 0; likelihood_at(i) != NULL; i++) {
        const struct likelihood *row = likelihood_at(i);

        assert_true(row->low_percent < row->high_percent);
        assert_true(row->high_percent <= 100);
        assert_ptr_equal(likelihood_find(row->yardstick, row->word), row);
        if (before != NULL && before->yardstick == row->yardstick)
            assert_true(before->high_percent <= row->low_percent);
        count[row->yardstick]++;
        before = row;
    }
    assert_int_equal(count[ICD], 7);
    assert_int_equal(count[PHIA], 7);
}

static void
one_word_has_another_range_on_another_yardstick(void **state)
{
    (void)state;
    assert_int_equal(likelihood_find(ICD, "unlikely")->high_percent, 45);
    assert_int_equal(likelihood_find(PHIA, "unlikely")->high_percent, 35);
    assert_null(likelihood_find(ICD, "remote chance"));
    assert_null(likelihood_find(PHIA, "Likely"));
}

static void
the_list_is_cut_and_never_overrun(void **state)
{
    char list[32];

    (void)state;
    memset(list, 'x', sizeof(list));
    likelihood_list(ICD, list, sizeof(list) - 1);
    assert_memory_equal(list, "almost no chance", 16);
    assert_int_equal(list[31], 'x');
}

static void
a_confidence_is_a_word_of_degree_beside_confidence(void **state)
{
    (void)state;
    assert_true(likelihood_has_confidence("With HIGH confidence, yes.", false));
    assert_true(likelihood_has_confidence("Our confidence is low.", false));
    assert_false(likelihood_has_confidence("Confidence will fall.", false));
    assert_false(likelihood_has_confidence("", false));
}

static void
beside_a_likelihood_means_in_the_same_sentence(void **state)
{
    (void)state;
    assert_true(likelihood_has_confidence(
        "It is unlikely, and we have low confidence in it.", true));
    assert_false(likelihood_has_confidence(
        "It is unlikely. We have low confidence in it.", true));
    assert_false(likelihood_has_confidence("We have low confidence.", true));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_yardstick_has_seven_words_that_rise),
        cmocka_unit_test(one_word_has_another_range_on_another_yardstick),
        cmocka_unit_test(the_list_is_cut_and_never_overrun),
        cmocka_unit_test(a_confidence_is_a_word_of_degree_beside_confidence),
        cmocka_unit_test(beside_a_likelihood_means_in_the_same_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
