/* test_safety.c - the digits that two people compare. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/safety.h"
#include "tests/unit/cert_world.h"

#define FIRST "21835 91899 50042 16608 47489 97322"
#define SECOND "72824 23076 66833 91840 91600 34766"

/* Of the organisation's and the log's counting keys; the first is the lower. */
static struct safety
good_safety(void)
{
    struct safety safety;

    assert_int_equal(safety_number(org_key().public_key, log_key().public_key,
                                   &safety),
                     STATUS_OK);
    return safety;
}

static void
the_digits_are_those_computed_apart_from_this_code(void **state)
{
    struct safety safety = good_safety();
    char          text[SAFETY_TEXT_LEN + 1];

    (void)state;
    safety_format(&safety, SAFETY_ALL, text);
    assert_string_equal(text, FIRST " " SECOND);
    assert_int_equal(strlen(text), SAFETY_TEXT_LEN);
    safety_format(&safety, SAFETY_FIRST_HALF, text);
    assert_string_equal(text, FIRST);
    safety_format(&safety, SAFETY_SECOND_HALF, text);
    assert_string_equal(text, SECOND);
}

static void
both_sides_compute_the_same(void **state)
{
    struct safety here = good_safety(), there;

    (void)state;
    assert_int_equal(safety_number(log_key().public_key, org_key().public_key,
                                   &there),
                     STATUS_OK);
    assert_memory_equal(&here, &there, sizeof(here));
}

static void
another_key_gives_other_digits(void **state)
{
    struct safety safety = good_safety(), other;
    uint8_t       key[LIMIT_KEY];

    (void)state;
    for (size_t i = 0; i < LIMIT_KEY; i++) {
        memcpy(key, log_key().public_key, LIMIT_KEY);
        key[i] ^= 1;
        assert_int_equal(safety_number(org_key().public_key, key, &other),
                         STATUS_OK);
        assert_memory_not_equal(&safety, &other, sizeof(safety));
    }
}

/* Else two keys of an attacker could be chosen for each other. */
static void
a_half_is_of_one_key_alone(void **state)
{
    struct safety safety = good_safety(), other;
    uint8_t       key[LIMIT_KEY];
    char          half[SAFETY_TEXT_LEN + 1];

    (void)state;
    memcpy(key, log_key().public_key, LIMIT_KEY);
    for (unsigned i = 1; i < 256; i++) {
        enum safety_part part;

        key[LIMIT_KEY - 1] ^= (uint8_t)i;
        part = safety_read_by(org_key().public_key, key);
        assert_int_equal(safety_number(org_key().public_key, key, &other),
                         STATUS_OK);
        safety_format(&other, part, half);
        assert_int_equal(safety_compare(&safety, SAFETY_FIRST_HALF,
                                        span_text(half)),
                         STATUS_OK);
    }
}

static void
one_key_twice_has_no_safety_number(void **state)
{
    struct safety safety;

    (void)state;
    assert_int_equal(safety_number(org_key().public_key, org_key().public_key,
                                   &safety),
                     STATUS_BAD_FIELD);
}

static void
the_lower_key_reads_the_first_half_and_types_the_second(void **state)
{
    struct sign_key low = org_key(), high = log_key();

    (void)state;
    assert_int_equal(safety_read_by(low.public_key, high.public_key),
                     SAFETY_FIRST_HALF);
    assert_int_equal(safety_typed_by(low.public_key, high.public_key),
                     SAFETY_SECOND_HALF);
    assert_int_equal(safety_read_by(high.public_key, low.public_key),
                     SAFETY_SECOND_HALF);
    assert_int_equal(safety_typed_by(high.public_key, low.public_key),
                     SAFETY_FIRST_HALF);
}

static void
digits_are_taken_with_blanks_and_dashes_anywhere(void **state)
{
    static const char *const typed[] = {
        SECOND, "728242307666833918409160034766",
        "72824-23076-66833-91840-91600-34766",
        " 7 2 8 2 4\t23076 66833 91840 91600 34766 \r\n"};
    struct safety safety = good_safety();

    (void)state;
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
        assert_int_equal(safety_compare(&safety, SAFETY_SECOND_HALF,
                                        span_text(typed[i])),
                         STATUS_OK);
    assert_int_equal(
        safety_compare(&safety, SAFETY_ALL, span_text(FIRST SECOND)),
        STATUS_OK);
}

static void
every_digit_counts(void **state)
{
    struct safety safety = good_safety();
    char          typed[] = FIRST " " SECOND;

    (void)state;
    for (size_t i = 0; i < strlen(typed); i++) {
        char kept = typed[i];

        if (kept == ' ')
            continue;
        typed[i] = (char)(kept == '9' ? '0' : kept + 1);
        assert_int_equal(safety_compare(&safety, SAFETY_ALL, span_text(typed)),
                         STATUS_BAD_PROOF);
        typed[i] = kept;
    }
}

static void
one_half_never_passes_for_the_other_or_for_all(void **state)
{
    struct safety safety = good_safety();

    (void)state;
    assert_int_equal(
        safety_compare(&safety, SAFETY_SECOND_HALF, span_text(FIRST)),
        STATUS_BAD_PROOF);
    assert_int_equal(safety_compare(&safety, SAFETY_ALL, span_text(FIRST)),
                     STATUS_BAD_FIELD);
    assert_int_equal(
        safety_compare(&safety, SAFETY_FIRST_HALF, span_text(FIRST SECOND)),
        STATUS_BAD_FIELD);
}

static void
what_is_not_digits_is_refused(void **state)
{
    static const char *const typed[] = {
        "", "-", "yes", FIRST "x", FIRST "0", "\xd9\xa0",
        FIRST FIRST FIRST FIRST FIRST FIRST};
    struct safety safety = good_safety();

    (void)state;
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
        assert_int_equal(safety_compare(&safety, SAFETY_FIRST_HALF,
                                        span_text(typed[i])),
                         STATUS_BAD_FIELD);
    for (size_t len = 0; len < strlen(FIRST); len++)
        assert_int_equal(
            safety_compare(&safety, SAFETY_FIRST_HALF,
                           (struct span){(const uint8_t *)FIRST, len}),
            STATUS_BAD_FIELD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_digits_are_those_computed_apart_from_this_code),
        cmocka_unit_test(both_sides_compute_the_same),
        cmocka_unit_test(another_key_gives_other_digits),
        cmocka_unit_test(a_half_is_of_one_key_alone),
        cmocka_unit_test(one_key_twice_has_no_safety_number),
        cmocka_unit_test(
            the_lower_key_reads_the_first_half_and_types_the_second),
        cmocka_unit_test(digits_are_taken_with_blanks_and_dashes_anywhere),
        cmocka_unit_test(every_digit_counts),
        cmocka_unit_test(one_half_never_passes_for_the_other_or_for_all),
        cmocka_unit_test(what_is_not_digits_is_refused),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
