#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/fate.h"

static struct fate_events met;

static void
without_a_list_all_happens_and_is_noted(void **state)
{
    struct fate fate = {.met = &met};

    (void)state;
    met.count = 0;
    assert_true(fate_wills(&fate, FATE_STRIKE, 7, "hail"));
    assert_true(fate_wills(&fate, FATE_LETTER, 0, "a letter"));
    assert_int_equal(met.count, 2);
    assert_int_equal(met.list[0].kind, FATE_STRIKE);
    assert_int_equal(met.list[0].number, 7);
}

static void
with_a_list_only_what_it_names_happens(void **state)
{
    static struct fate_events only;
    struct fate               fate = {.only = &only, .met = &met};

    (void)state;
    met.count = 0;
    assert_int_equal(fate_parse("s7,n1", &only), STATUS_OK);
    assert_true(fate_wills(&fate, FATE_STRIKE, 7, ""));
    assert_false(fate_wills(&fate, FATE_STRIKE, 8, ""));
    assert_false(fate_wills(&fate, FATE_LETTER, 7, ""));
    assert_true(fate_wills(&fate, FATE_NODE, 1, ""));
    assert_int_equal(met.count, 2);
}

static void
what_is_written_is_read_again(void **state)
{
    static struct fate_events read;
    struct fate_event         event = {FATE_START, UINT64_MAX};
    char                      text[FATE_TEXT];

    (void)state;
    fate_write(&event, text);
    assert_string_equal(text, "b18446744073709551615");
    assert_int_equal(fate_parse(text, &read), STATUS_OK);
    assert_int_equal(read.count, 1);
    assert_true(read.list[0].number == UINT64_MAX);
    assert_int_equal(fate_parse("", &read), STATUS_OK);
    assert_int_equal(read.count, 0);
}

static void
what_is_no_list_is_refused(void **state)
{
    static const char *const bad[] = {"s", "z1", "s1,", ",s1", "s1;s2",
                                      "s-1", "s1 s2"};
    static struct fate_events read;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(fate_parse(bad[i], &read), STATUS_BAD_ENCODING);
}

static void
each_event_has_dice_of_its_own(void **state)
{
    struct fate fate = {.seed = 5};
    struct dice one = fate_dice(&fate, FATE_STRIKE, 1);
    struct dice again = fate_dice(&fate, FATE_STRIKE, 1);
    struct dice two = fate_dice(&fate, FATE_STRIKE, 2);
    struct dice other = fate_dice(&fate, FATE_START, 1);
    uint64_t    throw = dice_u64(&one);

    (void)state;
    assert_true(throw == dice_u64(&again));
    assert_false(throw == dice_u64(&two));
    assert_false(throw == dice_u64(&other));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_list_all_happens_and_is_noted),
        cmocka_unit_test(with_a_list_only_what_it_names_happens),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(each_event_has_dice_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
