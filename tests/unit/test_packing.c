/*
 * test_packing.c - a bundle has all that the peer has not confirmed, and making
 * one never loses anything.
 */
#include "node/core/bundle/packing.h"

#include "tests/unit/courier_world.h"

static void
what_waits_is_dispatched_into_lane_courier_alone(void **state)
{
    struct duo                   *duo = *state;
    struct peer                  *peer = courier_peer(&duo->a);
    Entente__BundleExportResponse made;
    struct stick                  stick;
    uint64_t wire = lane_channel(peer, LANE_WIRE)->frontier.size;

    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", NULL);
    duo_submit(&duo->a, "node2", 2, "FLASH", "two", NULL);
    courier_settle(&duo->a);
    assert_null(lane_channel(peer, LANE_COURIER));
    made = courier_export(&duo->a, &stick);
    assert_int_equal(made.number, 1);
    assert_int_equal(made.dispatched, 2);
    assert_int_equal(made.waiting, 0);
    assert_int_equal(made.entries, 3 + wire); /* with an OPEN */
    assert_int_equal(lane_channel(peer, LANE_COURIER)->frontier.size, 3);
    assert_int_equal(lane_channel(peer, LANE_WIRE)->frontier.size, wire);
    assert_int_equal(
        duo_record(&duo->a, RECORD_OUT_ENTRY,
                   duo_count_records(&duo->a, RECORD_OUT_ENTRY) - 2)
            .precedence,
        PRECEDENCE_FLASH); /* the most urgent first */
    stick_free(&stick);
}

static void
the_number_is_saved_before_the_first_piece_and_never_given_twice(void **state)
{
    struct duo                   *duo = *state;
    Entente__BundleExportResponse made;
    struct stick                  stick = {0};
    struct bundle                 header;

    (void)courier_piece(&duo->a, "node2", &stick, &made);
    assert_int_equal(duo_count_records(&duo->a, RECORD_BUNDLES), 1);
    assert_int_equal(bundle_decode((struct span){stick.bytes,
                                                 BUNDLE_HEADER_LEN},
                                   &header),
                     STATUS_OK);
    assert_int_equal(header.number, 1);
    stick_free(&stick);
    duo_crash(&duo->a, true, DUO_JOURNAL);
    made = courier_export(&duo->a, &stick);
    assert_int_equal(made.number, 2);
    stick_free(&stick);
    duo_restart_from(&duo->a, DUO_SNAPSHOT);
    made = courier_export(&duo->a, &stick);
    assert_int_equal(made.number, 3);
    stick_free(&stick);
}

static void
what_a_broken_off_bundle_dispatched_is_in_the_next(void **state)
{
    struct duo                   *duo = *state;
    const struct event            gone = {.kind = EVENT_CLIENT_GONE,
                                          .client = 1};
    Entente__BundleExportResponse made;
    struct stick                  stick = {0};

    for (unsigned i = 1; i <= 40; i++) {
        char text[4000] = {0};

        memset(text, 'a', sizeof(text) - 1);
        duo_submit_note(&duo->a, &(struct duo_note){.to = "node2",
                                                    .id = i,
                                                    .precedence = "ROUTINE",
                                                    .subject = "long",
                                                    .text = text});
    }
    assert_false(courier_piece(&duo->a, "node2", &stick, &made));
    duo_post(&duo->a, &gone);
    courier_settle(&duo->a);
    assert_null(courier_peer(&duo->a)->packing);
    stick_free(&stick);
    made = courier_export(&duo->a, &stick);
    assert_int_equal(made.dispatched, 0);
    assert_int_equal(courier_import(&duo->b, &stick)->messages, 40);
    stick_free(&stick);
}

static void
each_bundle_is_enough_by_itself_until_the_receipt_is_back(void **state)
{
    struct duo  *duo = *state;
    struct stick first, second, third;

    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", NULL);
    courier_settle(&duo->a);
    (void)courier_export(&duo->a, &first);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "two", NULL);
    courier_settle(&duo->a);
    (void)courier_export(&duo->a, &second);
    assert_int_equal(courier_import(&duo->b, &second)->messages, 2);
    (void)courier_carry(&duo->b, &duo->a);
    assert_int_equal(courier_export(&duo->a, &third).entries, 0);
    stick_free(&first);
    stick_free(&second);
    stick_free(&third);
}

static void
who_asks_out_of_turn_or_for_nobody_is_refused(void **state)
{
    struct duo                   *duo = *state;
    Entente__BundleExportResponse made;
    struct stick                  stick = {0};
    const Entente__Response      *response = courier_ask_piece(&duo->a, "");

    assert_string_equal(response->failure->code, "BAD_STATE");
    response = courier_ask_piece(&duo->a, "nobody");
    assert_string_equal(response->failure->code, "NOT_FOUND");
    for (unsigned i = 1; i <= 30; i++) {
        char text[4000] = {0};

        memset(text, 'a', sizeof(text) - 1);
        duo_submit_note(&duo->a, &(struct duo_note){.to = "node2",
                                                    .id = i,
                                                    .precedence = "ROUTINE",
                                                    .subject = "long",
                                                    .text = text});
    }
    assert_false(courier_piece(&duo->a, "node2", &stick, &made));
    response = courier_ask_piece(&duo->a, "node2");
    assert_string_equal(response->failure->code, "FULL");
    stick_free(&stick);
}

static void
who_follows_a_message_hears_of_the_stick_and_of_the_receipt(void **state)
{
    struct duo *duo = *state;

    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", "accepted");
    courier_settle(&duo->a);
    (void)courier_carry(&duo->a, &duo->b);
    duo_forget_told(&duo->a);
    (void)courier_carry(&duo->b, &duo->a);
    assert_string_equal(
        duo_last(&duo->a, ENTENTE__RESPONSE__KIND_SUBMIT)->submit->state,
        "accepted");
    assert_true(duo_last(&duo->a, ENTENTE__RESPONSE__KIND_SUBMIT)->last);
}

static void
a_full_disk_dispatches_nothing_and_still_makes_a_bundle(void **state)
{
    struct duo                   *duo = *state;
    const struct event            full = {.kind = EVENT_DISK};
    Entente__BundleExportResponse made;
    struct stick                  stick;

    duo_submit(&duo->a, "node2", 1, "ROUTINE", "one", NULL);
    courier_settle(&duo->a);
    duo_post(&duo->a, &full);
    courier_settle(&duo->a);
    made = courier_export(&duo->a, &stick);
    assert_int_equal(made.dispatched, 0);
    assert_int_equal(made.waiting, 1);
    stick_free(&stick);
}

#define PACKING_TEST(name)                                                     \
    cmocka_unit_test_setup_teardown(name, courier_make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PACKING_TEST(what_waits_is_dispatched_into_lane_courier_alone),
        PACKING_TEST(
            the_number_is_saved_before_the_first_piece_and_never_given_twice),
        PACKING_TEST(what_a_broken_off_bundle_dispatched_is_in_the_next),
        PACKING_TEST(each_bundle_is_enough_by_itself_until_the_receipt_is_back),
        PACKING_TEST(who_asks_out_of_turn_or_for_nobody_is_refused),
        PACKING_TEST(
            who_follows_a_message_hears_of_the_stick_and_of_the_receipt),
        PACKING_TEST(a_full_disk_dispatches_nothing_and_still_makes_a_bundle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
