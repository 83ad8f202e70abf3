#include "tests/unit/journal_world.h"

static void
sequences_grow_by_one_and_outlive_reopening(void **state)
{
    struct journal_world *world = *state;

    assert_int_equal(journal_sequence(world->journal), 0);
    assert_true(journal_is_new(world->journal));
    for (uint64_t i = 1; i < 6; i++) {
        journal_say(world, "x");
        assert_int_equal(journal_sequence(world->journal), i);
        journal_reopen(world);
        assert_int_equal(journal_sequence(world->journal), i);
        assert_false(journal_is_new(world->journal));
    }
}

/* After a failed fsync the page cache proves nothing. */
static void
opening_writes_the_last_group_again_byte_for_byte(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   old;
    struct journal_file   new;

    journal_say(world, "one");
    journal_say(world, "two");
    journal_reopen(world);
    old = journal_file(world, "journal-0000000000000001");
    new = journal_file(world, "journal-0000000000000002");
    assert_memory_equal(old.bytes + 2 * SEGMENT_PAGE, new.bytes + SEGMENT_PAGE,
                        world->group.len);
    free(old.bytes);
    free(new.bytes);
}

static void
what_an_opening_leaves_behind_is_given_back(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   old;

    journal_say(world, "one");
    journal_reopen(world);
    old = journal_file(world, "journal-0000000000000001");
    assert_int_equal(old.len, 2 * SEGMENT_PAGE);
    free(old.bytes);
}

/* It may be the trace of something. */
static void
a_torn_tail_is_never_cut_off(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   old;
    size_t                len;

    journal_say(world, "one");
    journal_say(world, "two");
    len = world->group.len;
    journal_shut(world);
    old = journal_file(world, "journal-0000000000000001");
    memset(old.bytes + 2 * SEGMENT_PAGE + len - 20, 0, 20);
    journal_put_file(world, old.name, (struct span){old.bytes, old.len});
    free(old.bytes);
    assert_int_equal(journal_try_open(world), STATUS_OK);
    assert_int_equal(journal_sequence(world->journal), 1);
    old = journal_file(world, "journal-0000000000000001");
    assert_int_equal(old.len, 2 * SEGMENT_PAGE + len - 20);
    free(old.bytes);
    /* and it is not met again */
    journal_say(world, "another two");
    journal_reopen(world);
    assert_int_equal(journal_sequence(world->journal), 2);
}

static void
a_segment_is_noted_when_it_shows_and_before_it_is_used(void **state)
{
    struct journal_world *world = *state;
    struct group_id       id;

    assert_int_equal(world->noted, 1);
    world->note_answer = STATUS_NO_SPACE;
    while (world->noted == 1) {
        enum status st = journal_try_say(world, "x", 1, false);

        if (st == STATUS_OK)
            continue;
        assert_int_equal(st, STATUS_NO_SPACE);
        break;
    }
    /* It has its name and header, and holds nothing yet. */
    assert_int_equal(world->noted, 1);
    world->note_answer = STATUS_OK;
    journal_say(world, "x");
    assert_int_equal(world->noted, 2);
    assert_int_equal(journal_prepare(world->journal, 100, false, &id),
                     STATUS_OK);
    assert_int_equal(id.segment, 2);
}

static void
a_keyring_that_knows_a_later_segment_means_that_state_was_lost(void **state)
{
    struct journal_world *world = *state;

    journal_say(world, "one");
    assert_false(journal_state_lost(world->journal));
    journal_shut(world);
    world->noted = 5;
    assert_int_equal(journal_try_open(world), STATUS_OK);
    assert_true(journal_state_lost(world->journal));
    journal_reopen(world); /* until a group was written */
    assert_true(journal_state_lost(world->journal));
    journal_say(world, "two");
    assert_false(journal_state_lost(world->journal));
    journal_reopen(world);
    assert_false(journal_state_lost(world->journal));
    assert_true(world->noted > 6);
}

static void
a_keyring_without_a_journal_means_that_state_was_lost(void **state)
{
    struct journal_world *world = *state;

    journal_shut(world);
    assert_int_equal(world->disk.ops->remove(world->disk.self,
                                             "journal-0000000000000001"),
                     STATUS_OK);
    assert_int_equal(journal_try_open(world), STATUS_OK);
    assert_true(journal_state_lost(world->journal));
    assert_int_equal(world->noted, 2);
}

static void
a_crash_between_a_segments_name_and_its_note_is_no_loss(void **state)
{
    struct journal_world *world = *state;

    journal_say(world, "one");
    journal_shut(world);
    world->note_answer = STATUS_IO;
    assert_int_equal(journal_try_open(world), STATUS_IO);
    journal_shut(world);
    world->note_answer = STATUS_OK;
    assert_int_equal(journal_try_open(world), STATUS_OK);
    assert_false(journal_state_lost(world->journal));
    assert_int_equal(journal_sequence(world->journal), 1);
    assert_int_equal(world->noted, 3);
}

static void
a_snapshot_begins_a_segment_and_shortens_replay(void **state)
{
    struct journal_world *world = *state;
    struct group_place    start;

    for (int i = 0; i < 20; i++)
        journal_say(world, "x");
    assert_true(journal_replay_segments(world->journal) > 1);
    assert_int_equal(journal_try_say(world, "y", 1, true), STATUS_OK);
    start = journal_replay_start(world->journal);
    assert_int_equal(start.sequence, 21);
    assert_int_equal(start.offset, SEGMENT_PAGE);
    assert_int_equal(journal_replay_segments(world->journal), 1);
    assert_int_equal(journal_replay_len(world->journal), world->group.len);
}

static void
no_space_withholds_a_group_and_the_same_is_taken_later(void **state)
{
    struct journal_world *world = *state;
    uint64_t              said = 0;

    disk_set_capacity(world->image, disk_used(world->image));
    while (journal_try_say(world, "x", 1, false) == STATUS_OK)
        said++;
    assert_int_equal(journal_try_say(world, "x", 1, false), STATUS_NO_SPACE);
    assert_int_equal(journal_sequence(world->journal), said);
    disk_set_capacity(world->image, JOURNAL_CAPACITY);
    journal_say(world, "x");
    journal_reopen(world);
    assert_int_equal(journal_sequence(world->journal), said + 1);
}

/* Room for one group is enough, if not for a whole segment. */
static void
on_a_nearly_full_disk_segments_are_as_short_as_they_must_be(void **state)
{
    struct journal_world *world = *state;

    disk_set_capacity(world->image, disk_used(world->image) +
                                        6 * SEGMENT_PAGE);
    for (int i = 0; i < 17; i++)
        journal_say(world, "x");
    assert_int_equal(world->noted, 3);
    journal_reopen(world);
    assert_int_equal(journal_sequence(world->journal), 17);
}

static void
after_io_nothing_more_is_written(void **state)
{
    struct journal_world *world = *state;
    uint64_t              sum;

    journal_say(world, "one");
    disk_arm(world->image, DISK_SYNC_FAILS, 1);
    assert_int_equal(journal_try_say(world, "two", 1, false), STATUS_IO);
    sum = journal_disk_sum(world);
    assert_int_equal(journal_try_say(world, "two", 1, false), STATUS_IO);
    assert_true(journal_disk_sum(world) == sum);
    assert_int_equal(journal_sequence(world->journal), 1);
}

static void
a_group_takes_one_write_and_one_sync(void **state)
{
    struct journal_world *world = *state;

    for (int i = 0; i < 5; i++) {
        journal_say(world, "x");
        disk_arm(world->image, DISK_SYNC_FAILS, 2);
        disk_arm(world->image, DISK_WRITE_FAILS, 2);
        journal_say(world, "x");
        disk_arm(world->image, DISK_SYNC_FAILS, 0);
        disk_arm(world->image, DISK_WRITE_FAILS, 0);
    }
}

static void
the_next_segment_is_made_ahead_in_pieces(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   next;
    bool                  more = false;

    assert_int_equal(journal_ahead(world->journal, &more), STATUS_OK);
    next = journal_file(world, SEGMENT_NEXT);
    assert_null(next.bytes);
    journal_say(world, "x");
    journal_say(world, "x");
    assert_int_equal(journal_ahead(world->journal, &more), STATUS_OK);
    assert_false(more);
    next = journal_file(world, SEGMENT_NEXT);
    assert_int_equal(next.len, JOURNAL_SEGMENT);
    free(next.bytes);
    disk_set_capacity(world->image, disk_used(world->image));
    for (int i = 0; i < 20; i++)
        journal_say(world, "x");
    assert_int_equal(world->noted, 2);
}

#define ON_DISK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, journal_begin, journal_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(sequences_grow_by_one_and_outlive_reopening),
        ON_DISK(opening_writes_the_last_group_again_byte_for_byte),
        ON_DISK(what_an_opening_leaves_behind_is_given_back),
        ON_DISK(a_torn_tail_is_never_cut_off),
        ON_DISK(a_segment_is_noted_when_it_shows_and_before_it_is_used),
        ON_DISK(a_keyring_that_knows_a_later_segment_means_that_state_was_lost),
        ON_DISK(a_keyring_without_a_journal_means_that_state_was_lost),
        ON_DISK(a_crash_between_a_segments_name_and_its_note_is_no_loss),
        ON_DISK(a_snapshot_begins_a_segment_and_shortens_replay),
        ON_DISK(no_space_withholds_a_group_and_the_same_is_taken_later),
        ON_DISK(on_a_nearly_full_disk_segments_are_as_short_as_they_must_be),
        ON_DISK(after_io_nothing_more_is_written),
        ON_DISK(a_group_takes_one_write_and_one_sync),
        ON_DISK(the_next_segment_is_made_ahead_in_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
