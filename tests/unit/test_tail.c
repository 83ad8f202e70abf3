#include "tests/unit/journal_world.h"

#include "node/store/tail.h"

#define SEGMENT_1 "journal-0000000000000001"

enum { LAST = 2 * SEGMENT_PAGE }; /* where the last of two groups begins */

/* Two groups, the second of `records` records, as the file lies. */
static struct journal_file
two_groups(struct journal_world *world, size_t records)
{
    char text[200];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    journal_say(world, "one");
    assert_int_equal(journal_try_say(world, text, records, false), STATUS_OK);
    return journal_file(world, SEGMENT_1);
}

/* What stands behind the first group of such a file. */
static struct tail
judged(struct journal_world *world, const struct journal_file *file)
{
    struct group_buffer buffer = {0};
    struct tail         tail;
    int                 handle;

    journal_put_file(world, SEGMENT_1, (struct span){file->bytes, file->len});
    assert_int_equal(world->disk.ops->open(world->disk.self, SEGMENT_1, false,
                                           &handle),
                     STATUS_OK);
    assert_int_equal(tail_judge(&world->disk, handle, LAST, 2, &buffer, &tail),
                     STATUS_OK);
    world->disk.ops->close(world->disk.self, handle);
    group_buffer_free(&buffer);
    return tail;
}

static void
zeros_are_empty(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   file = two_groups(world, 1);
    struct tail           tail;

    memset(file.bytes + LAST, 0, file.len - LAST);
    tail = judged(world, &file);
    assert_int_equal(tail.kind, TAIL_EMPTY);
    assert_int_equal(tail.end, LAST);
    free(file.bytes);
}

static void
a_whole_group_is_one_that_follows(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   file = two_groups(world, 1);
    struct tail           tail = judged(world, &file);

    assert_int_equal(tail.kind, TAIL_FOLLOWED);
    assert_int_equal(tail.next, LAST);
    free(file.bytes);
}

/* One bit, anywhere in it, its length included. */
static void
a_whole_group_with_a_flipped_bit_is_damaged_and_never_torn(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   file = two_groups(world, 5);

    for (size_t i = 0; i < 8 * world->group.len; i++) {
        uint8_t *byte = file.bytes + LAST + i / 8;

        *byte ^= (uint8_t)(1u << i % 8);
        assert_int_equal(judged(world, &file).kind, TAIL_DAMAGED);
        *byte ^= (uint8_t)(1u << i % 8);
    }
    free(file.bytes);
}

static void
a_group_cut_at_any_byte_is_torn(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   file = two_groups(world, 5);

    for (size_t len = world->group.len; len > 1; len--) {
        struct tail tail;

        file.bytes[LAST + len - 1] = 0;
        if (file.bytes[LAST + len - 2] == 0)
            continue; /* this cut is the next one, too */
        tail = judged(world, &file);
        if (len <= 9)
            assert_int_equal(tail.kind, TAIL_STRAY);
        else
            assert_int_equal(tail.kind, TAIL_TORN);
    }
    free(file.bytes);
}

static void
a_group_that_lacks_any_sector_is_torn(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   file = two_groups(world, 20);
    size_t                sectors = world->group.len / TAIL_SECTOR + 1;

    assert_true(sectors > 5);
    for (size_t i = 0; i < sectors; i++) {
        uint8_t *sector = file.bytes + LAST + i * TAIL_SECTOR;
        uint8_t  kept[TAIL_SECTOR];

        memcpy(kept, sector, sizeof(kept));
        memset(sector, 0, sizeof(kept));
        assert_int_equal(judged(world, &file).kind, TAIL_TORN);
        memcpy(sector, kept, sizeof(kept));
    }
    free(file.bytes);
}

static void
a_bit_in_the_zeros_is_no_torn_group(void **state)
{
    struct journal_world *world = *state;
    struct journal_file   file = two_groups(world, 1);
    struct tail           tail;

    memset(file.bytes + LAST, 0, file.len - LAST);
    for (size_t at = LAST; at < file.len; at += 61) {
        file.bytes[at] = 0x10;
        tail = judged(world, &file);
        assert_int_equal(tail.kind, TAIL_STRAY);
        assert_int_equal(tail.end, at + 1);
        file.bytes[at] = 0;
    }
    free(file.bytes);
}

static void
each_kind_has_words(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < TAIL_KIND_COUNT; kind++)
        assert_true(strlen(tail_words(kind)) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(zeros_are_empty, journal_begin,
                                        journal_end),
        cmocka_unit_test_setup_teardown(a_whole_group_is_one_that_follows,
                                        journal_begin, journal_end),
        cmocka_unit_test_setup_teardown(
            a_whole_group_with_a_flipped_bit_is_damaged_and_never_torn,
            journal_begin, journal_end),
        cmocka_unit_test_setup_teardown(a_group_cut_at_any_byte_is_torn,
                                        journal_begin, journal_end),
        cmocka_unit_test_setup_teardown(a_group_that_lacks_any_sector_is_torn,
                                        journal_begin, journal_end),
        cmocka_unit_test_setup_teardown(a_bit_in_the_zeros_is_no_torn_group,
                                        journal_begin, journal_end),
        cmocka_unit_test(each_kind_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
