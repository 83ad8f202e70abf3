/* The index on the disk, judged without the node, and made again by it. */
#include "tests/unit/index_world.h"

#include "node/store/db.h"
#include "node/store/home.h"
#include "node/store/indexcheck.h"

#define WAL HOME_INDEX "-wal"

/* A store with a few messages, its index on the disk, closed. */
static struct world *
lived(size_t messages)
{
    struct world *world = world_new(false);

    world->index_name = HOME_INDEX;
    world_opened(world);
    for (uint64_t i = 0; i < messages; i++) {
        struct effects effects;

        world_turn(world, &effects);
        world_put_key(&effects, WORLD_VAULT);
        save_pending(&effects, 1, 100 + i, "subject");
        assert_int_equal(store_commit(world->store, &effects), STATUS_OK);
        effects_free(&effects);
    }
    assert_int_equal(store_index_catch_up(world->store), STATUS_OK);
    world_close(world);
    return world;
}

static enum status
check(const struct world *world, uint64_t *sequence)
{
    return indexcheck_read(&world->disk, HOME_INDEX, sequence);
}

static void
a_sound_index_tells_how_far_it_is(void **state)
{
    struct world *world = lived(5);
    uint64_t      sequence = 0;

    (void)state;
    assert_int_equal(check(world, &sequence), STATUS_OK);
    assert_int_equal(sequence, 5);
    world_free(world);
}

static void
none_is_told(void **state)
{
    struct world *world = world_new(false);
    uint64_t      sequence;

    (void)state;
    assert_int_equal(check(world, &sequence), STATUS_NOT_FOUND);
    world_free(world);
}

/* What the log has is as good as not there from the flipped bit on: the index
 * is then one of an earlier time, or was never whole. */
static void
a_flipped_bit_of_the_log_takes_it_back_and_changes_nothing_else(void **state)
{
    struct world *world = lived(3);
    uint64_t      len = disk_len(world->image, WAL);
    size_t        older = 0;
    size_t        none = 0;

    (void)state;
    assert_true(len > 10 * 4096);
    for (uint64_t at = 0; at < len; at += 131) {
        unsigned    bit = (unsigned)(at % 8);
        uint64_t    sequence = 0;
        enum status st;

        assert_int_equal(disk_rot(world->image, WAL, at, bit), STATUS_OK);
        st = check(world, &sequence);
        assert_true(st == STATUS_OK || st == STATUS_CORRUPT);
        assert_true(sequence < 3 || st != STATUS_OK);
        older += st == STATUS_OK;
        none += st == STATUS_CORRUPT;
        assert_int_equal(disk_rot(world->image, WAL, at, bit), STATUS_OK);
    }
    assert_true(older > 0 && none > 0);
    world_free(world);
}

/* All of it in the database, and no log. */
static void
fold_log(struct world *world)
{
    struct db *db;

    assert_int_equal(db_open(&world->disk, HOME_INDEX, "", NULL, 0, &db),
                     STATUS_OK);
    assert_int_equal(db_exec(db, "SELECT count(*) FROM mark"), STATUS_OK);
    assert_int_equal(db_checkpoint(db), STATUS_OK);
    db_close(db);
    assert_int_equal(world->disk.ops->remove(world->disk.self, WAL),
                     STATUS_OK);
}

static void
no_flipped_bit_of_the_database_is_silent(void **state)
{
    struct world *world = lived(3);
    uint64_t      sequence = 0;
    uint64_t      len;

    (void)state;
    fold_log(world);
    assert_int_equal(check(world, &sequence), STATUS_OK);
    assert_int_equal(sequence, 3);
    len = disk_len(world->image, HOME_INDEX);
    assert_true(len > 10 * 4096);
    for (uint64_t at = 0; at < len; at += 127) {
        unsigned bit = (unsigned)(at % 8);

        assert_int_equal(disk_rot(world->image, HOME_INDEX, at, bit),
                         STATUS_OK);
        assert_int_equal(check(world, &sequence), STATUS_CORRUPT);
        assert_int_equal(disk_rot(world->image, HOME_INDEX, at, bit),
                         STATUS_OK);
    }
    assert_int_equal(disk_rot(world->image, HOME_INDEX, 4096 + 50, 1),
                     STATUS_OK);
    world_opened(world); /* makes it anew */
    assert_int_equal(store_index_catch_up(world->store), STATUS_OK);
    world_close(world);
    assert_int_equal(check(world, &sequence), STATUS_OK);
    assert_int_equal(sequence, 3);
    world_free(world);
}

static void
an_index_of_another_time_of_the_journal_is_told(void **state)
{
    struct world *world = lived(3);
    uint64_t      sequence;
    int           file;

    (void)state;
    assert_int_equal(world->disk.ops->open(world->disk.self,
                                           "journal-0000000000000001", false,
                                           &file),
                     STATUS_OK);
    assert_int_equal(world->disk.ops->truncate(world->disk.self, file,
                                               2 * SEGMENT_PAGE),
                     STATUS_OK);
    world->disk.ops->close(world->disk.self, file);
    assert_int_equal(check(world, &sequence), STATUS_BAD_STATE);
    world_free(world);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_index_tells_how_far_it_is),
        cmocka_unit_test(none_is_told),
        cmocka_unit_test(
            a_flipped_bit_of_the_log_takes_it_back_and_changes_nothing_else),
        cmocka_unit_test(no_flipped_bit_of_the_database_is_silent),
        cmocka_unit_test(an_index_of_another_time_of_the_journal_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
