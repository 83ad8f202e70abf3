#include "tests/unit/chunk_world.h"

#include "node/store/arrivals.h"

static void
add(struct effects *effects, const struct chunk_world *world, uint64_t index)
{
    struct effect *effect = effects_add(effects, EFFECT_CHUNK);

    effect->file.peer = world->peer;
    memcpy(effect->file.digest, world->digest.bytes, LIMIT_DIGEST);
    effect->file.index = index;
    effect->file.count = CHUNKS;
    effect->bytes = effects_copy(effects, chunk_at(index));
}

static enum status
commit(const struct chunk_world *world, uint64_t from, uint64_t to)
{
    struct effects effects;
    enum status    st;

    effects_init(&effects);
    for (uint64_t i = from; i < to; i++) {
        add(&effects, world, i);
        effects_add(&effects, EFFECT_LOG)->bytes = span_text("between");
    }
    st = arrivals_commit(&world->disk, &effects);
    effects_free(&effects);
    return st;
}

static uint64_t
partial_len(const struct chunk_world *world)
{
    struct chunkfile_name name = chunkfile_partial(&world->peer,
                                                   &world->digest);

    return disk_len(world->image, name.text);
}

static uint64_t
durable_len(const struct chunk_world *world)
{
    struct chunkfile_name name = chunkfile_partial(&world->peer,
                                                   &world->digest);

    return disk_durable(world->image, name.text).len;
}

static void
what_was_committed_survives_a_power_cut(void **state)
{
    const struct chunk_world *world = *state;

    assert_int_equal(commit(world, 0, 2), STATUS_OK);
    disk_power_cut(world->image);
    assert_int_equal(partial_len(world), 2 * LIMIT_CHUNK_SEALED);
    assert_int_equal(commit(world, 2, CHUNKS), STATUS_OK);
    disk_power_cut(world->image);
    assert_int_equal(partial_len(world), world->stored);
}

static void
a_chunk_that_is_there_is_written_over(void **state)
{
    const struct chunk_world *world = *state;

    assert_int_equal(commit(world, 0, 3), STATUS_OK);
    assert_int_equal(commit(world, 1, 2), STATUS_OK);
    assert_int_equal(partial_len(world), 3 * LIMIT_CHUNK_SEALED);
}

static void
two_files_in_one_turn_are_both_durable(void **state)
{
    const struct chunk_world *world = *state;
    struct chunk_world        other = *world;
    struct effects            effects;

    other.peer.bytes[0] = 0xac;
    effects_init(&effects);
    add(&effects, world, 0);
    add(&effects, &other, 0);
    add(&effects, world, 1);
    assert_int_equal(arrivals_commit(&world->disk, &effects), STATUS_OK);
    effects_free(&effects);
    disk_power_cut(world->image);
    assert_int_equal(partial_len(world), 2 * LIMIT_CHUNK_SEALED);
    assert_int_equal(partial_len(&other), LIMIT_CHUNK_SEALED);
}

static void
a_turn_without_chunks_touches_nothing(void **state)
{
    struct chunk_world *world = *state;

    assert_int_equal(commit(world, 0, 0), STATUS_OK);
    assert_int_equal(chunk_files(world), 0);
}

static void
a_full_disk_is_told_and_the_same_may_be_offered_again(void **state)
{
    const struct chunk_world *world = *state;

    disk_set_capacity(world->image, LIMIT_CHUNK_SEALED + 4096);
    assert_int_equal(commit(world, 0, CHUNKS), STATUS_NO_SPACE);
    disk_set_capacity(world->image, WORLD_CAPACITY);
    assert_int_equal(commit(world, 0, CHUNKS), STATUS_OK);
    assert_int_equal(durable_len(world), world->stored);
}

static void
a_failed_write_or_sync_is_no_lack_of_room(void **state)
{
    const struct chunk_world *world = *state;

    disk_arm(world->image, DISK_WRITE_FAILS, 1);
    assert_int_equal(commit(world, 0, 1), STATUS_IO);
    disk_arm(world->image, DISK_SYNC_FAILS, 1);
    assert_int_equal(commit(world, 0, 1), STATUS_IO);
}

static void
a_drop_takes_a_partial_one_or_ours_and_no_whole_one_of_theirs(void **state)
{
    struct chunk_world   *world = *state;
    struct chunkfile_name ours = chunkfile_ours(&world->digest);
    struct chunkfile_name theirs = chunkfile_theirs(&world->peer,
                                                    &world->digest);
    struct effect_file    file = {.peer = world->peer};

    memcpy(file.digest, world->digest.bytes, LIMIT_DIGEST);
    chunk_store(world, &ours);
    chunk_store(world, &theirs);
    assert_int_equal(commit(world, 0, 1), STATUS_OK);
    assert_int_equal(chunk_files(world), 6);
    assert_int_equal(arrivals_drop(&world->disk, &file), STATUS_OK);
    assert_int_equal(chunk_files(world), 4);
    assert_true(chunk_has(world, &ours));
    file.outgoing = true;
    assert_int_equal(arrivals_drop(&world->disk, &file), STATUS_OK);
    assert_int_equal(chunk_files(world), 2);
    assert_true(chunk_has(world, &theirs));
    assert_int_equal(arrivals_drop(&world->disk, &file), STATUS_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CHUNK_TEST(what_was_committed_survives_a_power_cut),
        CHUNK_TEST(a_chunk_that_is_there_is_written_over),
        CHUNK_TEST(two_files_in_one_turn_are_both_durable),
        CHUNK_TEST(a_turn_without_chunks_touches_nothing),
        CHUNK_TEST(a_full_disk_is_told_and_the_same_may_be_offered_again),
        CHUNK_TEST(a_failed_write_or_sync_is_no_lack_of_room),
        CHUNK_TEST(
            a_drop_takes_a_partial_one_or_ours_and_no_whole_one_of_theirs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
