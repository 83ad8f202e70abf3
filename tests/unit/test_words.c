/* test_words.c - an enum's words, found, listed and guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message.pb-c.h"
#include "proto/words.h"

#include <string.h>

#define TLP (&entente__message__tlp__descriptor)
#define PRECEDENCE (&entente__precedence__descriptor)

static void
a_word_is_the_value_without_the_name_of_its_enum(void **state)
{
    (void)state;
    assert_string_equal(words_name(PRECEDENCE, 5), "FLASH");
    assert_string_equal(words_name(TLP, 4),
                        "AMBER+STRICT");
}

static void
unspecified_and_unknown_values_have_no_word(void **state)
{
    (void)state;
    assert_null(words_name(PRECEDENCE, 0));
    assert_null(words_name(PRECEDENCE, 7));
    assert_null(words_name(PRECEDENCE, -1));
}

static void
every_word_finds_its_value_in_any_case_of_letters(void **state)
{
    int value;

    (void)state;
    for (int i = 1; i <= 6; i++) {
        assert_int_equal(
            words_value(PRECEDENCE, span_text(words_name(PRECEDENCE, i)),
                        &value),
            STATUS_OK);
        assert_int_equal(value, i);
    }
    assert_int_equal(words_value(TLP, span_text("amber+strict"), &value),
                     STATUS_OK);
    assert_int_equal(value, 4);
}

static void
what_is_no_word_finds_nothing(void **state)
{
    static const char *const bad[] = {"",        "FLAS", "FLASHY",
                                      "PRECEDENCE_FLASH", "UNSPECIFIED", "5"};
    int                      value = 99;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(words_value(PRECEDENCE, span_text(bad[i]), &value),
                         STATUS_NOT_FOUND);
    assert_int_equal(
        words_value(PRECEDENCE, (struct span){(const uint8_t *)"FLASH", 6},
                    &value),
        STATUS_NOT_FOUND); /* a zero byte behind it */
    assert_int_equal(value, 99);
}

static void
words_are_listed_in_order_and_cut_where_they_do_not_fit(void **state)
{
    char whole[128], cut[24];

    (void)state;
    words_list(PRECEDENCE, whole, sizeof(whole));
    assert_string_equal(
        whole, "DEFERRED, ROUTINE, PRIORITY, IMMEDIATE, FLASH, OVERRIDE");
    for (size_t cap = 1; cap <= sizeof(cut); cap++) {
        memset(cut, '!', sizeof(cut));
        words_list(PRECEDENCE, cut, cap);
        assert_non_null(memchr(cut, '\0', cap));
        if (cap > 4)
            assert_string_equal(cut + strlen(cut) - 3, "...");
    }
}

static void
the_nearest_word_is_what_was_meant(void **state)
{
    static const char *const words[] = {"ROUTINE", "PRIORITY", "FLASH"};
    static const struct {
        const char *typed, *meant;
    } rows[] = {
        {"ROUTINE", "ROUTINE"}, {"rotine", "ROUTINE"},  {"ROTUINE", "ROUTINE"},
        {"PRIOITY", "PRIORITY"}, {"FLAHS", "FLASH"},    {"FLASHH", "FLASH"},
        {"", NULL},              {"tea", NULL},         {"ZZROUT", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *found = words_nearest(span_text(rows[i].typed), words, 3);

        if (rows[i].meant == NULL)
            assert_null(found);
        else
            assert_string_equal(found, rows[i].meant);
    }
}

static void
what_is_very_long_is_not_guessed_at(void **state)
{
    char        typed[1000];
    const char *word = typed;

    (void)state;
    memset(typed, 'a', sizeof(typed));
    typed[sizeof(typed) - 1] = '\0';
    assert_null(words_nearest(span_text(typed), &word, 1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_the_value_without_the_name_of_its_enum),
        cmocka_unit_test(unspecified_and_unknown_values_have_no_word),
        cmocka_unit_test(every_word_finds_its_value_in_any_case_of_letters),
        cmocka_unit_test(what_is_no_word_finds_nothing),
        cmocka_unit_test(
            words_are_listed_in_order_and_cut_where_they_do_not_fit),
        cmocka_unit_test(the_nearest_word_is_what_was_meant),
        cmocka_unit_test(what_is_very_long_is_not_guessed_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
