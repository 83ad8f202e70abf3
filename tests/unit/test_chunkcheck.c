#include "tests/unit/chunk_world.h"

#include "node/store/chunkcheck.h"

struct told {
    size_t                  count;
    struct chunkcheck_fault fault; /* the last */
    char                    name[160];
};

static void
on_fault(void *arg, const struct chunkcheck_fault *fault)
{
    struct told *told = arg;

    told->count++;
    told->fault = *fault;
    snprintf(told->name, sizeof(told->name), "%s", fault->name);
}

static struct told
told_of(struct chunk_world *world)
{
    struct told       told = {.count = 0};
    struct chunkcheck found;

    assert_int_equal(chunkcheck_read(&world->disk, on_fault, &told, &found),
                     STATUS_OK);
    assert_int_equal(found.files, 1);
    assert_int_equal(found.faults, told.count);
    return told;
}

static struct chunkfile_name
tree_of(const struct chunkfile_name *name)
{
    struct chunkfile_name tree;

    snprintf(tree.text, sizeof(tree.text), "%.100s.tree", name->text);
    return tree;
}

/* One bit at `at` of that file. */
static struct told
told_of_flip(struct chunk_world *world, const char *name, uint64_t at)
{
    struct told told;
    unsigned    bit = (unsigned)(at % 8);

    assert_int_equal(disk_rot(world->image, name, at, bit), STATUS_OK);
    told = told_of(world);
    assert_int_equal(disk_rot(world->image, name, at, bit), STATUS_OK);
    return told;
}

static void
whole_files_of_ours_and_theirs_are_right(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name ours = chunkfile_ours(&world->digest);
    struct chunkfile_name theirs = chunkfile_theirs(&world->peer,
                                                    &world->digest);

    chunk_store(world, &ours);
    assert_int_equal(told_of(world).count, 0);
    assert_int_equal(chunkfile_rename(&world->disk, &ours, &theirs),
                     STATUS_OK);
    assert_int_equal(told_of(world).count, 0);
}

static void
a_flipped_bit_is_named_by_its_file_and_chunk(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name name = chunkfile_theirs(&world->peer,
                                                  &world->digest);
    uint64_t              len;

    chunk_store(world, &name);
    len = disk_len(world->image, name.text);
    for (uint64_t at = 0; at < len; at += at + 997 < len ? 997 : 1) {
        struct told told = told_of_flip(world, name.text, at);

        assert_int_equal(told.count, 1);
        assert_int_equal(told.fault.kind, CHUNKCHECK_WHOLE);
        assert_int_equal(told.fault.chunk, at / LIMIT_CHUNK_SEALED);
        assert_string_equal(told.name, name.text);
    }
}

static void
each_byte_of_a_tree_is_judged(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name name = chunkfile_ours(&world->digest);
    struct chunkfile_name tree = tree_of(&name);
    uint64_t              len;

    chunk_store(world, &name);
    len = disk_len(world->image, tree.text);
    assert_true(len > CHUNKS * LIMIT_DIGEST);
    for (uint64_t at = 0; at < len; at++) {
        struct told told = told_of_flip(world, tree.text, at);

        assert_int_equal(told.count, 1);
        assert_int_equal(told.fault.kind, CHUNKCHECK_TREE);
        assert_string_equal(told.name, tree.text);
    }
    assert_int_equal(world->disk.ops->remove(world->disk.self, tree.text),
                     STATUS_OK);
    assert_int_equal(told_of(world).fault.kind, CHUNKCHECK_TREE);
}

static void
a_partial_file_is_judged_as_far_as_it_came(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name name = chunkfile_partial(&world->peer,
                                                   &world->digest);
    struct told           told;
    struct chunkfile      file;

    chunk_store(world, &name);
    assert_int_equal(chunkfile_open(&world->disk, &name, false, &file, NULL),
                     STATUS_OK);
    assert_int_equal(chunkfile_cut(&file, 3 * LIMIT_CHUNK_SEALED), STATUS_OK);
    chunkfile_close(&file);
    assert_int_equal(told_of(world).count, 0);
    told = told_of_flip(world, name.text, 2 * LIMIT_CHUNK_SEALED + 5);
    assert_int_equal(told.fault.kind, CHUNKCHECK_PARTIAL);
    assert_int_equal(told.fault.chunk, 2);
}

static void
a_file_that_was_cut_or_has_anothers_name_is_not_whole(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name name = chunkfile_ours(&world->digest);
    struct digest         other = world->digest;
    struct chunkfile_name wrong;
    struct chunkfile      file;

    chunk_store(world, &name);
    other.bytes[5] ^= 1;
    wrong = chunkfile_ours(&other);
    assert_int_equal(chunkfile_rename(&world->disk, &name, &wrong), STATUS_OK);
    assert_int_equal(told_of(world).fault.kind, CHUNKCHECK_WHOLE);
    assert_int_equal(chunkfile_rename(&world->disk, &wrong, &name), STATUS_OK);
    assert_int_equal(told_of(world).count, 0);
    assert_int_equal(chunkfile_open(&world->disk, &name, false, &file, NULL),
                     STATUS_OK);
    assert_int_equal(chunkfile_cut(&file, world->stored - 1), STATUS_OK);
    chunkfile_close(&file);
    assert_int_equal(told_of(world).fault.kind, CHUNKCHECK_WHOLE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CHUNK_TEST(whole_files_of_ours_and_theirs_are_right),
        CHUNK_TEST(a_flipped_bit_is_named_by_its_file_and_chunk),
        CHUNK_TEST(each_byte_of_a_tree_is_judged),
        CHUNK_TEST(a_partial_file_is_judged_as_far_as_it_came),
        CHUNK_TEST(a_file_that_was_cut_or_has_anothers_name_is_not_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
