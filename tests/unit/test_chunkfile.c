#include "tests/unit/chunk_world.h"

static struct chunkfile file;
static uint8_t          got_bytes[LIMIT_CHUNK_SEALED];

static int
begin(void **state)
{
    struct chunk_world   *world;
    struct chunkfile_name name;

    assert_int_equal(chunk_begin(state), 0);
    world = *state;
    name = chunkfile_ours(&world->digest);
    chunk_store(world, &name);
    assert_int_equal(chunkfile_open(&world->disk, &name, false, &file, NULL),
                     STATUS_OK);
    return 0;
}

static int
end(void **state)
{
    chunkfile_close(&file);
    return chunk_end(state);
}

static enum status
prove(const struct chunk_world *world, uint64_t index,
      struct merkle_proof *proof)
{
    size_t      got = 0;
    enum status st = chunkfile_prove(&file, &world->digest, index, CHUNKS,
                                     got_bytes, &got, proof);

    if (st == STATUS_OK) {
        assert_int_equal(got, chunk_at(index).len);
        assert_memory_equal(got_bytes, chunk_at(index).ptr, got);
    }
    return st;
}

static void
every_chunk_comes_back_with_its_proof(void **state)
{
    const struct chunk_world *world = *state;
    struct merkle_proof       proof;
    struct digest             leaf;

    for (uint64_t i = 0; i < CHUNKS; i++) {
        assert_int_equal(prove(world, i, &proof), STATUS_OK);
        attachment_leaf(i, chunk_at(i), &leaf);
        assert_int_equal(merkle_inclusion_verify(&proof, i, CHUNKS, &leaf,
                                                 &world->digest),
                         STATUS_OK);
    }
    assert_int_equal(prove(world, CHUNKS, &proof), STATUS_CORRUPT);
}

static void
a_tree_that_is_damaged_is_made_again(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name name = chunkfile_ours(&world->digest);
    struct merkle_proof   proof;
    char                  tree[160];

    snprintf(tree, sizeof(tree), "%s.tree", name.text);
    assert_int_equal(disk_rot(world->image, tree, 3, 1), STATUS_OK);
    assert_int_equal(prove(world, 1, &proof), STATUS_OK);
    assert_int_equal(world->disk.ops->truncate(world->disk.self, file.tree, 0),
                     STATUS_OK);
    assert_int_equal(prove(world, 4, &proof), STATUS_OK);
}

static void
a_tree_that_is_missing_is_made_again(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name name = chunkfile_ours(&world->digest);
    struct merkle_proof   proof;
    char                  tree[160];

    snprintf(tree, sizeof(tree), "%s.tree", name.text);
    chunkfile_close(&file);
    assert_int_equal(world->disk.ops->remove(world->disk.self, tree),
                     STATUS_OK);
    assert_int_equal(chunkfile_open(&world->disk, &name, false, &file, NULL),
                     STATUS_OK);
    assert_int_equal(prove(world, 2, &proof), STATUS_OK);
}

static void
a_chunk_that_is_damaged_is_never_given(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name name = chunkfile_ours(&world->digest);
    struct merkle_proof   proof;

    assert_int_equal(disk_rot(world->image, name.text,
                              2 * LIMIT_CHUNK_SEALED + 77, 3),
                     STATUS_OK);
    assert_int_equal(prove(world, 2, &proof), STATUS_CORRUPT);
}

static void
a_file_cut_short_gives_no_chunk_of_its_last(void **state)
{
    const struct chunk_world *world = *state;
    struct merkle_proof       proof;

    assert_int_equal(chunkfile_cut(&file, world->stored - 1), STATUS_OK);
    assert_int_equal(prove(world, 4, &proof), STATUS_CORRUPT);
}

static void
a_name_moves_with_its_tree(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name from = chunkfile_ours(&world->digest);
    struct chunkfile_name to = chunkfile_theirs(&world->peer, &world->digest);

    assert_int_equal(chunkfile_rename(&world->disk, &from, &to), STATUS_OK);
    disk_power_cut(world->image);
    assert_false(chunk_has(world, &from));
    assert_true(chunk_has(world, &to));
    assert_int_equal(chunk_files(world), 2);
    assert_int_equal(chunkfile_remove(&world->disk, &to), STATUS_OK);
    assert_int_equal(chunk_files(world), 0);
    assert_int_equal(chunkfile_remove(&world->disk, &to), STATUS_OK);
}

static void
files_of_two_peers_are_two(void **state)
{
    const struct chunk_world *world = *state;
    struct node_id            other = {{0xac}};
    struct chunkfile_name     a = chunkfile_partial(&world->peer,
                                                    &world->digest);
    struct chunkfile_name     b = chunkfile_partial(&other, &world->digest);

    assert_string_not_equal(a.text, b.text);
}

static void
a_name_says_what_it_was_made_of(void **state)
{
    const struct node_id  peer = {{7}};
    const struct digest   digest = {{8, 9}};
    struct chunkfile_name names[] = {chunkfile_ours(&digest),
                                     chunkfile_theirs(&peer, &digest),
                                     chunkfile_partial(&peer, &digest)};
    struct chunkfile_name upload = chunkfile_upload(3);
    struct digest         found;
    bool                  partial;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct chunkfile_name tree = chunkfile_tree(&names[i]);

        assert_true(chunkfile_parse(names[i].text, &found, &partial));
        assert_memory_equal(found.bytes, digest.bytes, LIMIT_DIGEST);
        assert_int_equal(partial, i == 2);
        assert_false(chunkfile_parse(tree.text, &found, &partial));
        names[i].text[strlen(names[i].text) - 1] = 'G';
        assert_false(chunkfile_parse(names[i].text, &found, &partial));
    }
    assert_false(chunkfile_parse(upload.text, &found, &partial));
    assert_false(chunkfile_parse("", &found, &partial));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(every_chunk_comes_back_with_its_proof),
        TEST(a_tree_that_is_damaged_is_made_again),
        TEST(a_tree_that_is_missing_is_made_again),
        TEST(a_chunk_that_is_damaged_is_never_given),
        TEST(a_file_cut_short_gives_no_chunk_of_its_last),
        TEST(a_name_moves_with_its_tree),
        TEST(files_of_two_peers_are_two),
        TEST(a_name_says_what_it_was_made_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
