/*
 * keyring.c - a ring is a table in memory and a row of pairs in a file.
 *
 * Invariants:
 *  (I1) a slot's generation grows with each change made to it, so that of two
 *       copies the newer is known;
 *  (I2) a slot is used only when slot 0, durable, counts its pair; so what
 *       stands behind the last pair counted was never used;
 *  (I3) a slot that is corrupt is never written again.
 */
#include "crypto/keyring.h"

#include "crypto/kdf.h"
#include "crypto/keyring_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS_MAX = LIMIT_KEYRING_SLOTS / KEYRING_PAIR_SLOTS };

static_assert((int)KEYRING_PAIR_SLOTS * KEYRING_SLOT_LEN == KEYRING_PAGE_LEN,
              "slots fill a page");

struct keyring {
    struct secret32     *storage_key; /* guarded */
    struct keyring_table table;
};

uint64_t
keyring_offset(size_t index, unsigned copy)
{
    assert(copy < 2);
    return (uint64_t)(index / KEYRING_PAIR_SLOTS) * KEYRING_PAIR_LEN +
           (uint64_t)copy * KEYRING_PAGE_LEN +
           (uint64_t)(index % KEYRING_PAIR_SLOTS) * KEYRING_SLOT_LEN;
}

struct keyring *
keyring_new(const struct secret32 *storage_key)
{
    struct keyring *ring = calloc(1, sizeof(*ring));

    if (ring == NULL)
        return NULL;
    ring->storage_key = secret_alloc(sizeof(*ring->storage_key));
    if (ring->storage_key == NULL) {
        free(ring);
        return NULL;
    }
    *ring->storage_key = *storage_key;
    return ring;
}

void
keyring_free(struct keyring *ring)
{
    if (ring == NULL)
        return;
    keyring_table_clear(&ring->table);
    secret_free(ring->storage_key);
    free(ring);
}

/* --- loading ------------------------------------------------------------- */

/* Which of the two copies holds; false when none does. */
static bool
choose(const struct keyring *ring, size_t index, struct span copy_0,
       struct span copy_1, struct keyring_slot *out,
       enum keyring_repair *repair)
{
    struct keyring_slot other = {0};
    const struct secret32 *key = ring->storage_key;
    bool good_0 = keyring_slot_decode(key, index, copy_0, out) == STATUS_OK;
    bool good_1 = keyring_slot_decode(key, index, copy_1, &other) == STATUS_OK;
    bool chosen = good_0 || good_1;

    if (good_0 && good_1 && out->generation == other.generation) {
        chosen = span_equal(copy_0, copy_1);
        *repair = KEYRING_REPAIR_NONE;
    } else if (good_1 && (!good_0 || other.generation > out->generation)) {
        *out = other;
        *repair = KEYRING_REPAIR_0;
    } else {
        *repair = good_0 ? KEYRING_REPAIR_1 : KEYRING_REPAIR_NONE;
    }
    secret_wipe(&other);
    return chosen;
}

/* Whether a slot read from the file may stand at `index` of this ring. */
static bool
belongs(const struct keyring *ring, size_t index,
        const struct keyring_slot *slot)
{
    bool is_extent = slot->name.kind == KEYRING_EXTENT;

    if (is_extent != (index == 0))
        return false;
    if (is_extent)
        return slot->state == KEYRING_CURRENT && slot->name.number > 0 &&
               slot->name.number <= PAIRS_MAX;
    return slot->name.kind == KEYRING_NONE ||
           !keyring_table_has(&ring->table, &slot->name);
}

enum status
keyring_load_slot(struct keyring *ring, size_t index, struct span copy_0,
                  struct span copy_1, enum keyring_repair *repair)
{
    struct keyring_slot slot = {0};
    enum status         st;

    assert(index == ring->table.slot_count);
    st = keyring_table_reserve(&ring->table, 1);
    if (st != STATUS_OK)
        return st;
    if (choose(ring, index, copy_0, copy_1, &slot, repair) &&
        belongs(ring, index, &slot)) {
        keyring_table_append(&ring->table, &slot);
    } else {
        *repair = KEYRING_REPAIR_NONE; /* (I3) */
        keyring_table_append_corrupt(&ring->table);
        st = STATUS_CORRUPT;
    }
    secret_wipe(&slot);
    return st;
}

size_t
keyring_slots(const struct keyring *ring)
{
    if (ring->table.slot_count == 0 || ring->table.entries[0].corrupt)
        return 0;
    return (size_t)ring->table.entries[0].name.number * KEYRING_PAIR_SLOTS;
}

size_t
keyring_corrupt_count(const struct keyring *ring)
{
    return ring->table.corrupt_count;
}

/* --- writing ------------------------------------------------------------- */

/* The slot as it now stands in memory, as bytes. */
static void
encode(const struct keyring *ring, size_t index,
       const uint8_t nonce[static KEYRING_NONCE_LEN],
       uint8_t       out[static KEYRING_SLOT_LEN])
{
    const struct keyring_entry *entry = &ring->table.entries[index];
    struct keyring_slot         slot = {
        .name = entry->name,
        .state = entry->state,
        .generation = entry->generation,
        .secret = *keyring_table_secret(&ring->table, index),
    };

    assert(!entry->corrupt); /* (I3) */
    keyring_slot_encode(ring->storage_key, index, nonce, &slot, out);
    secret_wipe(&slot);
}

static void
write_change(struct keyring *ring, size_t index,
             const uint8_t          nonce[static KEYRING_NONCE_LEN],
             struct keyring_change *out)
{
    ring->table.entries[index].generation++; /* (I1) */
    out->offset[0] = keyring_offset(index, 0);
    out->offset[1] = keyring_offset(index, 1);
    encode(ring, index, nonce, out->bytes);
}

/* Both pages of the pair that begins with slot `first`. */
static void
write_pair(const struct keyring *ring, size_t first, struct seed_stream *nonces,
           uint8_t out[static KEYRING_PAIR_LEN])
{
    for (size_t i = 0; i < KEYRING_PAIR_SLOTS; i++) {
        uint8_t nonce[KEYRING_NONCE_LEN];

        seed_stream_take(nonces, nonce, sizeof(nonce));
        encode(ring, first + i, nonce, out + i * KEYRING_SLOT_LEN);
    }
    memcpy(out + KEYRING_PAGE_LEN, out, KEYRING_PAGE_LEN);
}

/* A pair of free slots at the end; slot 0 is made with the first. */
static void
append_pair(struct keyring_table *table)
{
    static const struct keyring_slot unused = {.state = KEYRING_GONE};
    struct keyring_slot extent = {.name = {.kind = KEYRING_EXTENT},
                                  .state = KEYRING_CURRENT};
    size_t end = table->slot_count + KEYRING_PAIR_SLOTS;

    if (table->slot_count == 0)
        keyring_table_append(table, &extent);
    while (table->slot_count < end)
        keyring_table_append(table, &unused);
    table->entries[0].name.number++;
}

enum status
keyring_grow(struct keyring *ring, const struct secret32 *seed,
             struct keyring_growth *out)
{
    struct keyring_table *table = &ring->table;
    struct seed_stream    nonces;
    size_t                first = table->slot_count;
    uint8_t               nonce[KEYRING_NONCE_LEN];
    enum status           st;

    if (first > 0 && table->entries[0].corrupt)
        return STATUS_CORRUPT; /* (I3) */
    assert(first == keyring_slots(ring));
    st = keyring_table_reserve(table, KEYRING_PAIR_SLOTS);
    if (st != STATUS_OK)
        return st;
    append_pair(table);
    seed_stream_init(&nonces, seed);
    out->offset = keyring_offset(first, 0);
    write_pair(ring, first, &nonces, out->bytes);
    seed_stream_take(&nonces, nonce, sizeof(nonce));
    write_change(ring, 0, nonce, &out->extent); /* (I2) */
    seed_stream_wipe(&nonces);
    return STATUS_OK;
}

/* --- questions ----------------------------------------------------------- */

static void
key_at(const struct keyring *ring, size_t position, struct keyring_key *out)
{
    size_t                      slot = ring->table.order[position];
    const struct keyring_entry *entry = &ring->table.entries[slot];

    *out = (struct keyring_key){
        .name = entry->name,
        .state = entry->state,
        .slot = slot,
        .secret = keyring_table_secret(&ring->table, slot),
    };
}

enum status
keyring_find(const struct keyring *ring, const struct keyring_name *name,
             struct keyring_key *out)
{
    if (!keyring_table_has(&ring->table, name))
        return STATUS_NOT_FOUND;
    key_at(ring, keyring_table_position(&ring->table, name), out);
    return STATUS_OK;
}

static enum status
highest_in(const struct keyring *ring, enum keyring_kind kind,
           const struct keyring_owner *owner, unsigned state,
           struct keyring_key *out)
{
    size_t      position;
    enum status st =
        keyring_table_highest(&ring->table, kind, owner, state, &position);

    if (st == STATUS_OK)
        key_at(ring, position, out);
    return st;
}

enum status
keyring_current(const struct keyring *ring, enum keyring_kind kind,
                const struct keyring_owner *owner, struct keyring_key *out)
{
    return highest_in(ring, kind, owner, KEYRING_CURRENT, out);
}

enum status
keyring_highest(const struct keyring *ring, enum keyring_kind kind,
                const struct keyring_owner *owner, struct keyring_key *out)
{
    return highest_in(ring, kind, owner, 0, out);
}

enum status
keyring_next(const struct keyring *ring, size_t *cursor,
             struct keyring_key *out)
{
    if (*cursor >= ring->table.order_count)
        return STATUS_NOT_FOUND;
    key_at(ring, (*cursor)++, out);
    return STATUS_OK;
}

size_t
keyring_free_count(const struct keyring *ring)
{
    return ring->table.free_count;
}

/* --- changes ------------------------------------------------------------- */

enum status
keyring_put(struct keyring *ring, const struct keyring_name *name,
            const struct secret32 *secret,
            const uint8_t          nonce[static KEYRING_NONCE_LEN],
            struct keyring_change *out)
{
    assert(name->kind > KEYRING_NONE);
    assert(name->kind < KEYRING_EXTENT);
    if (keyring_table_has(&ring->table, name))
        return STATUS_DUPLICATE;
    if (ring->table.free_count == 0)
        return STATUS_FULL;
    write_change(ring, keyring_table_take(&ring->table, name, secret), nonce,
                 out);
    return STATUS_OK;
}

enum status
keyring_retire(struct keyring *ring, const struct keyring_name *name,
               const uint8_t          nonce[static KEYRING_NONCE_LEN],
               struct keyring_change *out)
{
    struct keyring_key key;
    enum status        st = keyring_find(ring, name, &key);

    if (st != STATUS_OK)
        return st;
    if (key.state != KEYRING_CURRENT)
        return STATUS_BAD_STATE;
    ring->table.entries[key.slot].state = KEYRING_OLD;
    write_change(ring, key.slot, nonce, out);
    return STATUS_OK;
}

enum status
keyring_destroy(struct keyring *ring, const struct keyring_name *name,
                const uint8_t          nonce[static KEYRING_NONCE_LEN],
                struct keyring_change *out)
{
    struct keyring_key key;
    enum status        st = keyring_find(ring, name, &key);

    if (st != STATUS_OK)
        return st;
    if (key.state == KEYRING_GONE)
        return STATUS_BAD_STATE;
    keyring_table_drop(&ring->table, key.slot);
    write_change(ring, key.slot, nonce, out);
    return STATUS_OK;
}
