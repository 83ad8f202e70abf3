#include "tests/unit/journal_world.h"

#include "node/store/whole.h"

#define SEGMENT_1 "journal-0000000000000001"
#define SEGMENT_2 "journal-0000000000000002"

/* Sequences of the whole groups of segment 1. */
static size_t
sequences(struct journal_world *world, uint64_t *out, size_t cap)
{
    struct group_buffer buffer = {0};
    struct group_head   head;
    struct whole        whole;
    size_t              count = 0;
    enum status         st;

    assert_int_equal(whole_open(&world->disk, 1, &whole), STATUS_OK);
    while ((st = whole_next(&whole, &buffer, &head)) == STATUS_OK) {
        assert_true(count < cap);
        out[count++] = head.id.sequence;
    }
    assert_int_equal(st, STATUS_AGAIN);
    whole_close(&whole);
    group_buffer_free(&buffer);
    return count;
}

static void
damaged_groups_and_a_damaged_header_are_passed_over(void **state)
{
    struct journal_world *world = *state;
    uint64_t              found[4];

    journal_say(world, "one");
    assert_int_equal(journal_try_say(world, "two, long", 400, false),
                     STATUS_OK);
    journal_say(world, "three");
    assert_int_equal(sequences(world, found, 4), 3);
    assert_int_equal(disk_rot(world->image, SEGMENT_1, 3, 1), STATUS_OK);
    assert_int_equal(disk_rot(world->image, SEGMENT_1, 2 * SEGMENT_PAGE + 99,
                              1),
                     STATUS_OK);
    assert_int_equal(sequences(world, found, 4), 2);
    assert_int_equal(found[0], 1);
    assert_int_equal(found[1], 3);
}

static void
a_group_is_found_by_its_sequence_or_not_at_all(void **state)
{
    struct journal_world *world = *state;
    struct group_buffer   buffer = {0};
    struct segment_list   list;
    struct group_head     head;

    journal_say(world, "one");
    journal_say(world, "two");
    journal_reopen(world); /* two is copied */
    journal_say(world, "three");
    assert_int_equal(segment_list_read(&world->disk, &list), STATUS_OK);
    assert_int_equal(whole_find(&world->disk, &list, 2, 2, &buffer),
                     STATUS_OK);
    assert_int_equal(group_head_decode(
                         (struct span){buffer.ptr, buffer.len}, &head),
                     STATUS_OK);
    assert_int_equal(head.id.sequence, 2);
    assert_int_equal(whole_find(&world->disk, &list, 1, 3, &buffer),
                     STATUS_AGAIN);
    assert_int_equal(whole_find(&world->disk, &list, 2, 4, &buffer),
                     STATUS_AGAIN);
    segment_list_clear(&list);
    group_buffer_free(&buffer);
}

static void
where_a_segment_begins_and_ends_is_told_while_anything_tells(void **state)
{
    struct journal_world *world = *state;
    struct group_buffer   buffer = {0};
    uint64_t              found = 0;

    assert_int_equal(whole_last(&world->disk, 1, &buffer, &found),
                     STATUS_AGAIN);
    journal_say(world, "one");
    journal_reopen(world); /* one is copied */
    journal_say(world, "two");
    assert_int_equal(whole_last(&world->disk, 2, &buffer, &found), STATUS_OK);
    assert_int_equal(found, 2);
    assert_int_equal(whole_begins(&world->disk, 2, &buffer, &found),
                     STATUS_OK);
    assert_int_equal(found, 1);
    assert_int_equal(disk_rot(world->image, SEGMENT_2, 3, 1), STATUS_OK);
    assert_int_equal(whole_begins(&world->disk, 2, &buffer, &found),
                     STATUS_OK);
    assert_int_equal(found, 1);
    assert_int_equal(disk_rot(world->image, SEGMENT_2, SEGMENT_PAGE + 90, 1),
                     STATUS_OK);
    assert_int_equal(whole_begins(&world->disk, 2, &buffer, &found),
                     STATUS_AGAIN);
    group_buffer_free(&buffer);
}

static void
a_segment_that_is_not_there_is_not_found(void **state)
{
    struct journal_world *world = *state;
    struct whole          whole;

    assert_int_equal(whole_open(&world->disk, 9, &whole), STATUS_NOT_FOUND);
}

#define ON_DISK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, journal_begin, journal_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(damaged_groups_and_a_damaged_header_are_passed_over),
        ON_DISK(a_group_is_found_by_its_sequence_or_not_at_all),
        ON_DISK(where_a_segment_begins_and_ends_is_told_while_anything_tells),
        ON_DISK(a_segment_that_is_not_there_is_not_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
