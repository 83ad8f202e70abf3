/* test_retry.c - what cannot be read just now is not lost. */
#include "node/core/attachment/retry.h"
#include "tests/unit/files_world.h"

static void
fail_reads(struct duo *duo, size_t count, enum status as)
{
    duo->a.reads_failing = count;
    duo->a.reads_fail_as = as;
}

static void
a_read_that_failed_once_is_tried_again(void **state)
{
    static const enum status whys[] = {STATUS_IO, STATUS_NO_SPACE,
                                       STATUS_FULL};
    struct duo              *duo = *state;

    for (unsigned i = 0; i < 3; i++) {
        struct duo_enclosed file =
            duo_bring(&duo->a, FILES_SIZE, (uint8_t)(i + 1));

        fail_reads(duo, 1, whys[i]);
        files_submit(duo, i + 1, "ROUTINE", &file, 1);
        duo_run(duo);
        assert_false(duo_has(&duo->b, &file));
        assert_int_equal(files_peer(&duo->a)->owed.count, 1);
        duo_wait(duo, RETRY_MS / 2);
        assert_false(duo_has(&duo->b, &file));
        duo_wait(duo, RETRY_MS);
        files_assert_over(duo, &file);
    }
    assert_int_equal(duo_count_records(&duo->a, RECORD_ALARM), 0);
}

static void
the_node_wakes_by_itself_to_try_again(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);
    uint64_t            begun = duo->a.now_ms;

    fail_reads(duo, 1, STATUS_IO);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    assert_true(duo_wake(&duo->a));
    assert_in_range(duo->a.now_ms, begun + RETRY_MS, begun + RETRY_MS + 1000);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
several_reads_at_once_are_one_try(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    fail_reads(duo, FEEDING_AHEAD / 2, STATUS_IO);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    assert_int_equal(duo->a.reads_failing, 0);
    assert_int_equal(files_peer(&duo->a)->owed.list[0].tries, 1);
    duo_wait(duo, RETRY_MS);
    files_assert_over(duo, &file);
}

static void
a_disk_that_fails_on_and_on_has_lost_it(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    fail_reads(duo, SIZE_MAX, STATUS_IO);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    for (unsigned i = 2; i < RETRY_TRIES; i++)
        duo_wait(duo, RETRY_MS);
    assert_int_equal(files_peer(&duo->a)->owed.count, 1);
    assert_int_equal(duo_count_records(&duo->a, RECORD_ALARM), 0);
    duo_wait(duo, RETRY_MS);
    assert_int_equal(files_peer(&duo->a)->owed.count, 0);
    assert_int_equal(files_state(&duo->a), ATTACHMENT_GONE);
    assert_int_equal(files_state(&duo->b), ATTACHMENT_GONE);
    assert_int_equal(duo_record(&duo->a, RECORD_ALARM, 0).state, STATUS_IO);
}

static void
for_want_of_room_nothing_is_ever_lost(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    fail_reads(duo, SIZE_MAX, STATUS_NO_SPACE);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    for (unsigned i = 1; i < 3 * RETRY_TRIES; i++)
        duo_wait(duo, RETRY_MS);
    assert_int_equal(files_peer(&duo->a)->owed.count, 1);
    assert_int_equal(duo_count_records(&duo->a, RECORD_ALARM), 1);
    fail_reads(duo, 0, STATUS_OK);
    duo_wait(duo, RETRY_MS);
    files_assert_over(duo, &file);
}

static void
a_file_that_rests_holds_no_message_up(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);
    size_t              before;

    fail_reads(duo, SIZE_MAX, STATUS_NO_SPACE);
    files_submit(duo, 1, "PRIORITY", &file, 1);
    duo_run(duo);
    before = duo_count_records(&duo->b, RECORD_IN_ENTRY);
    duo_submit(&duo->a, "node2", 2, "DEFERRED", "tea?", NULL);
    duo_run(duo);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), before + 1);
}

static void
what_was_tried_is_forgotten_as_the_file_goes_on(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);
    struct owed_file   *owed;

    fail_reads(duo, 1, STATUS_IO);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    owed = &files_peer(&duo->a)->owed.list[0];
    assert_int_equal(owed->tries, 1);
    duo_cut(duo);
    duo_turn(&duo->a);
    assert_int_equal(owed->tries, 1);
    assert_false(owed->rests);
    retry_passed(owed);
    assert_int_equal(owed->tries, 0);
    duo_wait(duo, 5000);
    files_assert_over(duo, &file);
}

int
main(void)
{
#define ON_PAIR(test)                                                          \
    cmocka_unit_test_setup_teardown(test, files_make, duo_drop)
    const struct CMUnitTest tests[] = {
        ON_PAIR(a_read_that_failed_once_is_tried_again),
        ON_PAIR(the_node_wakes_by_itself_to_try_again),
        ON_PAIR(several_reads_at_once_are_one_try),
        ON_PAIR(a_disk_that_fails_on_and_on_has_lost_it),
        ON_PAIR(for_want_of_room_nothing_is_ever_lost),
        ON_PAIR(a_file_that_rests_holds_no_message_up),
        ON_PAIR(what_was_tried_is_forgotten_as_the_file_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
