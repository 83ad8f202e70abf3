/*
 * keyring_table.c - slots by place, and their names in order.
 *
 * Invariants:
 *  (I1) order[] holds each slot that has a name and is not corrupt, once, in
 *       growing order of (kind, owner, number); slot 0 is not in it;
 *  (I2) free[] holds each slot that is GONE or was never used, once; a slot
 *       that is corrupt is in neither;
 *  (I3) secrets never move: they stand in guarded chunks that only grow in
 *       number, so a loan of one stays good.
 */
#include "crypto/keyring_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 32 };

static_assert(LIMIT_KEYRING_SLOTS % KEYRING_TABLE_CHUNK == 0, "whole chunks");

void
keyring_table_clear(struct keyring_table *table)
{
    for (size_t i = 0; i < KEYRING_TABLE_CHUNKS; i++)
        secret_free(table->chunks[i]);
    free(table->entries);
    free(table->order);
    free(table->free);
    memset(table, 0, sizeof(*table));
}

/* (I3) */
static enum status
reserve_secrets(struct keyring_table *table, size_t slot_count)
{
    for (size_t i = 0; i * KEYRING_TABLE_CHUNK < slot_count; i++) {
        if (table->chunks[i] == NULL)
            table->chunks[i] =
                secret_alloc(KEYRING_TABLE_CHUNK * sizeof(struct secret32));
        if (table->chunks[i] == NULL)
            return STATUS_FULL;
    }
    return STATUS_OK;
}

static enum status
reserve_slots(struct keyring_table *table, size_t cap)
{
    struct keyring_entry *entries;
    uint32_t             *order, *unused;

    entries = reallocarray(table->entries, cap, sizeof(*entries));
    if (entries == NULL)
        return STATUS_FULL;
    table->entries = entries;
    order = reallocarray(table->order, cap, sizeof(*order));
    if (order == NULL)
        return STATUS_FULL;
    table->order = order;
    unused = reallocarray(table->free, cap, sizeof(*unused));
    if (unused == NULL)
        return STATUS_FULL;
    table->free = unused;
    table->slot_cap = cap;
    return STATUS_OK;
}

enum status
keyring_table_reserve(struct keyring_table *table, size_t more)
{
    size_t      need = table->slot_count + more;
    size_t      cap = table->slot_cap > 0 ? table->slot_cap : FIRST_CAP;
    enum status st;

    if (need > LIMIT_KEYRING_SLOTS)
        return STATUS_FULL;
    st = reserve_secrets(table, need);
    if (st != STATUS_OK || need <= table->slot_cap)
        return st;
    while (cap < need)
        cap *= 2;
    return reserve_slots(table, cap);
}

struct secret32 *
keyring_table_secret(const struct keyring_table *table, size_t slot)
{
    assert(slot < table->slot_count);
    return &table->chunks[slot / KEYRING_TABLE_CHUNK]
                         [slot % KEYRING_TABLE_CHUNK];
}

static const struct keyring_name *
name_at(const struct keyring_table *table, size_t position)
{
    return &table->entries[table->order[position]].name;
}

static int
compare_names(const struct keyring_name *a, const struct keyring_name *b)
{
    int owners;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    owners = memcmp(a->owner.bytes, b->owner.bytes, KEYRING_OWNER_LEN);
    if (owners != 0)
        return owners;
    return a->number < b->number ? -1 : a->number > b->number;
}

size_t
keyring_table_position(const struct keyring_table *table,
                       const struct keyring_name  *name)
{
    size_t low = 0, high = table->order_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_names(name_at(table, middle), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool
keyring_table_has(const struct keyring_table *table,
                  const struct keyring_name  *name)
{
    size_t at = keyring_table_position(table, name);

    return at < table->order_count &&
           compare_names(name_at(table, at), name) == 0;
}

enum status
keyring_table_highest(const struct keyring_table *table,
                      enum keyring_kind kind, const struct keyring_owner *owner,
                      unsigned state, size_t *position)
{
    struct keyring_name name = {kind, *owner, UINT64_MAX};
    size_t              at = keyring_table_position(table, &name);

    if (keyring_table_has(table, &name))
        at++;
    for (; at > 0; at--) {
        name.number = name_at(table, at - 1)->number;
        if (compare_names(name_at(table, at - 1), &name) != 0)
            break; /* another kind or owner */
        if (state != 0 && table->entries[table->order[at - 1]].state != state)
            continue;
        *position = at - 1;
        return STATUS_OK;
    }
    return STATUS_NOT_FOUND;
}

static void
order_insert(struct keyring_table *table, size_t slot)
{
    const struct keyring_name *name = &table->entries[slot].name;
    size_t                     at = keyring_table_position(table, name);

    assert(!keyring_table_has(table, name)); /* (I1) */
    memmove(&table->order[at + 1], &table->order[at],
            (table->order_count - at) * sizeof(table->order[0]));
    table->order[at] = (uint32_t)slot;
    table->order_count++;
}

static void
order_remove(struct keyring_table *table, size_t slot)
{
    size_t at = keyring_table_position(table, &table->entries[slot].name);

    assert(at < table->order_count);
    assert(table->order[at] == slot);
    table->order_count--;
    memmove(&table->order[at], &table->order[at + 1],
            (table->order_count - at) * sizeof(table->order[0]));
}

void
keyring_table_append(struct keyring_table      *table,
                     const struct keyring_slot *slot)
{
    size_t index = table->slot_count++;

    assert(index < table->slot_cap);
    table->entries[index] = (struct keyring_entry){
        .name = slot->name,
        .generation = slot->generation,
        .state = slot->state,
    };
    *keyring_table_secret(table, index) = slot->secret;
    if (slot->name.kind != KEYRING_NONE && index > 0)
        order_insert(table, index);
    if (slot->state == KEYRING_GONE)
        table->free[table->free_count++] = (uint32_t)index; /* (I2) */
}

void
keyring_table_append_corrupt(struct keyring_table *table)
{
    assert(table->slot_count < table->slot_cap);
    table->entries[table->slot_count++] =
        (struct keyring_entry){.state = KEYRING_GONE, .corrupt = true};
    table->corrupt_count++;
}

size_t
keyring_table_take(struct keyring_table *table, const struct keyring_name *name,
                   const struct secret32 *secret)
{
    struct keyring_entry *entry;
    size_t                slot;

    assert(table->free_count > 0);
    slot = table->free[--table->free_count]; /* (I2) */
    entry = &table->entries[slot];
    if (entry->name.kind != KEYRING_NONE)
        order_remove(table, slot); /* what was GONE is now forgotten */
    entry->name = *name;
    entry->state = KEYRING_CURRENT;
    *keyring_table_secret(table, slot) = *secret;
    order_insert(table, slot);
    return slot;
}

void
keyring_table_drop(struct keyring_table *table, size_t slot)
{
    assert(table->entries[slot].state != KEYRING_GONE);
    secret_wipe(keyring_table_secret(table, slot));
    table->entries[slot].state = KEYRING_GONE;
    table->free[table->free_count++] = (uint32_t)slot; /* (I2) */
}
