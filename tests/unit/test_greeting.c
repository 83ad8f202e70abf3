/* test_greeting.c - what record 0 says, and whether a bundle has to go back. */
#include "node/core/bundle/greeting.h"

#include "tests/unit/courier_world.h"

static void
a_receipt_is_due_until_its_writer_shows_that_it_has_it(void **state)
{
    struct duo *duo = *state;

    assert_false(greeting_is_due(courier_peer(&duo->b)));
    (void)courier_carry(&duo->a, &duo->b);
    assert_true(greeting_is_due(courier_peer(&duo->b)));
    (void)courier_carry(&duo->b, &duo->a);
    (void)courier_carry(&duo->a, &duo->b);
    assert_false(greeting_is_due(courier_peer(&duo->b)));
}

static void
receipts_in_a_bundle_are_counted(void **state)
{
    struct duo  *duo = *state;
    struct stick stick;

    assert_int_equal(courier_export(&duo->b, &stick).receipts, 0);
    stick_free(&stick);
    (void)courier_carry(&duo->a, &duo->b);
    assert_int_equal(courier_export(&duo->b, &stick).receipts, 2);
    stick_free(&stick);
}

static void
a_reader_that_lost_state_asks_for_it_again(void **state)
{
    struct duo *duo = *state;
    size_t      records;

    (void)courier_carry(&duo->a, &duo->b);
    (void)courier_carry(&duo->b, &duo->a);
    records = duo->b.record_count;
    duo_submit(&duo->a, courier_peer(&duo->a)->name, 1, "ROUTINE", "one",
               NULL);
    courier_settle(&duo->a);
    (void)courier_carry(&duo->a, &duo->b);
    (void)courier_carry(&duo->b, &duo->a);
    while (duo->b.record_count > records) { /* an older disk */
        struct duo_record *last =
            &duo->b.records[--duo->b.record_count];

        free(last->bytes);
        free(last->secret);
    }
    duo_restart(&duo->b);
    (void)courier_carry(&duo->a, &duo->b);
    assert_true(greeting_is_due(courier_peer(&duo->b)));
    courier_peer(&duo->b)->bundle_used = 50; /* else it is not new at a */
    (void)courier_carry(&duo->b, &duo->a);
    (void)courier_carry(&duo->a, &duo->b);
    assert_int_equal(courier_states(&duo->b, RECORD_IN_ENTRY, STATE_NEW), 1);
}

#define GREETING_TEST(name)                                                    \
    cmocka_unit_test_setup_teardown(name, courier_make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        GREETING_TEST(a_receipt_is_due_until_its_writer_shows_that_it_has_it),
        GREETING_TEST(receipts_in_a_bundle_are_counted),
        GREETING_TEST(a_reader_that_lost_state_asks_for_it_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
