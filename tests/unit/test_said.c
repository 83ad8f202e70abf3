/* test_said.c - what people had done with messages that come again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/message/said.h"


static struct record
verdict(uint64_t epoch, uint64_t index, enum message_state state)
{
    struct record record = {.kind = RECORD_VERDICT,
                            .index = index,
                            .count = 1,
                            .state = (uint8_t)state};

    record.origin.epoch = epoch;
    return record;
}

static void
restore(struct said *said, struct record record)
{
    said_restore(said, &record);
}

static void
each_is_found_by_its_log_and_index(void **state)
{
    struct said   said = {0};
    struct origin one = {.epoch = 1}, two = {.epoch = 2};

    (void)state;
    restore(&said, verdict(2, 7, STATE_READ));
    restore(&said, verdict(1, 3, STATE_READ));
    assert_true(said_has(&said, &two, 7, STATE_READ));
    assert_true(said_has(&said, &one, 3, STATE_READ));
    assert_false(said_has(&said, &one, 7, STATE_READ));
    assert_false(said_has(&said, &one, 3, STATE_DECLINED));
    said_clear(&said);
}

static void
what_is_done_is_not_said_again(void **state)
{
    struct said   said = {0};
    struct origin one = {.epoch = 1};

    (void)state;
    restore(&said, verdict(1, 3, STATE_READ));
    restore(&said, verdict(1, 4, STATE_READ));
    restore(&said, verdict(1, 3, STATE_NONE));
    assert_false(said_has(&said, &one, 3, STATE_READ));
    assert_int_equal(said_next(&said)->index, 4);
    restore(&said, verdict(1, 4, STATE_NONE));
    assert_null(said_next(&said));
    said_clear(&said);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_by_its_log_and_index),
        cmocka_unit_test(what_is_done_is_not_said_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
