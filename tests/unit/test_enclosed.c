/* test_enclosed.c - a message goes out only with files that are here. */
#include "tests/unit/files_world.h"

#include "node/core/attachment/enclosed.h"

static const Entente__Failure *
failure(const struct duo *duo)
{
    const Entente__Response *response =
        duo_last(&duo->a, ENTENTE__RESPONSE__KIND_FAILURE);

    assert_non_null(response);
    assert_true(response->last);
    return response->failure;
}

static void
assert_nothing_was_queued(const struct duo *duo)
{
    assert_int_equal(duo_count_records(&duo->a, RECORD_ATTACHMENT), 0);
    assert_int_equal(duo_count_records(&duo->a, RECORD_PENDING), 0);
    assert_int_equal(duo_count_records(&duo->a, RECORD_OUT_ENTRY), 1);
}

static void
a_file_that_is_not_here_is_named(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed files[] = {duo_bring(&duo->a, 1, 1),
                                   duo_bring(&duo->a, 2, 2)};

    duo_file_clear(duo_file_of(&duo->a, true, files[1].digest));
    files_submit(duo, 1, "ROUTINE", files, 2);
    duo_run(duo);
    assert_string_equal(failure(duo)->code, "NOT_FOUND");
    assert_string_equal(failure(duo)->path, "attachments[1].digest");
    assert_nothing_was_queued(duo);
}

static void
a_file_of_another_length_is_named(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, 5, 1);

    file.size = 6;
    file.stored = attachment_stored_len(6);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    assert_string_equal(failure(duo)->code, "BAD_FIELD");
    assert_string_equal(failure(duo)->path, "attachments[0].stored");
    assert_nothing_was_queued(duo);
}

static void
a_file_that_a_submission_names_is_not_dropped(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    files_submit(duo, 1, "ROUTINE", &file, 1);
    files_run_to(duo, &file, FILES_CHUNKS);
    duo->a.loads_held = true;
    files_submit(duo, 2, "ROUTINE", &file, 1);
    duo_run(duo); /* the first is complete */
    assert_int_equal(files_peer(&duo->a)->owed.count, 0);
    assert_non_null(duo_file_of(&duo->a, true, file.digest));
    duo->a.loads_held = false;
    duo_release(&duo->a);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
more_than_may_be_owed_is_refused(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, 5, 1);
    struct owed        *owed = &files_peer(&duo->a)->owed;

    owed->list = calloc(LIMIT_OWED, sizeof(*owed->list));
    owed->count = owed->cap = LIMIT_OWED;
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    assert_string_equal(failure(duo)->code, "FULL");
    assert_nothing_was_queued(duo);
    owed->count = LIMIT_OWED - 1;
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    assert_int_equal(owed->count, LIMIT_OWED - 1);
    assert_int_equal(files_state(&duo->a), ATTACHMENT_COMPLETE);
}

int
main(void)
{
#define ON_PAIR(test)                                                          \
    cmocka_unit_test_setup_teardown(test, files_make, duo_drop)
    const struct CMUnitTest tests[] = {
        ON_PAIR(a_file_that_is_not_here_is_named),
        ON_PAIR(a_file_of_another_length_is_named),
        ON_PAIR(a_file_that_a_submission_names_is_not_dropped),
        ON_PAIR(more_than_may_be_owed_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
