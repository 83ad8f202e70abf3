/*
 * shelf.c - a few groups, the one used longest ago makes room.
 *
 * Invariant: what is on the shelf takes at most BYTES_MAX, but for one group.
 */
#include "node/store/shelf.h"

#include <assert.h>
#include <stdlib.h>

enum {
    ORDINAL_BITS = 20,
    PAGE_BITS = 20,
    SEGMENT_BITS = 23,
    SLOTS = 16,
    BYTES_MAX = 16 << 20
};

static_assert(GROUP_RECORDS_MAX <= 1 << ORDINAL_BITS, "an ordinal fits");

struct slot {
    int64_t             place; /* of the group's first record; 0: free */
    uint64_t            used;
    struct group_buffer buffer;
    struct group        group;
};

struct shelf {
    struct walk      *walk;
    struct group_keys keys;
    uint64_t          clock;
    size_t            bytes;
    struct slot       slots[SLOTS];
};

int64_t
shelf_place(const struct group_place *group, size_t ordinal)
{
    uint64_t page = group->offset / SEGMENT_PAGE;

    assert(group->segment < (uint64_t)1 << SEGMENT_BITS);
    assert(page < (uint64_t)1 << PAGE_BITS);
    assert(ordinal < (size_t)1 << ORDINAL_BITS);
    return (int64_t)(group->segment << (PAGE_BITS + ORDINAL_BITS) |
                     page << ORDINAL_BITS | ordinal);
}

struct shelf *
shelf_new(struct walk *walk, const struct group_keys *keys)
{
    struct shelf *shelf = calloc(1, sizeof(*shelf));

    if (shelf == NULL)
        return NULL;
    shelf->walk = walk;
    shelf->keys = *keys;
    return shelf;
}

static void
slot_clear(struct shelf *shelf, struct slot *slot)
{
    shelf->bytes -= slot->buffer.cap;
    group_close(&slot->group);
    group_buffer_free(&slot->buffer);
    *slot = (struct slot){0};
}

void
shelf_clear(struct shelf *shelf)
{
    for (size_t i = 0; i < SLOTS; i++)
        slot_clear(shelf, &shelf->slots[i]);
}

void
shelf_free(struct shelf *shelf)
{
    if (shelf == NULL)
        return;
    shelf_clear(shelf);
    free(shelf);
}

/* The slot used longest ago, free ones among them if free_too; NULL: none. */
static struct slot *
oldest(struct shelf *shelf, bool free_too)
{
    struct slot *found = NULL;

    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *slot = &shelf->slots[i];

        if ((free_too || slot->used > 0) &&
            (found == NULL || slot->used < found->used))
            found = slot;
    }
    return found;
}

/* A slot that is free now, and no more bytes than BYTES_MAX beside it. */
static struct slot *
make_room(struct shelf *shelf)
{
    struct slot *room = oldest(shelf, true);
    struct slot *more;

    slot_clear(shelf, room);
    while (shelf->bytes > BYTES_MAX &&
           (more = oldest(shelf, false)) != NULL)
        slot_clear(shelf, more);
    return room;
}

static enum status
fetch(struct shelf *shelf, int64_t first, struct slot *slot)
{
    uint64_t           at = (uint64_t)first;
    struct group_place place = {
        .segment = at >> (PAGE_BITS + ORDINAL_BITS),
        .offset =
            (at >> ORDINAL_BITS & ((1u << PAGE_BITS) - 1)) * SEGMENT_PAGE};
    enum status st = walk_read(shelf->walk, &place, &slot->buffer);

    if (st == STATUS_OK)
        st = group_open(slot->buffer.ptr, slot->buffer.len, &shelf->keys,
                        &slot->group);
    shelf->bytes += slot->buffer.cap;
    if (st != STATUS_OK) {
        slot_clear(shelf, slot);
        return st;
    }
    slot->place = first;
    return STATUS_OK;
}

enum status
shelf_record(struct shelf *shelf, int64_t place,
             const struct group_record **out)
{
    size_t       ordinal = (size_t)place & ((1u << ORDINAL_BITS) - 1);
    int64_t      first = place - (int64_t)ordinal;
    struct slot *slot = NULL;

    for (size_t i = 0; i < SLOTS; i++)
        if (shelf->slots[i].place == first && first != 0)
            slot = &shelf->slots[i];
    if (slot == NULL) {
        enum status st;

        slot = make_room(shelf);
        st = fetch(shelf, first, slot);
        if (st != STATUS_OK)
            return st;
    }
    slot->used = ++shelf->clock;
    if (ordinal >= slot->group.count)
        return STATUS_CORRUPT;
    *out = &slot->group.records[ordinal];
    return STATUS_OK;
}
