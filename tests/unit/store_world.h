/*
 * store_world.h - a store on a simulated or a real disk, and small turns of
 * TRAIL records for it, for the tests of node/store.
 */
#ifndef TESTS_UNIT_STORE_WORLD_H
#define TESTS_UNIT_STORE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/sim/disk.h"
#include "node/store/posix.h"
#include "node/store/segment.h"
#include "node/store/store.h"

enum {
    WORLD_SEGMENT = 32 * SEGMENT_PAGE,
    WORLD_CAPACITY = 1 << 26,
    WORLD_VAULT = 7,
    WORLD_NOTES = 256
};

#define WORLD_HOME "/tmp/entente-store-XXXXXX"

/* What a replay gave: for each record its number and its secret. */
struct world_note {
    uint64_t number;
    char     words[64];
};

struct world {
    struct disk_image *image; /* NULL: a real disk */
    char               home[sizeof(WORLD_HOME)];
    struct disk        disk;
    struct store      *store;
    const char        *index_name;
    uint64_t           openings;
    uint64_t           turns;
    char               why[256];
    struct world_note  notes[WORLD_NOTES];
    size_t             note_count;
};

static inline struct secret32
world_key(unsigned first)
{
    struct secret32 key;

    for (size_t i = 0; i < sizeof(key.bytes); i++)
        key.bytes[i] = (uint8_t)(first + i);
    return key;
}

/* --- life ---------------------------------------------------------------- */

static inline struct world *
world_new(bool real)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    assert_int_equal(crypto_start(), STATUS_OK);
    if (real) {
        memcpy(world->home, WORLD_HOME, sizeof(WORLD_HOME));
        assert_non_null(mkdtemp(world->home));
    } else {
        world->image = disk_new(1, 4096, WORLD_CAPACITY);
        world->disk = disk_face(world->image);
    }
    return world;
}

static inline enum status
world_open(struct world *world)
{
    struct store_options options = {.storage_key = world_key(1),
                                    .segment_len = WORLD_SEGMENT,
                                    .index_name = world->index_name};
    enum status          st = STATUS_OK;

    if (world->image == NULL && world->disk.ops == NULL)
        st = posix_disk_open(world->home, &world->disk, world->why);
    if (st != STATUS_OK)
        return st;
    options.disk = world->disk;
    options.seed = world_key((unsigned)(50 + world->openings++));
    return store_open(&options, &world->store, world->why);
}

static inline void
world_opened(struct world *world)
{
    enum status st = world_open(world);

    if (st != STATUS_OK)
        print_message("%s: %s\n", status_name(st), world->why);
    assert_int_equal(st, STATUS_OK);
}

static inline void
world_close(struct world *world)
{
    store_close(world->store);
    world->store = NULL;
    if (world->image == NULL && world->disk.ops != NULL)
        posix_disk_close(&world->disk);
}

static inline void
world_remove_home(const char *home)
{
    DIR                 *folder = opendir(home);
    const struct dirent *entry;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    (void)closedir(folder);
    assert_int_equal(rmdir(home), 0);
}

static inline void
world_free(struct world *world)
{
    world_close(world);
    if (world->image != NULL)
        disk_free(world->image);
    else
        world_remove_home(world->home);
    free(world);
}

static inline int
world_on_sim(void **state)
{
    *state = world_new(false);
    return 0;
}

static inline int
world_with_store(void **state)
{
    *state = world_new(false);
    world_opened(*state);
    return 0;
}

static inline int
world_on_posix(void **state)
{
    *state = world_new(true);
    return 0;
}

static inline int
world_end(void **state)
{
    world_free(*state);
    return 0;
}

/* --- turns --------------------------------------------------------------- */

static inline void
world_turn(struct world *world, struct effects *out)
{
    effects_init(out);
    world->turns++;
    for (size_t i = 0; i < sizeof(out->nonce); i++)
        out->nonce[i] = (uint8_t)(world->turns >> (8 * (i % 8)));
}

static inline void
world_save_record(struct effects *out, const struct record *record,
                  uint32_t vault, struct span secret)
{
    uint8_t        bytes[4096];
    struct writer  to = writer_of(bytes, sizeof(bytes));
    struct effect *save = effects_add(out, EFFECT_SAVE);

    record_encode(record, &to);
    assert_int_equal(writer_end(&to), STATUS_OK);
    save->bytes = effects_copy(out, writer_span(&to));
    save->secret = effects_copy(out, secret);
    save->vault = vault;
}

/* A TRAIL record that carries `number` and, sealed, `words`. */
static inline void
world_save(struct effects *out, uint64_t number, uint32_t vault,
           const char *words)
{
    struct record record = {.kind = RECORD_TRAIL,
                            .time = number,
                            .state = STATE_READ};

    world_save_record(out, &record, vault, span_text(words));
}

static inline void
world_put_key(struct effects *out, uint64_t number)
{
    struct effect *effect = effects_add(out, EFFECT_KEY);

    effect->key = (struct key_change){.kind = KEYRING_VAULT,
                                      .state = KEYRING_CURRENT,
                                      .number = number,
                                      .secret = world_key((unsigned)number)};
    effect->key.nonce[0][0] = (uint8_t)number;
    effect->key.nonce[0][8] = 1;
}

static inline void
world_destroy_key(struct effects *out, uint64_t number)
{
    struct effect *effect = effects_add(out, EFFECT_KEY);

    effect->key = (struct key_change){.kind = KEYRING_VAULT,
                                      .destroy = true,
                                      .number = number};
    effect->key.nonce[0][0] = (uint8_t)number;
    effect->key.nonce[0][8] = 2;
}

/* One turn with one record; the first turn brings the vault key. */
static inline enum status
world_try(struct world *world, uint64_t number, const char *words)
{
    struct effects effects;
    enum status    st;

    world_turn(world, &effects);
    world_put_key(&effects, WORLD_VAULT);
    world_save(&effects, number, WORLD_VAULT, words);
    st = store_commit(world->store, &effects);
    effects_free(&effects);
    return st;
}

static inline void
world_say(struct world *world, uint64_t number, const char *words)
{
    assert_int_equal(world_try(world, number, words), STATUS_OK);
}

static inline void
world_save_snapshot(struct effects *out, uint64_t number, const char *words)
{
    struct record begin = {.kind = RECORD_SNAPSHOT};
    struct record end = {.kind = RECORD_SNAPSHOT_END, .count = 1};

    world_save_record(out, &begin, 0, SPAN_EMPTY);
    world_save(out, number, WORLD_VAULT, words);
    world_save_record(out, &end, 0, SPAN_EMPTY);
}

static inline void
world_snapshot(struct world *world, uint64_t number, const char *words)
{
    struct effects effects;

    world_turn(world, &effects);
    world_save_snapshot(&effects, number, words);
    assert_int_equal(store_commit(world->store, &effects), STATUS_OK);
    effects_free(&effects);
}

/* --- what comes back ----------------------------------------------------- */

static inline enum status
world_note_record(void *arg, const struct record *record)
{
    struct world      *world = arg;
    struct world_note *note = &world->notes[world->note_count];

    if (record->kind != RECORD_TRAIL)
        return STATUS_OK;
    assert_true(world->note_count < WORLD_NOTES);
    assert_true(record->secret.len < sizeof(note->words));
    note->number = record->time;
    memset(note->words, 0, sizeof(note->words));
    if (record->secret.len > 0)
        memcpy(note->words, record->secret.ptr, record->secret.len);
    world->note_count++;
    return STATUS_OK;
}

static inline void
world_replay(struct world *world)
{
    world->note_count = 0;
    assert_int_equal(store_replay(world->store, world_note_record, world),
                     STATUS_OK);
}

static inline void
world_reopen(struct world *world)
{
    world_close(world);
    world_opened(world);
    world_replay(world);
}

/* The replay gave records `first` to `last`, each once and in order. */
static inline void
world_expect(const struct world *world, uint64_t first, uint64_t last)
{
    assert_int_equal(world->note_count, last - first + 1);
    for (size_t i = 0; i < world->note_count; i++)
        assert_int_equal(world->notes[i].number, first + i);
}

#endif
