#include "tests/unit/journal_world.h"

#include "node/store/shelf.h"

static struct walk      *walk;
static struct shelf     *shelf;
static struct group_keys keys = {.find = no_key};

static int
begin(void **state)
{
    struct journal_world *world;

    assert_int_equal(journal_begin(state), 0);
    world = *state;
    walk = walk_new(world->journal);
    shelf = shelf_new(walk, &keys);
    assert_non_null(shelf);
    return 0;
}

static int
end(void **state)
{
    shelf_free(shelf);
    walk_free(walk);
    return journal_end(state);
}

static struct group_place
place_of(uint64_t offset)
{
    return (struct group_place){.segment = 1, .offset = offset};
}

static const char *
text_at(uint64_t offset, size_t ordinal)
{
    static char                text[64];
    struct group_place         place = place_of(offset);
    const struct group_record *record;

    assert_int_equal(
        shelf_record(shelf, shelf_place(&place, ordinal), &record), STATUS_OK);
    assert_true(record->public.len < sizeof(text));
    memset(text, 0, sizeof(text));
    memcpy(text, record->public.ptr, record->public.len);
    return text;
}

static void
places_grow_along_the_journal(void **state)
{
    struct group_place one = {.segment = 1, .offset = 8 * SEGMENT_PAGE};
    struct group_place next = {.segment = 1, .offset = 9 * SEGMENT_PAGE};
    struct group_place later = {.segment = 2, .offset = SEGMENT_PAGE};

    (void)state;
    assert_true(shelf_place(&one, 0) < shelf_place(&one, 1));
    assert_true(shelf_place(&one, GROUP_RECORDS_MAX - 1) <
                shelf_place(&next, 0));
    assert_true(shelf_place(&next, 0) < shelf_place(&later, 0));
}

static void
a_record_is_found_by_its_place(void **state)
{
    struct journal_world *world = *state;
    const struct group_record *record;
    struct group_place    place = place_of(SEGMENT_PAGE);

    assert_int_equal(journal_try_say(world, "one", 3, false), STATUS_OK);
    assert_int_equal(journal_try_say(world, "two", 1, false), STATUS_OK);
    assert_string_equal(text_at(SEGMENT_PAGE, 2), "one");
    assert_string_equal(text_at(2 * SEGMENT_PAGE, 0), "two");
    assert_string_equal(text_at(SEGMENT_PAGE, 0), "one");
    assert_int_equal(shelf_record(shelf, shelf_place(&place, 3), &record),
                     STATUS_CORRUPT);
    place.offset = 3 * SEGMENT_PAGE;
    assert_int_equal(shelf_record(shelf, shelf_place(&place, 0), &record),
                     STATUS_CORRUPT);
}

static void
more_groups_than_it_holds_are_read_again(void **state)
{
    struct journal_world *world = *state;

    for (int i = 0; i < 14; i++)
        journal_say(world, "x");
    for (int round = 0; round < 3; round++)
        for (uint64_t i = 1; i <= 14; i++)
            assert_string_equal(text_at(i * SEGMENT_PAGE, 0), "x");
}

/* As after an outage, when much came in few commits. */
static void
large_groups_make_room_for_the_next(void **state)
{
    enum { RECORDS = 10000 };
    struct journal_world *world = *state;
    char                  text[1001];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    journal_say(world, "small");
    for (int i = 0; i < 2; i++) /* each a segment of its own */
        assert_int_equal(journal_try_say(world, text, RECORDS, false),
                         STATUS_OK);
    for (int round = 0; round < 2; round++) {
        for (uint64_t segment = 2; segment <= 3; segment++) {
            struct group_place place = {.segment = segment,
                                        .offset = SEGMENT_PAGE};
            const struct group_record *record;

            assert_int_equal(shelf_record(shelf,
                                          shelf_place(&place, RECORDS - 1),
                                          &record),
                             STATUS_OK);
            assert_int_equal(record->public.len, sizeof(text) - 1);
        }
        assert_string_equal(text_at(SEGMENT_PAGE, 0), "small");
    }
}

/* What it has is not read again; after a clear it is. */
static void
what_is_on_the_shelf_needs_no_disk(void **state)
{
    struct journal_world      *world = *state;
    struct group_place         place = place_of(SEGMENT_PAGE);
    const struct group_record *record;

    journal_say(world, "one");
    assert_string_equal(text_at(SEGMENT_PAGE, 0), "one");
    disk_arm(world->image, DISK_READ_FAILS, 1);
    assert_string_equal(text_at(SEGMENT_PAGE, 0), "one");
    shelf_clear(shelf);
    assert_int_equal(shelf_record(shelf, shelf_place(&place, 0), &record),
                     STATUS_IO);
    assert_string_equal(text_at(SEGMENT_PAGE, 0), "one");
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(places_grow_along_the_journal),
        ON_DISK(a_record_is_found_by_its_place),
        ON_DISK(more_groups_than_it_holds_are_read_again),
        ON_DISK(large_groups_make_room_for_the_next),
        ON_DISK(what_is_on_the_shelf_needs_no_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
