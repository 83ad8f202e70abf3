#include "tests/unit/chunk_world.h"

#include "node/store/upload.h"

static struct upload *upload;

static int
begin(void **state)
{
    struct chunk_world *world;

    assert_int_equal(chunk_begin(state), 0);
    world = *state;
    assert_int_equal(upload_new(&world->disk, 7, &upload), STATUS_OK);
    return 0;
}

static int
end(void **state)
{
    upload_free(upload);
    upload = NULL;
    return chunk_end(state);
}

static void
bring_all(void)
{
    for (uint64_t i = 0; i < CHUNKS; i++)
        assert_int_equal(upload_put(upload, chunk_at(i)), STATUS_OK);
}

static void
a_whole_one_stands_durably_under_its_digest(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name name = chunkfile_ours(&world->digest);
    struct digest         digest;

    bring_all();
    assert_int_equal(upload_stored(upload), world->stored);
    assert_int_equal(upload_finish(upload, &digest), STATUS_OK);
    assert_true(digest_equal(&digest, &world->digest));
    disk_power_cut(world->image);
    assert_true(chunk_has(world, &name));
    assert_int_equal(disk_len(world->image, name.text), world->stored);
    upload_free(upload);
    upload = NULL;
    assert_true(chunk_has(world, &name));
}

static void
several_chunks_may_come_at_once(void **state)
{
    const struct chunk_world *world = *state;
    uint8_t                  *bytes = malloc(world->stored);
    struct digest             digest;

    assert_non_null(bytes);
    for (uint64_t i = 0; i < CHUNKS; i++)
        memcpy(bytes + i * LIMIT_CHUNK_SEALED, chunk_at(i).ptr,
               chunk_at(i).len);
    assert_int_equal(upload_put(upload, (struct span){bytes, world->stored}),
                     STATUS_OK);
    free(bytes);
    assert_int_equal(upload_finish(upload, &digest), STATUS_OK);
    assert_true(digest_equal(&digest, &world->digest));
}

static void
one_that_is_not_finished_leaves_nothing(void **state)
{
    struct chunk_world *world = *state;

    bring_all();
    upload_free(upload);
    upload = NULL;
    assert_int_equal(chunk_files(world), 0);
}

static void
after_a_short_chunk_there_is_none(void **state)
{
    struct digest digest;

    (void)state;
    bring_all();
    assert_int_equal(upload_put(upload, chunk_at(0)), STATUS_BAD_ENCODING);
    assert_int_equal(upload_finish(upload, &digest), STATUS_BAD_ENCODING);
}

static void
no_sealed_chunk_is_as_short_as_a_tag(void **state)
{
    static const uint8_t tag[LIMIT_TAG];
    struct digest        digest;

    (void)state;
    assert_int_equal(upload_finish(upload, &digest), STATUS_BAD_STATE);
    assert_int_equal(upload_put(upload, SPAN_OF(tag)), STATUS_BAD_ENCODING);
}

static void
a_full_disk_refuses_and_leaves_nothing(void **state)
{
    struct chunk_world *world = *state;
    struct digest       digest;

    assert_int_equal(upload_put(upload, chunk_at(0)), STATUS_OK);
    disk_set_capacity(world->image, disk_used(world->image) + 10);
    assert_int_equal(upload_put(upload, chunk_at(1)), STATUS_NO_SPACE);
    disk_set_capacity(world->image, WORLD_CAPACITY);
    assert_int_equal(upload_put(upload, chunk_at(1)), STATUS_NO_SPACE);
    assert_int_equal(upload_finish(upload, &digest), STATUS_NO_SPACE);
    upload_free(upload);
    upload = NULL;
    assert_int_equal(chunk_files(world), 0);
}

static void
what_a_process_left_is_removed_at_the_next_start(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name name = chunkfile_ours(&world->digest);

    chunk_store(world, &name);
    bring_all();
    assert_int_equal(chunk_files(world), 4);
    assert_int_equal(upload_clean(&world->disk), STATUS_OK);
    assert_int_equal(chunk_files(world), 2);
    assert_true(chunk_has(world, &name));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_whole_one_stands_durably_under_its_digest),
        TEST(several_chunks_may_come_at_once),
        TEST(one_that_is_not_finished_leaves_nothing),
        TEST(after_a_short_chunk_there_is_none),
        TEST(no_sealed_chunk_is_as_short_as_a_tag),
        TEST(a_full_disk_refuses_and_leaves_nothing),
        TEST(what_a_process_left_is_removed_at_the_next_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
