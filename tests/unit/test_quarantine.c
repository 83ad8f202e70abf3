#include "tests/unit/journal_world.h"

#include "node/store/home.h"
#include "node/store/quarantine.h"

#define SEGMENT(n) "journal-000000000000000" #n

/* A file of one byte. */
static void
put(struct journal_world *world, const char *name, char byte)
{
    journal_put_file(world, name, (struct span){(const uint8_t *)&byte, 1});
}

static char
get(struct journal_world *world, const char *name)
{
    struct journal_file file = journal_file(world, name);
    char                byte = file.len == 1 ? (char)file.bytes[0] : '-';

    free(file.bytes);
    return byte;
}

static void
add(struct journal_world *world, uint64_t number, char byte)
{
    int file;

    assert_int_equal(quarantine_add(&world->disk, number, &file), STATUS_OK);
    assert_int_equal(world->disk.ops->write(
                         world->disk.self, file, 0,
                         (struct span){(const uint8_t *)&byte, 1}),
                     STATUS_OK);
    assert_int_equal(quarantine_close(&world->disk, file), STATUS_OK);
}

static void
what_is_replaced_and_what_leaves_is_kept(void **state)
{
    struct journal_world *world = *state;
    bool                  under_way;
    size_t                kept;

    journal_shut(world);
    put(world, SEGMENT(1), '1');
    put(world, SEGMENT(2), '2');
    put(world, SEGMENT(3), '3');
    put(world, SEGMENT(4), '4');
    put(world, HOME_INDEX, 'i');
    put(world, "quarantine-1-" SEGMENT(2), 'q');
    add(world, 2, 'b');
    add(world, 5, 'e');
    assert_int_equal(quarantine_under_way(&world->disk, &under_way),
                     STATUS_OK);
    assert_false(under_way);
    assert_int_equal(quarantine_seal(&world->disk, 3, 4), STATUS_OK);
    assert_int_equal(quarantine_under_way(&world->disk, &under_way),
                     STATUS_OK);
    assert_true(under_way);
    assert_int_equal(quarantine_finish(&world->disk, &kept), STATUS_OK);
    assert_int_equal(kept, 4);
    assert_int_equal(get(world, SEGMENT(1)), '1');
    assert_int_equal(get(world, SEGMENT(2)), 'b');
    assert_int_equal(get(world, SEGMENT(3)), '-');
    assert_int_equal(get(world, SEGMENT(5)), 'e');
    assert_int_equal(get(world, "quarantine-1-" SEGMENT(2)), 'q');
    assert_int_equal(get(world, "quarantine-2-" SEGMENT(2)), '2');
    assert_int_equal(get(world, "quarantine-1-" SEGMENT(3)), '3');
    assert_int_equal(get(world, "quarantine-1-" SEGMENT(4)), '4');
    assert_int_equal(get(world, "quarantine-1-" HOME_INDEX), 'i');
    assert_int_equal(quarantine_finish(&world->disk, &kept),
                     STATUS_NOT_FOUND);
}

static void
what_was_not_sealed_is_dropped(void **state)
{
    struct journal_world *world = *state;
    size_t                kept;

    journal_shut(world);
    put(world, SEGMENT(2), '2');
    add(world, 2, 'b');
    put(world, QUARANTINE_LIST, 'x'); /* being written when it ended */
    assert_int_equal(quarantine_finish(&world->disk, &kept),
                     STATUS_NOT_FOUND);
    assert_int_equal(quarantine_drop(&world->disk), STATUS_OK);
    assert_int_equal(get(world, "mending-0000000000000002"), '-');
    assert_int_equal(get(world, QUARANTINE_LIST), '-');
    assert_int_equal(get(world, SEGMENT(2)), '2');
    assert_int_equal(quarantine_drop(&world->disk), STATUS_OK);
}

static void
a_list_that_was_changed_moves_nothing(void **state)
{
    struct journal_world *world = *state;
    size_t                kept;

    journal_shut(world);
    put(world, SEGMENT(2), '2');
    put(world, SEGMENT(3), '3');
    add(world, 2, 'b');
    assert_int_equal(quarantine_seal(&world->disk, 3, 3), STATUS_OK);
    for (uint64_t at = 0; at < disk_len(world->image, QUARANTINE_LIST); at++) {
        assert_int_equal(disk_rot(world->image, QUARANTINE_LIST, at, at % 8),
                         STATUS_OK);
        assert_int_equal(quarantine_finish(&world->disk, &kept),
                         STATUS_CORRUPT);
        assert_int_equal(disk_rot(world->image, QUARANTINE_LIST, at, at % 8),
                         STATUS_OK);
    }
    assert_int_equal(get(world, SEGMENT(3)), '3');
    assert_int_equal(quarantine_finish(&world->disk, &kept), STATUS_OK);
    assert_int_equal(get(world, SEGMENT(2)), 'b');
}

#define ON_DISK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, journal_begin, journal_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(what_is_replaced_and_what_leaves_is_kept),
        ON_DISK(what_was_not_sealed_is_dropped),
        ON_DISK(a_list_that_was_changed_moves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
