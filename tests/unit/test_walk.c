#include "tests/unit/journal_world.h"

#include "node/store/walk.h"

/* Reads from `place` to the end; the last sequence, which must come gapless. */
static uint64_t
walk_through(struct journal_world *world, struct group_place *place)
{
    struct walk        *walk = walk_new(world->journal);
    struct group_buffer buffer = {0};
    struct group_place  found;
    uint64_t            sequence = place->sequence;
    enum status         st;

    assert_non_null(walk);
    while ((st = walk_next(walk, place, &found, &buffer)) == STATUS_OK)
        assert_int_equal(found.sequence, sequence++);
    assert_int_equal(st, STATUS_AGAIN);
    group_buffer_free(&buffer);
    walk_free(walk);
    return sequence - 1;
}

static void
every_group_is_met_once_over_segments_and_openings(void **state)
{
    struct journal_world *world = *state;
    struct group_place    place;

    for (int i = 0; i < 40; i++) {
        journal_say(world, "x");
        if (i % 7 == 0)
            journal_reopen(world);
    }
    assert_int_equal(journal_first(world->journal, &place), STATUS_OK);
    assert_int_equal(walk_through(world, &place), 40);
    /* and goes on from there */
    journal_say(world, "x");
    journal_reopen(world);
    journal_say(world, "x");
    assert_int_equal(walk_through(world, &place), 42);
}

static void
what_is_not_durable_is_not_given(void **state)
{
    struct journal_world *world = *state;
    struct group_place    place;

    journal_say(world, "one");
    disk_arm(world->image, DISK_SYNC_FAILS, 1);
    assert_int_equal(journal_try_say(world, "two", 1, false), STATUS_IO);
    assert_int_equal(journal_first(world->journal, &place), STATUS_OK);
    assert_int_equal(walk_through(world, &place), 1);
}

static void
a_copied_group_is_read_from_the_newest_segment(void **state)
{
    struct journal_world *world = *state;
    struct walk          *walk;
    struct group_buffer   buffer = {0};
    struct group_place    place;
    struct group_place    found;

    journal_say(world, "one");
    journal_reopen(world);
    journal_reopen(world);
    assert_int_equal(journal_first(world->journal, &place), STATUS_OK);
    assert_int_equal(place.segment, 1);
    walk = walk_new(world->journal);
    assert_int_equal(walk_next(walk, &place, &found, &buffer), STATUS_OK);
    assert_int_equal(found.segment, 3);
    group_buffer_free(&buffer);
    walk_free(walk);
}

static void
a_place_gives_its_group_and_no_other(void **state)
{
    struct journal_world *world = *state;
    struct walk          *walk = walk_new(world->journal);
    struct group_buffer   buffer = {0};
    struct group_place    place = {1, 2 * SEGMENT_PAGE, 2};

    journal_say(world, "one");
    journal_say(world, "two");
    assert_int_equal(walk_read(walk, &place, &buffer), STATUS_OK);
    assert_memory_equal(buffer.ptr, world->group.ptr, world->group.len);
    place.sequence = 0; /* whichever */
    assert_int_equal(walk_read(walk, &place, &buffer), STATUS_OK);
    place.sequence = 1;
    assert_int_equal(walk_read(walk, &place, &buffer), STATUS_CORRUPT);
    place = (struct group_place){1, 3 * SEGMENT_PAGE, 3};
    assert_int_equal(walk_read(walk, &place, &buffer), STATUS_CORRUPT);
    place = (struct group_place){9, SEGMENT_PAGE, 1};
    assert_int_equal(walk_read(walk, &place, &buffer), STATUS_CORRUPT);
    group_buffer_free(&buffer);
    walk_free(walk);
}

static void
a_damaged_group_is_corrupt_and_a_failing_disk_is_io(void **state)
{
    struct journal_world *world = *state;
    struct walk          *walk = walk_new(world->journal);
    struct group_buffer   buffer = {0};
    struct group_place    place;
    struct group_place    found;

    journal_say(world, "one");
    assert_int_equal(journal_first(world->journal, &place), STATUS_OK);
    disk_arm(world->image, DISK_READ_FAILS, 2);
    assert_int_equal(walk_next(walk, &place, &found, &buffer), STATUS_IO);
    assert_int_equal(disk_rot(world->image, "journal-0000000000000001",
                              SEGMENT_PAGE + 50, 0),
                     STATUS_OK);
    assert_int_equal(walk_next(walk, &place, &found, &buffer), STATUS_CORRUPT);
    group_buffer_free(&buffer);
    walk_free(walk);
}

#define ON_DISK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, journal_begin, journal_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(every_group_is_met_once_over_segments_and_openings),
        ON_DISK(what_is_not_durable_is_not_given),
        ON_DISK(a_copied_group_is_read_from_the_newest_segment),
        ON_DISK(a_place_gives_its_group_and_no_other),
        ON_DISK(a_damaged_group_is_corrupt_and_a_failing_disk_is_io),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
