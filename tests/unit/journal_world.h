/*
 * journal_world.h - a journal alone on a simulated disk, and groups of one
 * record for it, for the tests of journal.c and what it stands on.
 */
#ifndef TESTS_UNIT_JOURNAL_WORLD_H
#define TESTS_UNIT_JOURNAL_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/sim/disk.h"
#include "node/store/journal.h"
#include "node/store/pack.h"

enum { JOURNAL_SEGMENT = 16 * SEGMENT_PAGE, JOURNAL_CAPACITY = 1 << 25 };

struct journal_world {
    struct disk_image  *image;
    struct disk         disk;
    struct journal     *journal;
    struct group_buffer group;
    uint64_t            noted;
    enum status         note_answer;
    char                why[256];
};

static inline enum status
journal_note(void *arg, uint64_t segment)
{
    struct journal_world *world = arg;

    if (world->note_answer != STATUS_OK)
        return world->note_answer;
    world->noted = segment;
    return STATUS_OK;
}

static inline enum status
journal_try_open(struct journal_world *world)
{
    struct journal_options options = {.disk = world->disk,
                                      .segment_len = JOURNAL_SEGMENT,
                                      .file_id = {1, 2, 3},
                                      .segment_noted = world->noted,
                                      .note = journal_note,
                                      .arg = world};
    enum status            st;

    world->why[0] = '\0';
    st = journal_open(&options, &world->journal, world->why);
    if (st == STATUS_OK)
        st = journal_start(world->journal);
    return st;
}

static inline void
journal_shut(struct journal_world *world)
{
    journal_close(world->journal);
    world->journal = NULL;
}

static inline void
journal_reopen(struct journal_world *world)
{
    journal_shut(world);
    assert_int_equal(journal_try_open(world), STATUS_OK);
}

static inline int
journal_begin(void **state)
{
    struct journal_world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    world->image = disk_new(3, 4096, JOURNAL_CAPACITY);
    world->disk = disk_face(world->image);
    assert_int_equal(journal_try_open(world), STATUS_OK);
    *state = world;
    return 0;
}

static inline int
journal_end(void **state)
{
    struct journal_world *world = *state;

    journal_shut(world);
    group_buffer_free(&world->group);
    disk_free(world->image);
    free(world);
    return 0;
}

static inline enum status
no_key(void *arg, uint32_t vault, struct secret32 *out)
{
    (void)arg;
    (void)vault;
    (void)out;
    return STATUS_NOT_FOUND;
}

/* A group of `count` records of the same text. */
static inline enum status
journal_try_say(struct journal_world *world, const char *text, size_t count,
                bool snapshot)
{
    struct group_keys keys = {.find = no_key};
    struct effects    effects;
    struct group_id   id;
    size_t            len;
    enum status       st;

    effects_init(&effects);
    for (size_t i = 0; i < count; i++)
        effects_add(&effects, EFFECT_SAVE)->bytes = span_text(text);
    st = pack_len(&effects, &len);
    if (st == STATUS_OK)
        st = journal_prepare(world->journal, len, snapshot, &id);
    if (st == STATUS_OK)
        st = pack_group(&effects, &id, &keys, &world->group);
    if (st == STATUS_OK)
        st = journal_append(world->journal,
                            (struct span){world->group.ptr, world->group.len},
                            snapshot);
    effects_free(&effects);
    return st;
}

static inline void
journal_say(struct journal_world *world, const char *text)
{
    assert_int_equal(journal_try_say(world, text, 1, false), STATUS_OK);
}

/* --- files as they lie --------------------------------------------------- */

struct journal_file {
    const char *name;
    uint8_t    *bytes;
    size_t      len;
};

static inline void
journal_take_file(void *arg, const char *name, struct span bytes)
{
    struct journal_file *file = arg;

    if (strcmp(name, file->name) != 0)
        return;
    file->len = bytes.len;
    file->bytes = malloc(bytes.len + 1);
    assert_non_null(file->bytes);
    if (bytes.len > 0)
        memcpy(file->bytes, bytes.ptr, bytes.len);
}

/* A copy of what a file holds; bytes is NULL when there is none. */
static inline struct journal_file
journal_file(const struct journal_world *world, const char *name)
{
    struct journal_file file = {.name = name};

    disk_each(world->image, journal_take_file, &file);
    return file;
}

/* Puts other bytes in its place. */
static inline void
journal_put_file(struct journal_world *world, const char *name,
                 struct span bytes)
{
    int file;

    assert_int_equal(world->disk.ops->open(world->disk.self, name, true, &file),
                     STATUS_OK);
    assert_int_equal(world->disk.ops->truncate(world->disk.self, file, 0),
                     STATUS_OK);
    assert_int_equal(world->disk.ops->write(world->disk.self, file, 0, bytes),
                     STATUS_OK);
    world->disk.ops->close(world->disk.self, file);
}

static inline void
journal_sum_file(void *arg, const char *name, struct span bytes)
{
    uint64_t *sum = arg;

    for (; *name != '\0'; name++)
        *sum = *sum * 31 + (uint8_t)*name;
    for (size_t i = 0; i < bytes.len; i++)
        *sum = *sum * 31 + bytes.ptr[i];
}

/* Of all names and all bytes. */
static inline uint64_t
journal_disk_sum(const struct journal_world *world)
{
    uint64_t sum = 1;

    disk_each(world->image, journal_sum_file, &sum);
    return sum;
}

#endif
