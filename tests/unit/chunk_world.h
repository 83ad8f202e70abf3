/*
 * chunk_world.h - a disk and the sealed chunks of one attachment, for the
 * tests of attachments in node/store.
 */
#ifndef TESTS_UNIT_CHUNK_WORLD_H
#define TESTS_UNIT_CHUNK_WORLD_H

#include "tests/unit/store_world.h"

#include "crypto/attachment.h"
#include "node/store/chunkfile.h"

enum { CHUNKS = 5, LAST_LEN = 8192 + LIMIT_TAG };

struct chunk_world {
    struct disk_image *image;
    struct disk        disk;
    struct node_id     peer;
    struct digest      digest;
    uint64_t           stored;
};

/* Not sealed: the store cannot tell. */
static inline struct span
chunk_at(uint64_t index)
{
    static uint8_t bytes[LIMIT_CHUNK_SEALED];
    size_t         len = index + 1 < CHUNKS ? sizeof(bytes) : LAST_LEN;

    memset(bytes, (int)(index + 1), len);
    return (struct span){bytes, len};
}

static inline int
chunk_begin(void **state)
{
    struct chunk_world    *world = calloc(1, sizeof(*world));
    struct merkle_frontier frontier;

    assert_non_null(world);
    assert_int_equal(crypto_start(), STATUS_OK);
    world->image = disk_new(1, 4096, WORLD_CAPACITY);
    world->disk = disk_face(world->image);
    world->peer.bytes[0] = 0xab;
    world->stored = (CHUNKS - 1) * LIMIT_CHUNK_SEALED + LAST_LEN;
    merkle_init(&frontier);
    for (uint64_t i = 0; i < CHUNKS; i++) {
        struct digest leaf;

        attachment_leaf(i, chunk_at(i), &leaf);
        merkle_append(&frontier, &leaf);
    }
    merkle_root(&frontier, &world->digest);
    *state = world;
    return 0;
}

static inline int
chunk_end(void **state)
{
    struct chunk_world *world = *state;

    disk_free(world->image);
    free(world);
    return 0;
}

/* All chunks under that name, synced. */
static inline void
chunk_store(struct chunk_world *world, const struct chunkfile_name *name)
{
    struct chunkfile file;
    struct digest    leaf;

    assert_int_equal(chunkfile_open(&world->disk, name, true, &file, NULL),
                     STATUS_OK);
    for (uint64_t i = 0; i < CHUNKS; i++)
        assert_int_equal(chunkfile_put(&file, i, chunk_at(i), &leaf),
                         STATUS_OK);
    assert_int_equal(chunkfile_sync(&file), STATUS_OK);
    assert_int_equal(world->disk.ops->sync_folder(world->disk.self),
                     STATUS_OK);
    chunkfile_close(&file);
}

static inline bool
chunk_has(struct chunk_world *world, const struct chunkfile_name *name)
{
    int  file;
    bool has = world->disk.ops->open(world->disk.self, name->text, false,
                                     &file) == STATUS_OK;

    if (has)
        world->disk.ops->close(world->disk.self, file);
    return has;
}

static inline void
chunk_count_one(void *arg, const char *name)
{
    (void)name;
    ++*(size_t *)arg;
}

static inline size_t
chunk_files(struct chunk_world *world)
{
    size_t count = 0;

    assert_int_equal(world->disk.ops->list(world->disk.self, chunk_count_one,
                                           &count),
                     STATUS_OK);
    return count;
}

#define CHUNK_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, chunk_begin, chunk_end)

#endif
