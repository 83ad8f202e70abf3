#include "tests/unit/journal_world.h"

#include "node/store/inspect.h"

#define SEGMENT_1 "journal-0000000000000001"
#define SEGMENT_2 "journal-0000000000000002"
#define SEGMENT_3 "journal-0000000000000003"

static struct inspect
inspected(struct journal_world *world)
{
    struct inspect found;
    uint64_t       before = journal_disk_sum(world);

    assert_int_equal(inspect_journal(&world->disk, &found), STATUS_OK);
    assert_true(journal_disk_sum(world) == before);
    return found;
}

/* Three segments: two groups, a copy and two groups, a copy and a group. */
static void
three_segments(struct journal_world *world)
{
    journal_say(world, "one");
    journal_say(world, "two");
    journal_reopen(world);
    journal_say(world, "three");
    assert_int_equal(journal_try_say(world, "four, which is longer", 20, false),
                     STATUS_OK);
    journal_reopen(world);
    journal_say(world, "five");
    journal_shut(world);
}

static struct inspect_fault
only_fault(struct journal_world *world)
{
    struct inspect       found = inspected(world);
    struct inspect_fault fault;

    assert_int_equal(found.fault_count, 1);
    fault = found.faults[0];
    inspect_clear(&found);
    return fault;
}

static void
a_whole_journal_has_no_faults(void **state)
{
    struct journal_world *world = *state;
    struct inspect        found;

    three_segments(world);
    found = inspected(world);
    assert_int_equal(found.fault_count, 0);
    assert_int_equal(found.segments.count, 3);
    assert_int_equal(found.groups, 5);
    assert_int_equal(found.last, 5);
    assert_int_equal(found.snapshot, 1);
    assert_int_equal(found.torn_len, 0);
    inspect_clear(&found);
}

/* A bit of each byte, of the long rest of each page some. */
static void
no_flipped_bit_is_silent(void **state)
{
    static const char *const names[] = {SEGMENT_1, SEGMENT_2, SEGMENT_3};
    struct journal_world    *world = *state;

    three_segments(world);
    for (size_t n = 0; n < 3; n++) {
        struct journal_file file = journal_file(world, names[n]);

        assert_true(file.len > 2 * SEGMENT_PAGE);
        for (uint64_t at = 0; at < file.len; at++) {
            struct inspect_fault fault;
            unsigned             bit = (unsigned)(at % 8);

            if (at % SEGMENT_PAGE > 300 && at % 61 != 0)
                continue;
            assert_int_equal(disk_rot(world->image, names[n], at, bit),
                             STATUS_OK);
            fault = only_fault(world);
            assert_int_equal(fault.segment, n + 1);
            assert_true(fault.offset <= at && at < fault.end);
            assert_int_equal(disk_rot(world->image, names[n], at, bit),
                             STATUS_OK);
        }
        free(file.bytes);
    }
}

static void
damage_names_the_groups_that_are_lost(void **state)
{
    struct journal_world *world = *state;
    struct inspect_fault  fault;

    three_segments(world);
    assert_int_equal(disk_rot(world->image, SEGMENT_2, 2 * SEGMENT_PAGE + 90,
                              3),
                     STATUS_OK);
    fault = only_fault(world);
    assert_int_equal(fault.kind, INSPECT_GROUPS);
    assert_int_equal(fault.lost, 3);
    assert_int_equal(fault.lost_count, 1);
    assert_int_equal(fault.offset, 2 * SEGMENT_PAGE);
    assert_int_equal(fault.end, 3 * SEGMENT_PAGE);
}

/* The first segment's last group stands in the second, too. */
static void
a_group_that_was_copied_is_not_lost(void **state)
{
    struct journal_world *world = *state;
    struct inspect_fault  fault;

    three_segments(world);
    assert_int_equal(disk_rot(world->image, SEGMENT_2, SEGMENT_PAGE + 90, 3),
                     STATUS_OK);
    fault = only_fault(world);
    assert_int_equal(fault.kind, INSPECT_COPY);
    assert_int_equal(fault.lost_count, 0);
}

static void
a_segment_that_is_gone_is_missing(void **state)
{
    struct journal_world *world = *state;
    struct inspect_fault  fault;

    three_segments(world);
    assert_int_equal(world->disk.ops->remove(world->disk.self, SEGMENT_2),
                     STATUS_OK);
    fault = only_fault(world);
    assert_int_equal(fault.kind, INSPECT_MISSING);
    assert_int_equal(fault.lost, 3);
    assert_int_equal(fault.lost_count, 1); /* four was copied */
}

static void
the_last_group_damaged_is_lost_and_torn_is_not(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   file;
    struct inspect_fault  fault;
    struct inspect        found;

    three_segments(world);
    assert_int_equal(disk_rot(world->image, SEGMENT_3, 2 * SEGMENT_PAGE + 90,
                              3),
                     STATUS_OK);
    fault = only_fault(world);
    assert_int_equal(fault.kind, INSPECT_GROUPS);
    assert_int_equal(fault.lost, 5);
    file = journal_file(world, SEGMENT_3);
    memset(file.bytes + 2 * SEGMENT_PAGE + 100, 0, 200);
    journal_put_file(world, SEGMENT_3, (struct span){file.bytes, file.len});
    free(file.bytes);
    found = inspected(world);
    assert_int_equal(found.fault_count, 0);
    assert_in_range(found.torn_len, 1, 100);
    assert_int_equal(found.last, 4);
    inspect_clear(&found);
}

static void
an_empty_folder_has_no_journal(void **state)
{
    struct journal_world *world = *state;
    struct inspect        found;

    journal_shut(world);
    assert_int_equal(world->disk.ops->remove(world->disk.self, SEGMENT_1),
                     STATUS_OK);
    assert_int_equal(inspect_journal(&world->disk, &found), STATUS_NOT_FOUND);
}

#define ON_DISK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, journal_begin, journal_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(a_whole_journal_has_no_faults),
        ON_DISK(no_flipped_bit_is_silent),
        ON_DISK(damage_names_the_groups_that_are_lost),
        ON_DISK(a_group_that_was_copied_is_not_lost),
        ON_DISK(a_segment_that_is_gone_is_missing),
        ON_DISK(the_last_group_damaged_is_lost_and_torn_is_not),
        ON_DISK(an_empty_folder_has_no_journal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
