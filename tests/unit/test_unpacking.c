/*
 * test_unpacking.c - a bundle in any order, twice, late, cut, changed or for
 * somebody else: what it is good for is taken, and nothing else happens.
 */
#include "node/core/bundle/unpacking.h"

#include "tests/unit/courier_world.h"

static void
submit(struct duo_party *party, unsigned id, const char *text)
{
    duo_submit(party, courier_peer(party)->name, id, "ROUTINE", text, NULL);
    courier_settle(party);
}

/* So long that a record holds few of them. */
static void
submit_long(struct duo_party *party, unsigned first, unsigned count)
{
    char text[20000] = {0};

    memset(text, 'a', sizeof(text) - 1);
    for (unsigned i = first; i < first + count; i++)
        duo_submit_note(party,
                        &(struct duo_note){.to = courier_peer(party)->name,
                                           .id = i,
                                           .precedence = "ROUTINE",
                                           .subject = "long",
                                           .text = text});
    courier_settle(party);
}

static void
two_that_never_have_a_link_come_to_rest_with_every_receipt(void **state)
{
    struct duo                          *duo = *state;
    const Entente__BundleImportResponse *found;

    submit(&duo->a, 1, "one");
    submit(&duo->b, 1, "first of b");
    found = courier_carry(&duo->a, &duo->b);
    assert_int_equal(found->messages, 1);
    assert_true(found->answer_due);
    assert_int_equal(found->number, 1);
    assert_int_equal(found->missing, 0);
    found = courier_carry(&duo->b, &duo->a);
    assert_int_equal(found->messages, 1);
    assert_int_equal(found->taken, 1);
    assert_true(found->received > 0);
    assert_true(found->answer_due);
    found = courier_carry(&duo->a, &duo->b);
    assert_true(found->answer_due); /* its log with our verdict */
    found = courier_carry(&duo->b, &duo->a);
    assert_false(found->answer_due);
    courier_assert_even(duo);
    assert_int_equal(courier_states(&duo->b, RECORD_IN_ENTRY, STATE_NEW), 1);
    assert_int_equal(courier_states(&duo->a, RECORD_IN_ENTRY, STATE_NEW), 1);
    assert_int_equal(
        courier_states(&duo->a, RECORD_VERDICT, STATE_ACCEPTED), 1);
    assert_string_equal(courier_peer(&duo->a)->alarm, "");
    assert_string_equal(courier_peer(&duo->b)->alarm, "");
}

static void
a_bundle_twice_changes_nothing_and_says_so(void **state)
{
    struct duo                          *duo = *state;
    const Entente__BundleImportResponse *found;
    struct stick                         stick;
    size_t                               records;

    submit(&duo->a, 1, "one");
    (void)courier_export(&duo->a, &stick);
    assert_int_equal(courier_import(&duo->b, &stick)->messages, 1);
    records = duo->b.record_count;
    found = courier_import(&duo->b, &stick);
    assert_true(found->old);
    assert_int_equal(found->messages, 0);
    assert_true(found->known > 0);
    assert_int_equal(found->n_faults, 0);
    assert_int_equal(duo->b.record_count, records);
    stick_free(&stick);
}

static void
an_older_bundle_after_a_newer_is_harmless_and_a_gap_is_named(void **state)
{
    struct duo                          *duo = *state;
    const Entente__BundleImportResponse *found;
    struct stick                         sticks[3];

    for (unsigned i = 0; i < 3; i++) {
        submit(&duo->a, i + 1, "one");
        (void)courier_export(&duo->a, &sticks[i]);
    }
    found = courier_import(&duo->b, &sticks[2]);
    assert_int_equal(found->messages, 3);
    assert_int_equal(found->missing_first, 1);
    assert_int_equal(found->missing, 2);
    for (unsigned i = 0; i < 2; i++) {
        found = courier_import(&duo->b, &sticks[i]);
        assert_true(found->old);
        assert_int_equal(found->messages, 0);
        assert_int_equal(found->n_faults, 0);
    }
    assert_int_equal(courier_states(&duo->b, RECORD_IN_ENTRY, STATE_NEW), 3);
    assert_string_equal(courier_peer(&duo->b)->alarm, "");
    for (unsigned i = 0; i < 3; i++)
        stick_free(&sticks[i]);
}

static void
a_stick_that_was_cut_is_good_for_what_is_left(void **state)
{
    struct duo                          *duo = *state;
    const Entente__BundleImportResponse *found;
    struct stick                         stick, cut;

    submit_long(&duo->a, 1, 9);
    (void)courier_export(&duo->a, &stick);
    cut = stick;
    cut.len -= BUNDLE_SEALED_LEN + 100;
    found = courier_import(&duo->b, &cut);
    assert_true(found->cut);
    assert_true(found->messages > 2 && found->messages < 9);
    assert_int_equal(found->incomplete, 9 - found->messages);
    assert_int_equal(found->n_faults, 0);
    found = courier_import(&duo->b, &stick);
    assert_true(found->old);
    assert_false(found->cut);
    assert_int_equal(found->incomplete, 0);
    assert_int_equal(courier_states(&duo->b, RECORD_IN_ENTRY, STATE_NEW), 9);
    stick_free(&stick);
}

static void
a_damaged_record_is_passed_over_and_those_behind_it_are_read(void **state)
{
    struct duo                          *duo = *state;
    const Entente__BundleImportResponse *found;
    struct stick                         stick;
    size_t                               at;

    submit_long(&duo->a, 1, 16);
    (void)courier_export(&duo->a, &stick);
    at = BUNDLE_HEADER_LEN + 2 * BUNDLE_SEALED_LEN + 1000;
    assert_true(stick.len > at + 2 * BUNDLE_SEALED_LEN);
    stick.bytes[at] ^= 1;
    found = courier_import(&duo->b, &stick);
    assert_int_equal(found->damaged, 1);
    assert_false(found->cut);
    assert_true(found->messages >= 6 && found->messages < 16);
    assert_int_equal(found->incomplete, 16 - found->messages);
    stick.bytes[at] ^= 1;
    found = courier_import(&duo->b, &stick);
    assert_int_equal(courier_states(&duo->b, RECORD_IN_ENTRY, STATE_NEW), 16);
    stick_free(&stick);
}

/* Refused whole: the code, and no record more than before. */
static void
assert_refused(struct duo_party *party, const struct stick *stick,
               const char *code)
{
    size_t                   records = party->record_count;
    const Entente__Response *response = courier_bring(
        party, stick->bytes,
        stick->len < BUNDLE_HEADER_LEN + BUNDLE_SEALED_LEN
            ? stick->len
            : BUNDLE_HEADER_LEN + BUNDLE_SEALED_LEN,
        false);

    assert_int_equal(response->kind_case, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_string_equal(response->failure->code, code);
    assert_int_equal(party->record_count, records);
}

static void
a_changed_beginning_refuses_the_file(void **state)
{
    /* a byte of each field, and what it looks like then */
    static const struct {
        size_t      at;
        const char *code;
    } changes[] = {
        {0, "BAD_ENCODING"},   {17, "BAD_VERSION"},  {20, "UNTRUSTED"},
        {40, "UNTRUSTED"},     {52, "UNOPENED"},     {60, "UNOPENED"},
        {65, "UNOPENED"},      {69, "UNOPENED"},     {80, "UNOPENED"},
        {110, "UNOPENED"},     {120, "UNOPENED"},    {160, "BAD_PROOF"},
        {200, "BAD_PROOF"},    {300, "BAD_PROOF"},   {60000, "BAD_PROOF"},
    };
    struct duo  *duo = *state;
    struct stick stick;

    submit(&duo->a, 1, "one");
    (void)courier_export(&duo->a, &stick);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        stick.bytes[changes[i].at] ^= 1;
        assert_refused(&duo->b, &stick, changes[i].code);
        stick.bytes[changes[i].at] ^= 1;
    }
    stick.len = BUNDLE_HEADER_LEN + 70;
    assert_refused(&duo->b, &stick, "BAD_ENCODING");
    stick.len = 40;
    assert_refused(&duo->b, &stick, "BAD_ENCODING");
    stick_free(&stick);
}

static void
ones_own_bundle_and_one_of_a_removed_peer_are_refused(void **state)
{
    struct duo  *duo = *state;
    struct stick stick;

    submit(&duo->a, 1, "one");
    (void)courier_export(&duo->a, &stick);
    assert_refused(&duo->a, &stick, "UNTRUSTED");
    assert_non_null(strstr(duo->a.told[duo->a.told_count - 1]
                               .response->failure->message,
                           "made this bundle itself"));
    courier_peer(&duo->b)->flags |= PEER_REMOVED;
    assert_refused(&duo->b, &stick, "UNTRUSTED");
    stick_free(&stick);
}

static void
a_crash_while_reading_loses_nothing_that_was_answered(void **state)
{
    struct duo                          *duo = *state;
    const Entente__BundleImportResponse *found;
    struct stick                         stick;

    submit_long(&duo->a, 1, 9);
    (void)courier_export(&duo->a, &stick);
    (void)courier_bring(&duo->b, stick.bytes,
                        BUNDLE_HEADER_LEN + 2 * BUNDLE_SEALED_LEN, false);
    duo_restart(&duo->b);
    found = courier_import(&duo->b, &stick);
    assert_true(found->old);
    assert_int_equal(courier_states(&duo->b, RECORD_IN_ENTRY, STATE_NEW), 9);
    (void)courier_carry(&duo->b, &duo->a);
    assert_int_equal(
        courier_states(&duo->a, RECORD_VERDICT, STATE_ACCEPTED) > 0, true);
    stick_free(&stick);
}

static void
a_client_that_goes_leaves_nothing_half_done(void **state)
{
    struct duo        *duo = *state;
    const struct event gone = {.kind = EVENT_CLIENT_GONE, .client = 1};
    struct stick       stick;

    submit_long(&duo->a, 1, 9);
    (void)courier_export(&duo->a, &stick);
    (void)courier_bring(&duo->b, stick.bytes,
                        BUNDLE_HEADER_LEN + BUNDLE_SEALED_LEN, false);
    duo_post(&duo->b, &gone);
    courier_settle(&duo->b);
    assert_null(duo->b.node->unpackings[0]);
    assert_int_equal(courier_import(&duo->b, &stick)->incomplete, 0);
    stick_free(&stick);
}

static void
what_a_stick_brought_is_receipted_by_the_link_that_comes_up(void **state)
{
    struct duo *duo = *state;

    submit(&duo->a, 1, "one");
    submit_long(&duo->a, 2, 5);
    (void)courier_carry(&duo->a, &duo->b);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 120000);
    courier_assert_even(duo);
    assert_int_equal(courier_states(&duo->b, RECORD_IN_ENTRY, STATE_NEW), 6);
    assert_string_equal(courier_peer(&duo->a)->alarm, "");
}

static void
what_was_made_for_a_stick_goes_by_the_link_if_that_is_first(void **state)
{
    struct duo                          *duo = *state;
    const Entente__BundleImportResponse *found;
    struct stick                         stick;

    submit(&duo->a, 1, "one");
    submit_long(&duo->a, 2, 5);
    (void)courier_export(&duo->a, &stick);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 120000);
    courier_assert_even(duo);
    assert_int_equal(courier_states(&duo->b, RECORD_IN_ENTRY, STATE_NEW), 6);
    found = courier_import(&duo->b, &stick);
    assert_int_equal(found->messages, 0);
    assert_int_equal(found->n_faults, 0);
    assert_false(found->answer_due);
    assert_int_equal(courier_states(&duo->b, RECORD_IN_ENTRY, STATE_NEW), 6);
    stick_free(&stick);
}

#define UNPACKING_TEST(name)                                                   \
    cmocka_unit_test_setup_teardown(name, courier_make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        UNPACKING_TEST(
            two_that_never_have_a_link_come_to_rest_with_every_receipt),
        UNPACKING_TEST(a_bundle_twice_changes_nothing_and_says_so),
        UNPACKING_TEST(
            an_older_bundle_after_a_newer_is_harmless_and_a_gap_is_named),
        UNPACKING_TEST(a_stick_that_was_cut_is_good_for_what_is_left),
        UNPACKING_TEST(
            a_damaged_record_is_passed_over_and_those_behind_it_are_read),
        UNPACKING_TEST(a_changed_beginning_refuses_the_file),
        UNPACKING_TEST(ones_own_bundle_and_one_of_a_removed_peer_are_refused),
        UNPACKING_TEST(a_crash_while_reading_loses_nothing_that_was_answered),
        UNPACKING_TEST(a_client_that_goes_leaves_nothing_half_done),
        UNPACKING_TEST(
            what_a_stick_brought_is_receipted_by_the_link_that_comes_up),
        UNPACKING_TEST(
            what_was_made_for_a_stick_goes_by_the_link_if_that_is_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
