#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/saved.h"
#include "tests/unit/logbook_acts.h"

static void
count(void *arg, const struct record *record)
{
    assert_int_equal(record->kind, RECORD_STRUCK);
    ++*(size_t *)arg;
}

static void
a_snapshot_says_nothing_new(void **state)
{
    struct record  records[] = {{.kind = RECORD_STRUCK},
                                {.kind = RECORD_SNAPSHOT},
                                {.kind = RECORD_PENDING},
                                {.kind = RECORD_SNAPSHOT_END},
                                {.kind = RECORD_STRUCK}};
    struct effects turn = acts_turn(records, 5);
    size_t         seen = 0;

    (void)state;
    assert_int_equal(saved_each(&turn, count, &seen), STATUS_OK);
    assert_int_equal(seen, 2);
    effects_free(&turn);
}

static void
what_is_no_record_is_corrupt(void **state)
{
    struct effects turn = {0};
    size_t         seen = 0;

    (void)state;
    effects_add(&turn, EFFECT_SAVE)->bytes = span_text("x");
    assert_int_equal(saved_each(&turn, count, &seen), STATUS_CORRUPT);
    assert_int_equal(seen, 0);
    effects_free(&turn);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_snapshot_says_nothing_new),
        cmocka_unit_test(what_is_no_record_is_corrupt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
