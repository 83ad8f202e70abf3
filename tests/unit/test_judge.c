/* Rules between fields that test_message.c does not reach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/message/judge.h"

#include <string.h>

static Entente__Time
moment(int64_t seconds, uint32_t nanos, Entente__Time__Precision precision)
{
    Entente__Time time = ENTENTE__TIME__INIT;

    time.seconds = seconds;
    time.nanos = nanos;
    time.precision = precision;
    return time;
}

static bool
not_after(Entente__Time later, Entente__Time earlier)
{
    return judge_time_not_after(&later, &earlier);
}

static void
a_time_is_after_another_if_its_precision_leaves_room_for_it(void **state)
{
    const Entente__Time__Precision day =
        ENTENTE__TIME__PRECISION__PRECISION_DAY;
    const Entente__Time__Precision second =
        ENTENTE__TIME__PRECISION__PRECISION_SECOND;

    (void)state;
    assert_true(not_after(moment(5, 0, second), moment(5, 0, second)));
    assert_false(not_after(moment(6, 0, second), moment(5, 0, second)));
    assert_false(not_after(moment(5, 2, second), moment(5, 1, second)));
    assert_true(not_after(moment(5, 1, second), moment(5, 2, second)));
    assert_false(not_after(moment(0, 0, day), moment(86399, 0, second)));
    assert_true(not_after(moment(0, 0, day), moment(86400, 0, second)));
    assert_false(not_after(moment(0, 0, day), moment(0, 0, day)));
    assert_true(not_after(moment(0, 0, day), moment(86400, 0, day)));
}

static void
a_comment_or_dissent_says_why(void **state)
{
    Entente__Stance       stance = ENTENTE__STANCE__INIT;
    struct message_faults faults;

    (void)state;
    message_faults_init(&faults);
    stance.view = ENTENTE__STANCE__VIEW__VIEW_CONCUR;
    judge_fields_together(&stance.base, NULL, &faults);
    assert_int_equal(faults.count, 0);
    stance.view = ENTENTE__STANCE__VIEW__VIEW_DISSENT;
    judge_fields_together(&stance.base, NULL, &faults);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].path, "text");
}

static void
an_outcome_is_of_a_judgement_that_there_is(void **state)
{
    Entente__RiskAssessment    assessment = ENTENTE__RISK_ASSESSMENT__INIT;
    Entente__Outcome           outcome = ENTENTE__OUTCOME__INIT;
    Entente__JudgementOutcome  second = ENTENTE__JUDGEMENT_OUTCOME__INIT;
    Entente__JudgementOutcome *list[] = {&second};
    struct message_faults      faults;

    (void)state;
    message_faults_init(&faults);
    second.judgement = 2;
    outcome.judgements = list;
    outcome.n_judgements = 1;
    assessment.outcome = &outcome;
    assessment.n_key_judgements = 2;
    judge_fields_together(&assessment.base, NULL, &faults);
    assert_int_equal(faults.count, 0);
    assessment.n_key_judgements = 1;
    judge_fields_together(&assessment.base, NULL, &faults);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].path,
                        "outcome.judgements[0].judgement");
}

static void
the_digits_of_a_fraction_hold_it(void **state)
{
    Entente__Time time =
        moment(0, 120000000, ENTENTE__TIME__PRECISION__PRECISION_SECOND);
    struct message_faults faults;

    (void)state;
    message_faults_init(&faults);
    time.fraction_digits = 2;
    judge_fields_together(&time.base, NULL, &faults);
    assert_int_equal(faults.count, 0);
    time.fraction_digits = 1;
    judge_fields_together(&time.base, NULL, &faults);
    assert_int_equal(faults.count, 1);
    time.fraction_digits = UINT32_MAX; /* told by its range, not here */
    judge_fields_together(&time.base, NULL, &faults);
    assert_int_equal(faults.count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_time_is_after_another_if_its_precision_leaves_room_for_it),
        cmocka_unit_test(a_comment_or_dissent_says_why),
        cmocka_unit_test(an_outcome_is_of_a_judgement_that_there_is),
        cmocka_unit_test(the_digits_of_a_fraction_hold_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
