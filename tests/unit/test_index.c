#include "tests/unit/index_world.h"

#include "node/store/index.h"
#include "node/store/vfs.h"

#define INDEX "index.db"

static int
open_world(void **state)
{
    struct world *world = world_new(false);

    world->index_name = INDEX;
    world_opened(world);
    *state = world;
    return 0;
}

/* --- files kept aside ---------------------------------------------------- */

enum { KEPT_MAX = 24 };

struct kept {
    char     name[KEPT_MAX][64];
    uint8_t *bytes[KEPT_MAX];
    size_t   len[KEPT_MAX];
    size_t   count;
    bool     index; /* the index's files, or all others */
};

static void
keep(void *arg, const char *name, struct span bytes)
{
    struct kept *kept = arg;
    size_t       i = kept->count;

    if ((strncmp(name, "index", 5) == 0) != kept->index)
        return;
    assert_true(i < KEPT_MAX);
    (void)snprintf(kept->name[i], sizeof(kept->name[i]), "%s", name);
    kept->bytes[i] = malloc(bytes.len + 1);
    assert_non_null(kept->bytes[i]);
    if (bytes.len > 0)
        memcpy(kept->bytes[i], bytes.ptr, bytes.len);
    kept->len[i] = bytes.len;
    kept->count++;
}

/* Puts the files kept in the place of those there are. */
static void
put_back(struct world *world, struct kept *kept)
{
    const struct file_ops *ops = world->disk.ops;
    struct kept            now = {.index = kept->index};
    int                    file;

    disk_each(world->image, keep, &now);
    for (size_t i = 0; i < now.count; i++) {
        assert_int_equal(ops->remove(world->disk.self, now.name[i]), STATUS_OK);
        free(now.bytes[i]);
    }
    for (size_t i = 0; i < kept->count; i++) {
        assert_int_equal(
            ops->open(world->disk.self, kept->name[i], true, &file), STATUS_OK);
        assert_int_equal(
            ops->write(world->disk.self, file, 0,
                       (struct span){kept->bytes[i], kept->len[i]}),
            STATUS_OK);
        ops->close(world->disk.self, file);
        free(kept->bytes[i]);
    }
}

static void
take(struct world *world, bool index, struct kept *out)
{
    *out = (struct kept){.index = index};
    disk_each(world->image, keep, out);
}

/* --- lost, old and foreign ----------------------------------------------- */

static void
a_question_is_answered_from_the_newest_group(void **state)
{
    struct world *world = *state;

    for (uint64_t i = 0; i < 50; i++) {
        receive(world, i, 1);
        expect_inbox(world, i + 1);
    }
}

static void
an_index_that_was_lost_is_made_again(void **state)
{
    struct world *world = *state;
    struct kept   nothing = {.index = true};

    receive(world, 0, 40);
    expect_inbox(world, 40);
    world_close(world);
    put_back(world, &nothing);
    world_opened(world);
    expect_inbox(world, 40);
}

static void
an_index_older_than_the_journal_is_brought_up_to_date(void **state)
{
    struct world *world = *state;
    struct kept   old;

    receive(world, 0, 10);
    expect_inbox(world, 10);
    world_close(world);
    take(world, true, &old);
    world_opened(world);
    receive(world, 10, 30);
    expect_inbox(world, 40);
    world_close(world);
    put_back(world, &old);
    world_opened(world);
    expect_inbox(world, 40);
}

/* An older copy of the journal was put back, but not of the index. */
static void
an_index_newer_than_the_journal_is_noticed_and_made_again(void **state)
{
    struct world *world = *state;
    struct kept   old;

    receive(world, 0, 10);
    world_close(world);
    take(world, false, &old);
    world_opened(world);
    receive(world, 10, 30);
    expect_inbox(world, 40);
    world_close(world);
    put_back(world, &old);
    world_opened(world);
    expect_inbox(world, 10);
}

/* And the journal has grown past the mark since, with other groups. */
static void
an_index_of_another_branch_is_noticed_and_made_again(void **state)
{
    struct world *world = *state;
    struct kept   old_journal;
    struct kept   index;

    receive(world, 0, 10);
    world_close(world);
    take(world, false, &old_journal);
    world_opened(world);
    receive(world, 10, 5);
    expect_inbox(world, 15);
    world_close(world);
    take(world, true, &index);
    put_back(world, &old_journal);
    world_opened(world);
    receive(world, 20, 5); /* these sequences once more, not these messages */
    receive(world, 25, 5);
    world_close(world);
    put_back(world, &index);
    world_opened(world);
    assert_int_equal(inbox(world)->count, 20);
    assert_int_equal(inbox(world)->list[10].row.index, 20);
}

static void
an_index_of_another_journal_is_not_used(void **state)
{
    struct world *world = *state;
    struct world *other = world_new(false);
    struct kept   index;

    other->index_name = INDEX;
    other->openings = 50; /* another seed makes another file id */
    world_opened(other);
    receive(other, 0, 7);
    expect_inbox(other, 7);
    world_close(other);
    take(other, true, &index);
    receive(world, 0, 7);
    world_close(world);
    put_back(world, &index);
    world_opened(world);
    expect_inbox(world, 7);
    world_free(other);
}

static void
a_damaged_index_is_made_again(void **state)
{
    struct world *world = *state;

    receive(world, 0, 40);
    assert_int_equal(store_index_rebuild(world->store), STATUS_OK);
    expect_inbox(world, 40);
    world_close(world);
    for (uint64_t at = 0; at < 4096; at += 16)
        (void)!disk_rot(world->image, INDEX "-wal", 4096 + at, 1);
    for (uint64_t at = 0; at < 100; at += 3)
        (void)!disk_rot(world->image, INDEX, at, 1);
    world_opened(world);
    expect_inbox(world, 40);
}

/* Moves SQLite's log into the database, as idle times do. */
static void
move_log(struct world *world)
{
    struct vfs *vfs = NULL;
    sqlite3    *db = NULL;

    assert_int_equal(vfs_new(&world->disk, &vfs), STATUS_OK);
    assert_int_equal(
        sqlite3_open_v2(INDEX, &db, SQLITE_OPEN_READWRITE, vfs_name(vfs)),
        SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA locking_mode=EXCLUSIVE;"
                                  "SELECT * FROM mark",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    vfs_free(vfs);
}

static void
a_bit_flipped_in_any_page_of_the_index_changes_no_answer(void **state)
{
    struct world *world = *state;
    struct kept   index;
    size_t        len;

    receive(world, 0, 40);
    expect_inbox(world, 40);
    world_close(world);
    move_log(world);
    take(world, true, &index);
    len = index.len[0];
    assert_true(len > 10 * 4096);
    for (uint64_t at = 1234; at < len; at += 2048) {
        put_back(world, &index); /* whole again */
        take(world, true, &index);
        assert_int_equal(disk_rot(world->image, INDEX, at, at % 8), STATUS_OK);
        world_opened(world);
        expect_inbox(world, 40);
        assert_int_equal(find_number(world, 1, false, 15)->count, 1);
        assert_int_equal(trail_of(world, 1, false, 120)->count, 1);
        world_close(world);
        assert_int_equal(world->disk.ops->sync_folder(world->disk.self),
                         STATUS_OK);
    }
    put_back(world, &index);
    world_opened(world);
}

static void
rebuilding_changes_no_answer(void **state)
{
    struct world   *world = *state;
    struct effects *turn;

    receive(world, 0, 20);
    turn = turn_begin(world);
    save_state(turn, 1, false, 103, STATE_READ, "");
    turn_commit(world, turn);
    assert_int_equal(inbox(world)->list[3].row.state, STATE_READ);
    assert_int_equal(store_index_rebuild(world->store), STATUS_OK);
    expect_inbox(world, 20);
    assert_int_equal(inbox(world)->list[3].row.state, STATE_READ);
}

/* --- power and space ----------------------------------------------------- */

/* An index that lost unsynced writes is behind, never wrong. */
static void
after_a_power_cut_at_any_moment_it_answers_as_before(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct world *world = world_new(false);

        disk_free(world->image);
        world->image = disk_new(seed, 4096, WORLD_CAPACITY);
        world->disk = disk_face(world->image);
        world->index_name = INDEX;
        world_opened(world);
        for (uint64_t i = 0; i < seed; i++) {
            receive(world, i, 1);
            if (i % 3 == 0)
                assert_int_equal(store_index_catch_up(world->store), STATUS_OK);
        }
        store_close(world->store);
        world->store = NULL;
        disk_power_cut(world->image);
        world_opened(world);
        expect_inbox(world, seed);
        world_free(world);
    }
}

static void
on_a_full_disk_questions_are_still_answered(void **state)
{
    struct world *world = *state;
    uint64_t      count = 5;
    uint64_t      full;

    receive(world, 0, count);
    expect_inbox(world, count);
    disk_set_capacity(world->image, disk_used(world->image));
    for (; count < 12; count++) {
        receive(world, count, 1); /* preallocated, so it still fits */
        expect_inbox(world, count + 1);
    }
    full = disk_fired(world->image, DISK_FULL);
    for (size_t i = 0; i < 10; i++)
        expect_inbox(world, count); /* nothing is tried again for a question */
    assert_int_equal(disk_fired(world->image, DISK_FULL), full);
    disk_set_capacity(world->image, WORLD_CAPACITY);
    receive(world, count, 1);
    expect_inbox(world, count + 1);
    assert_int_equal(store_index_catch_up(world->store), STATUS_OK);
    expect_inbox(world, count + 1);
    world_close(world);
    world_opened(world);
    expect_inbox(world, count + 1);
}

/* --- at rest ------------------------------------------------------------- */

static void
expect_no_words(void *arg, const char *name, struct span bytes)
{
    (void)arg;
    (void)name;
    assert_null(memmem(bytes.ptr, bytes.len, "Gulf of Guinea", 14));
    assert_null(memmem(bytes.ptr, bytes.len, "to be read by you", 17));
    assert_null(memmem(bytes.ptr, bytes.len, "LT Mehta", 8));
    assert_null(memmem(bytes.ptr, bytes.len, "\xc0\xc0\xc0\xc0", 4));
}

static void
no_file_holds_a_persons_words_or_a_content_key_in_the_open(void **state)
{
    struct world        *world = *state;
    struct effects      *turn = turn_begin(world);
    struct origin        in = origin_from(1, 1);
    struct origin        out = origin_to(1, 1);
    Entente__ListRequest filters = ENTENTE__LIST_REQUEST__INIT;
    struct record        pending = {.kind = RECORD_PENDING,
                                    .peer = node_of(1),
                                    .id = id_of(3)};

    save_in(turn, &in, 0, 1, STATE_NEW, "Gulf of Guinea");
    save_out(turn, &out, 0, 2, "Gulf of Guinea");
    index_save(turn, &pending, "Gulf of Guinea", "to be read by you");
    save_state(turn, 1, false, 1, STATE_ACKNOWLEDGED, "LT Mehta");
    turn_commit(world, turn);
    filters.kind = (char *)(uintptr_t)"note";
    assert_int_equal(list(world, false, 0, 9, &filters)->count, 1);
    assert_string_equal(outbox(world)->list[0].subject, "Gulf of Guinea");
    assert_int_equal(trail_of(world, 1, false, 1)->count, 2);
    disk_each(world->image, expect_no_words, NULL);
    assert_int_equal(store_index_rebuild(world->store), STATUS_OK);
    world_close(world);
    disk_each(world->image, expect_no_words, NULL);
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, open_world, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(a_question_is_answered_from_the_newest_group),
        ON_WORLD(an_index_that_was_lost_is_made_again),
        ON_WORLD(an_index_older_than_the_journal_is_brought_up_to_date),
        ON_WORLD(an_index_newer_than_the_journal_is_noticed_and_made_again),
        ON_WORLD(an_index_of_another_branch_is_noticed_and_made_again),
        ON_WORLD(an_index_of_another_journal_is_not_used),
        ON_WORLD(a_damaged_index_is_made_again),
        ON_WORLD(a_bit_flipped_in_any_page_of_the_index_changes_no_answer),
        ON_WORLD(rebuilding_changes_no_answer),
        cmocka_unit_test(after_a_power_cut_at_any_moment_it_answers_as_before),
        ON_WORLD(on_a_full_disk_questions_are_still_answered),
        ON_WORLD(no_file_holds_a_persons_words_or_a_content_key_in_the_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
