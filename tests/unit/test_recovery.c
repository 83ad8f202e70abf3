#include "tests/unit/journal_world.h"

#include "node/store/recovery.h"

#define SEGMENT_1 "journal-0000000000000001"
#define SEGMENT_2 "journal-0000000000000002"

static struct recovery
scanned(struct journal_world *world)
{
    struct recovery found;

    assert_int_equal(recovery_scan(&world->disk, &found, world->why),
                     STATUS_OK);
    return found;
}

static enum status
scan_status(struct journal_world *world)
{
    struct recovery found;
    uint64_t        before = journal_disk_sum(world);
    enum status     st;

    world->why[0] = '\0';
    st = recovery_scan(&world->disk, &found, world->why);
    assert_true(journal_disk_sum(world) == before);
    if (st == STATUS_OK)
        recovery_clear(&found);
    return st;
}

static uint64_t
last_sequence(struct journal_world *world)
{
    struct recovery found = scanned(world);
    uint64_t        sequence = found.last.sequence;

    recovery_clear(&found);
    return sequence;
}

static void
an_empty_folder_has_no_journal(void **state)
{
    struct journal_world *world = *state;

    journal_shut(world);
    assert_int_equal(world->disk.ops->remove(world->disk.self, SEGMENT_1),
                     STATUS_OK);
    assert_int_equal(scan_status(world), STATUS_NOT_FOUND);
}

static void
the_end_is_behind_the_last_whole_group(void **state)
{
    struct journal_world *world = *state;
    struct recovery       found;

    journal_say(world, "one");
    journal_say(world, "two");
    found = scanned(world);
    assert_int_equal(found.last.sequence, 2);
    assert_int_equal(found.last.segment, 1);
    assert_int_equal(found.last.offset, 2 * SEGMENT_PAGE);
    assert_int_equal(found.start.sequence, 1);
    assert_int_equal(found.newest_end, 3 * SEGMENT_PAGE);
    recovery_clear(&found);
}

/* Every length to which a group that was being written can have come. */
static void
a_last_group_torn_at_any_byte_is_a_torn_tail(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   file;
    size_t                len;

    journal_say(world, "one");
    journal_say(world, "the last, and torn");
    len = world->group.len;
    file = journal_file(world, SEGMENT_1);
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *torn = file.bytes + 2 * SEGMENT_PAGE + cut;
        uint8_t  kept[256];

        assert_true(len - cut <= sizeof(kept));
        memcpy(kept, torn, len - cut);
        memset(torn, 0, len - cut);
        journal_put_file(world, SEGMENT_1, (struct span){file.bytes, file.len});
        memcpy(torn, kept, len - cut);
        assert_int_equal(last_sequence(world), 1);
    }
    journal_put_file(world, SEGMENT_1, (struct span){file.bytes, file.len});
    assert_int_equal(last_sequence(world), 2);
    free(file.bytes);
}

/* A whole group with a higher sequence stands behind it. */
static void
a_bit_flipped_in_a_middle_group_is_corruption_and_named(
    void **state)
{
    struct journal_world *world = *state;
    size_t                len;

    journal_say(world, "one");
    len = world->group.len;
    journal_say(world, "two");
    journal_say(world, "three");
    for (size_t i = 0; i < 8 * len; i++) {
        uint64_t at = SEGMENT_PAGE + i / 8;

        assert_int_equal(disk_rot(world->image, SEGMENT_1, at, i % 8),
                         STATUS_OK);
        assert_int_equal(scan_status(world), STATUS_CORRUPT);
        assert_non_null(strstr(world->why, SEGMENT_1 ", offset 4096"));
        assert_int_equal(disk_rot(world->image, SEGMENT_1, at, i % 8),
                         STATUS_OK);
    }
    assert_int_equal(last_sequence(world), 3);
}

static void
a_bit_flipped_in_the_last_group_is_corruption_and_no_torn_tail(void **state)
{
    struct journal_world *world = *state;

    journal_say(world, "one");
    journal_say(world, "two");
    for (size_t i = 0; i < 8 * world->group.len; i++) {
        uint64_t at = 2 * SEGMENT_PAGE + i / 8;

        assert_int_equal(disk_rot(world->image, SEGMENT_1, at, i % 8),
                         STATUS_OK);
        assert_int_equal(scan_status(world), STATUS_CORRUPT);
        assert_non_null(strstr(world->why, SEGMENT_1 ", offset 8192"));
        assert_int_equal(disk_rot(world->image, SEGMENT_1, at, i % 8),
                         STATUS_OK);
    }
    assert_int_equal(last_sequence(world), 2);
}

static void
a_bit_behind_the_last_group_is_said_and_stops_nothing(void **state)
{
    struct journal_world *world = *state;
    struct recovery       found;

    journal_say(world, "one");
    assert_int_equal(disk_rot(world->image, SEGMENT_1, 5 * SEGMENT_PAGE, 1),
                     STATUS_OK);
    found = scanned(world);
    assert_true(found.stray);
    assert_int_equal(found.torn_len, 0);
    assert_int_equal(found.last.sequence, 1);
    recovery_clear(&found);
}

static void
damage_before_a_later_segment_is_corruption(void **state)
{
    struct journal_world *world = *state;

    journal_say(world, "one");
    journal_say(world, "two");
    journal_reopen(world);
    journal_say(world, "three");
    assert_int_equal(disk_rot(world->image, SEGMENT_1, SEGMENT_PAGE + 40, 1),
                     STATUS_OK);
    assert_int_equal(scan_status(world), STATUS_CORRUPT);
    assert_non_null(strstr(world->why, SEGMENT_1 ", offset 4096"));
}

/* It stands in the next segment too, durable. */
static void
the_group_that_was_copied_is_read_where_it_was_copied_to(void **state)
{
    struct journal_world *world = *state;
    struct recovery       found;

    journal_say(world, "one");
    journal_say(world, "two");
    journal_reopen(world);
    assert_int_equal(
        disk_rot(world->image, SEGMENT_1, 2 * SEGMENT_PAGE + 40, 1), STATUS_OK);
    found = scanned(world);
    assert_int_equal(found.last.sequence, 2);
    assert_int_equal(found.last.segment, 2);
    recovery_clear(&found);
}

/* It was durable before its segment had a name. */
static void
a_copied_group_is_never_torn(void **state)
{
    struct journal_world *world = *state;

    journal_say(world, "one");
    journal_reopen(world);
    assert_int_equal(disk_rot(world->image, SEGMENT_2, SEGMENT_PAGE + 40, 1),
                     STATUS_OK);
    assert_int_equal(scan_status(world), STATUS_CORRUPT);
    assert_non_null(strstr(world->why, SEGMENT_2 ", offset 4096"));
}

static void
a_damaged_header_is_corruption(void **state)
{
    struct journal_world *world = *state;

    journal_say(world, "one");
    assert_int_equal(disk_rot(world->image, SEGMENT_1, 40, 1), STATUS_OK);
    assert_int_equal(scan_status(world), STATUS_CORRUPT);
    assert_non_null(strstr(world->why, SEGMENT_1 ", offset 0"));
}

static void
a_segment_that_is_missing_is_corruption(void **state)
{
    struct journal_world *world = *state;

    journal_say(world, "one");
    journal_reopen(world);
    journal_say(world, "two");
    journal_say(world, "three");
    journal_reopen(world);
    journal_say(world, "four");
    assert_int_equal(world->disk.ops->remove(world->disk.self, SEGMENT_2),
                     STATUS_OK);
    assert_int_equal(scan_status(world), STATUS_CORRUPT);
}

static void
a_segment_of_another_journal_is_corruption(void **state)
{
    struct journal_world *world = *state;
    uint8_t               page[SEGMENT_PAGE];
    struct segment        other = {.file_id = {9},
                                   .number = 2,
                                   .first_sequence = 2};

    journal_say(world, "one");
    segment_encode(&other, page);
    journal_put_file(world, SEGMENT_2, SPAN_OF(page));
    assert_int_equal(scan_status(world), STATUS_CORRUPT);
}

static void
a_group_of_another_segment_in_this_ones_place_is_damage(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   one;
    struct journal_file   two;

    journal_say(world, "one");
    journal_reopen(world);
    journal_say(world, "two");
    one = journal_file(world, SEGMENT_1);
    two = journal_file(world, SEGMENT_2);
    /* "one", as segment 1 has it, where segment 2 has "two" */
    memcpy(two.bytes + 2 * SEGMENT_PAGE, one.bytes + SEGMENT_PAGE,
           SEGMENT_PAGE);
    journal_put_file(world, SEGMENT_2, (struct span){two.bytes, two.len});
    assert_int_equal(scan_status(world), STATUS_CORRUPT);
    assert_non_null(strstr(world->why, SEGMENT_2 ", offset 8192"));
    free(one.bytes);
    free(two.bytes);
}

static void
replay_starts_with_the_newest_whole_snapshot(void **state)
{
    struct journal_world *world = *state;
    static const char     begin[] = {RECORD_SNAPSHOT, 0};
    static const char     end[] = {RECORD_SNAPSHOT_END, 0};
    struct recovery       found;

    journal_say(world, "one");
    /* begins one, but does not end it */
    assert_int_equal(journal_try_say(world, begin, 1, true), STATUS_OK);
    found = scanned(world);
    assert_int_equal(found.start.sequence, 1);
    assert_int_equal(found.replay_segments, 2);
    recovery_clear(&found);
    /* ends one that it does not begin */
    assert_int_equal(journal_try_say(world, end, 1, true), STATUS_OK);
    found = scanned(world);
    assert_int_equal(found.start.sequence, 1);
    recovery_clear(&found);
}

#define ON_DISK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, journal_begin, journal_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(an_empty_folder_has_no_journal),
        ON_DISK(the_end_is_behind_the_last_whole_group),
        ON_DISK(a_last_group_torn_at_any_byte_is_a_torn_tail),
        ON_DISK(
            a_bit_flipped_in_a_middle_group_is_corruption_and_named),
        ON_DISK(a_bit_flipped_in_the_last_group_is_corruption_and_no_torn_tail),
        ON_DISK(a_bit_behind_the_last_group_is_said_and_stops_nothing),
        ON_DISK(damage_before_a_later_segment_is_corruption),
        ON_DISK(the_group_that_was_copied_is_read_where_it_was_copied_to),
        ON_DISK(a_copied_group_is_never_torn),
        ON_DISK(a_damaged_header_is_corruption),
        ON_DISK(a_segment_that_is_missing_is_corruption),
        ON_DISK(a_segment_of_another_journal_is_corruption),
        ON_DISK(a_group_of_another_segment_in_this_ones_place_is_damage),
        ON_DISK(replay_starts_with_the_newest_whole_snapshot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
