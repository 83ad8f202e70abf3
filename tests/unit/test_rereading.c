#include "tests/unit/chunk_world.h"

#include "node/store/rereading.h"

static struct merkle_frontier right;

static enum status
reread(const struct chunk_world *world)
{
    struct rereading *reading = NULL;
    enum status       st;

    merkle_init(&right);
    st = rereading_new(&world->disk, &world->peer, &world->digest, CHUNKS,
                       world->stored, &reading);
    if (st != STATUS_OK)
        return st;
    do
        st = rereading_step(reading);
    while (st == STATUS_AGAIN);
    if (st == STATUS_OK)
        st = rereading_end(reading, &right);
    rereading_free(reading);
    return st;
}

static struct chunkfile_name
partial_of(const struct chunk_world *world)
{
    return chunkfile_partial(&world->peer, &world->digest);
}

static struct chunkfile_name
whole_of(const struct chunk_world *world)
{
    return chunkfile_theirs(&world->peer, &world->digest);
}

static void
store_partial(struct chunk_world *world)
{
    struct chunkfile_name name = partial_of(world);

    chunk_store(world, &name);
}

static void
rot(struct chunk_world *world, uint64_t chunk)
{
    struct chunkfile_name name = partial_of(world);

    assert_int_equal(disk_rot(world->image, name.text,
                              chunk * LIMIT_CHUNK_SEALED + 5, 1),
                     STATUS_OK);
}

static void
what_is_right_becomes_whole_durably(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name partial = partial_of(world);
    struct chunkfile_name whole = whole_of(world);
    struct digest         root;

    store_partial(world);
    assert_int_equal(reread(world), STATUS_OK);
    merkle_root(&right, &root);
    assert_true(digest_equal(&root, &world->digest));
    disk_power_cut(world->image);
    assert_true(chunk_has(world, &whole));
    assert_false(chunk_has(world, &partial));
    assert_int_equal(reread(world), STATUS_OK); /* asked again after a crash */
}

static void
what_is_wrong_stays_partial_and_is_right_up_to_there(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name partial = partial_of(world);

    store_partial(world);
    rot(world, 3);
    assert_int_equal(reread(world), STATUS_CORRUPT);
    assert_int_equal(right.size, 3);
    assert_int_equal(disk_len(world->image, partial.text),
                     3 * LIMIT_CHUNK_SEALED);
}

static void
what_is_brought_again_after_that_makes_it_whole(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name partial = partial_of(world);
    struct chunkfile      file;
    struct digest         leaf;

    store_partial(world);
    rot(world, 1);
    assert_int_equal(reread(world), STATUS_CORRUPT);
    assert_int_equal(chunkfile_open(&world->disk, &partial, false, &file,
                                    NULL),
                     STATUS_OK);
    for (uint64_t i = right.size; i < CHUNKS; i++)
        assert_int_equal(chunkfile_put(&file, i, chunk_at(i), &leaf),
                         STATUS_OK);
    chunkfile_close(&file);
    assert_int_equal(reread(world), STATUS_OK);
}

static void
a_file_cut_short_is_right_up_to_there(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name partial = partial_of(world);
    struct chunkfile      file;

    store_partial(world);
    assert_int_equal(chunkfile_open(&world->disk, &partial, false, &file,
                                    NULL),
                     STATUS_OK);
    assert_int_equal(chunkfile_cut(&file, 2 * LIMIT_CHUNK_SEALED + 9),
                     STATUS_OK);
    chunkfile_close(&file);
    assert_int_equal(reread(world), STATUS_CORRUPT);
    assert_int_equal(right.size, 2);
}

static void
without_leaves_a_right_one_is_right_and_a_wrong_one_begins_anew(
    void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name partial = partial_of(world);
    char                  tree[160];

    snprintf(tree, sizeof(tree), "%s.tree", partial.text);
    store_partial(world);
    rot(world, 4);
    assert_int_equal(world->disk.ops->remove(world->disk.self, tree),
                     STATUS_OK);
    assert_int_equal(reread(world), STATUS_CORRUPT);
    assert_int_equal(right.size, 0);
    store_partial(world);
    assert_int_equal(world->disk.ops->remove(world->disk.self, tree),
                     STATUS_OK);
    assert_int_equal(reread(world), STATUS_OK);
}

static void
bytes_behind_the_last_chunk_are_cut_off(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name partial = partial_of(world);
    struct chunkfile_name whole = whole_of(world);
    struct chunkfile      file;

    store_partial(world);
    assert_int_equal(chunkfile_open(&world->disk, &partial, false, &file,
                                    NULL),
                     STATUS_OK);
    assert_int_equal(world->disk.ops->write(world->disk.self, file.file,
                                            world->stored,
                                            span_text("more")),
                     STATUS_OK);
    chunkfile_close(&file);
    assert_int_equal(reread(world), STATUS_OK);
    assert_int_equal(disk_len(world->image, whole.text), world->stored);
}

static void
a_whole_one_that_was_damaged_since_is_a_partial_one_again(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name whole = whole_of(world);
    struct chunkfile_name partial = partial_of(world);

    store_partial(world);
    assert_int_equal(reread(world), STATUS_OK);
    assert_int_equal(disk_rot(world->image, whole.text, 3, 1), STATUS_OK);
    assert_int_equal(reread(world), STATUS_CORRUPT);
    assert_int_equal(right.size, 0);
    assert_false(chunk_has(world, &whole));
    assert_true(chunk_has(world, &partial));
}

static void
a_name_that_a_killed_process_left_is_made_durable(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name partial = partial_of(world);
    struct chunkfile_name whole = whole_of(world);
    struct chunkfile      file;
    struct digest         leaf;

    assert_int_equal(chunkfile_open(&world->disk, &partial, true, &file, NULL),
                     STATUS_OK);
    assert_int_equal(chunkfile_put(&file, 0, chunk_at(0), &leaf), STATUS_OK);
    disk_killed(world->image);
    assert_int_equal(disk_durable(world->image, partial.text).len, 0);
    assert_int_equal(reread(world), STATUS_CORRUPT);
    assert_int_equal(right.size, 1);
    assert_int_equal(disk_durable(world->image, partial.text).len,
                     LIMIT_CHUNK_SEALED);

    store_partial(world);
    assert_int_equal(world->disk.ops->rename(world->disk.self, partial.text,
                                             whole.text),
                     STATUS_OK);
    disk_killed(world->image);
    assert_int_equal(reread(world), STATUS_OK);
    assert_int_equal(disk_durable(world->image, whole.text).len,
                     world->stored);
}

static void
what_is_not_there_is_not_found(void **state)
{
    const struct chunk_world *world = *state;
    struct rereading         *reading;

    assert_int_equal(reread(world), STATUS_NOT_FOUND);
    assert_int_equal(rereading_new(&world->disk, &world->peer, &world->digest,
                                   CHUNKS + 1, world->stored, &reading),
                     STATUS_BAD_FIELD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CHUNK_TEST(what_is_right_becomes_whole_durably),
        CHUNK_TEST(what_is_wrong_stays_partial_and_is_right_up_to_there),
        CHUNK_TEST(what_is_brought_again_after_that_makes_it_whole),
        CHUNK_TEST(a_file_cut_short_is_right_up_to_there),
        CHUNK_TEST(
            without_leaves_a_right_one_is_right_and_a_wrong_one_begins_anew),
        CHUNK_TEST(bytes_behind_the_last_chunk_are_cut_off),
        CHUNK_TEST(a_whole_one_that_was_damaged_since_is_a_partial_one_again),
        CHUNK_TEST(a_name_that_a_killed_process_left_is_made_durable),
        CHUNK_TEST(what_is_not_there_is_not_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
