#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/past.h"
#include "tests/unit/logbook_acts.h"

static struct verdict verdict;
static struct ledger  ledger;
static struct past    past;

static int
two_strangers(void **state)
{
    (void)state;
    verdict = (struct verdict){0};
    ledger_init(&ledger, &verdict);
    ledger_node(&ledger, 0, &acts_node[0]);
    ledger_node(&ledger, 1, &acts_node[1]);
    past_init(&past, &ledger);
    return 0;
}

static int
clear(void **state)
{
    (void)state;
    ledger_clear(&ledger);
    return 0;
}

static struct record
chain(size_t who, uint8_t confirmed, uint8_t pending)
{
    return (struct record){.kind = RECORD_CHAIN,
                           .peer = acts_node[1 - who],
                           .key = {confirmed},
                           .root = {pending}};
}

/* `who` journals the session `pending`, and it becomes durable. */
static void
journals(size_t who, uint8_t confirmed, uint8_t pending, bool alarm)
{
    struct record  records[] = {chain(who, confirmed, pending),
                                {.kind = RECORD_ALARM,
                                 .peer = acts_node[1 - who],
                                 .state = STATUS_FORK}};
    struct effects turn = acts_turn(records, alarm ? 2 : 1);

    past_stepped(&past, who, &turn);
    past_committed(&past, who, &turn);
    effects_free(&turn);
}

static void
is_set_back(size_t who, uint8_t confirmed, uint8_t pending)
{
    struct record record = chain(who, confirmed, pending);

    past_recalled(&past, who, &record);
}

static void
sessions_that_follow_one_another_break_nothing(void **state)
{
    (void)state;
    journals(1, 0, 1, false);
    journals(0, 0, 1, false);
    journals(1, 1, 2, false); /* the caller heard nothing of it */
    journals(1, 1, 3, false);
    journals(0, 1, 3, false);
    assert_string_equal(verdict.words, "");
}

static void
who_share_no_past_both_raise_an_alarm(void **state)
{
    static const struct {
        bool        called, caller;
        const char *words;
    } cases[] = {
        {true, true, NULL},
        {true, false, "who called raises no alarm"},
        {false, true, "who was called raised no alarm"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)clear(state);
        (void)two_strangers(state);
        journals(1, 0, 1, false);
        journals(0, 0, 1, false);
        journals(1, 1, 2, false);
        journals(0, 1, 2, false);
        journals(1, 2, 3, false);
        journals(0, 2, 3, false);
        is_set_back(0, 0, 1);
        journals(1, 3, 4, cases[i].called);
        assert_false(verdict.broken);
        journals(0, 1, 4, cases[i].caller);
        assert_int_equal(verdict.broken, cases[i].words != NULL);
        if (cases[i].words != NULL)
            assert_non_null(strstr(verdict.words, cases[i].words));
    }
}

static void
two_sessions_of_one_turn_are_two(void **state)
{
    struct record  records[] = {chain(1, 0, 1), chain(1, 1, 2)};
    struct effects turn = acts_turn(records, 2);

    (void)state;
    past_stepped(&past, 1, &turn);
    past_committed(&past, 1, &turn);
    journals(0, 0, 1, false);
    journals(0, 1, 2, false);
    assert_false(verdict.broken);
    effects_free(&turn);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, two_strangers, clear)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(sessions_that_follow_one_another_break_nothing),
        CASE(two_sessions_of_one_turn_are_two),
        CASE(who_share_no_past_both_raise_an_alarm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
