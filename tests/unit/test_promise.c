#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/promise.h"

static struct promise_list     promises;
static const struct message_id one = {{1}};
static const struct message_id two = {{2}};

static int
clear_promises(void **state)
{
    (void)state;
    promise_clear(&promises);
    return 0;
}

static void
a_promise_belongs_to_one_node_and_stays_when_it_was_kept(void **state)
{
    (void)state;
    promise_note(&promises, 0, &one, PROMISE_WAITS);
    assert_true(promise_has(&promises, 0, &one));
    assert_false(promise_has(&promises, 1, &one));
    assert_false(promise_has(&promises, 0, &two));
    promise_note(&promises, 0, &one, PROMISE_LEFT);
    assert_true(promise_has(&promises, 0, &one));
    assert_int_equal(promises.count, 1);
}

static void
what_waits_and_is_not_recalled_is_found(void **state)
{
    (void)state;
    promise_note(&promises, 0, &one, PROMISE_WAITS);
    promise_note(&promises, 0, &two, PROMISE_WAITS);
    promise_note(&promises, 1, &two, PROMISE_WAITS);
    promise_recall_begin(&promises, 0);
    promise_note(&promises, 0, &one, PROMISE_WAITS);
    assert_non_null(promise_recall_end(&promises, 0));
    assert_int_equal(promise_recall_end(&promises, 0)->id.bytes[0], 2);
    assert_null(promise_recall_end(&promises, 1));
}

static void
what_has_left_need_not_be_recalled(void **state)
{
    (void)state;
    promise_note(&promises, 0, &one, PROMISE_LEFT);
    promise_recall_begin(&promises, 0);
    assert_null(promise_recall_end(&promises, 0));
}

static void
what_is_spoilt_is_neither_promised_nor_waited_for(void **state)
{
    (void)state;
    promise_sealed(&promises, 0, &one, true);
    assert_false(promise_has(&promises, 0, &one));
    promise_left(&promises, 0, &one);
    promise_note(&promises, 0, &one, PROMISE_WAITS); /* given back */
    assert_true(promise_has(&promises, 0, &one));
    assert_false(promise_waits(&promises));
    promise_recall_begin(&promises, 0);
    assert_null(promise_recall_end(&promises, 0));
}

/* The turn that forged it was never durable. */
static void
what_was_forged_and_has_not_left_is_still_waited_for(void **state)
{
    (void)state;
    promise_note(&promises, 0, &one, PROMISE_WAITS);
    promise_sealed(&promises, 0, &one, true);
    assert_false(promise_spoilt(&promises, 0, &one));
    assert_true(promise_waits(&promises));
    promise_recall_begin(&promises, 0);
    assert_non_null(promise_recall_end(&promises, 0));
    promise_sealed(&promises, 0, &one, false);
    promise_left(&promises, 0, &one);
    assert_false(promise_spoilt(&promises, 0, &one));
}

static void
what_was_forged_and_is_recalled_as_left_is_spoilt(void **state)
{
    (void)state;
    promise_note(&promises, 0, &one, PROMISE_WAITS);
    promise_sealed(&promises, 0, &one, true);
    promise_recall_begin(&promises, 0);
    promise_note(&promises, 0, &one, PROMISE_WAITS);
    assert_false(promise_spoilt(&promises, 0, &one));
    promise_note(&promises, 0, &one, PROMISE_LEFT);
    assert_true(promise_spoilt(&promises, 0, &one));
}

#define CASE(test) cmocka_unit_test_teardown(test, clear_promises)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_promise_belongs_to_one_node_and_stays_when_it_was_kept),
        CASE(what_waits_and_is_not_recalled_is_found),
        CASE(what_has_left_need_not_be_recalled),
        CASE(what_was_forged_and_is_recalled_as_left_is_spoilt),
        CASE(what_is_spoilt_is_neither_promised_nor_waited_for),
        CASE(what_was_forged_and_has_not_left_is_still_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
