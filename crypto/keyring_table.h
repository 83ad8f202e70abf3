/*
 * keyring_table.h - the keys of a ring in memory: slots by place, names in
 * order.
 *
 * For keyring.c alone.  Knows nothing of files.  Secrets stand in guarded
 * memory and never move; the rest is public.
 */
#ifndef CRYPTO_KEYRING_TABLE_H
#define CRYPTO_KEYRING_TABLE_H

#include "crypto/keyring_slot.h"

enum {
    KEYRING_TABLE_CHUNK = 1024, /* slots whose secrets are guarded together */
    KEYRING_TABLE_CHUNKS = LIMIT_KEYRING_SLOTS / KEYRING_TABLE_CHUNK
};

struct keyring_entry {
    struct keyring_name name;
    uint64_t            generation;
    enum keyring_state  state;
    bool                corrupt;
};

struct keyring_table {
    struct secret32      *chunks[KEYRING_TABLE_CHUNKS]; /* guarded */
    struct keyring_entry *entries;                      /* by slot */
    uint32_t             *order;                        /* slots, by name */
    uint32_t             *free;                         /* slots, a stack */
    size_t                slot_count;
    size_t                slot_cap;
    size_t                order_count;
    size_t                free_count;
    size_t                corrupt_count;
};

/* Begins as zeros.  Wipes and frees all that it holds. */
void keyring_table_clear(struct keyring_table *table);

/* Room for `more` slots.  FULL: past LIMIT_KEYRING_SLOTS, or no memory. */
NODISCARD enum status keyring_table_reserve(struct keyring_table *table,
                                            size_t                more);

/* The next slot, for which there is room and whose name is new (asserted). */
void keyring_table_append(struct keyring_table      *table,
                          const struct keyring_slot *slot);
void keyring_table_append_corrupt(struct keyring_table *table);

/* Where in `order` the name stands, or would. */
size_t keyring_table_position(const struct keyring_table *table,
                              const struct keyring_name  *name);
bool   keyring_table_has(const struct keyring_table *table,
                         const struct keyring_name  *name);
/* The last position of (kind, owner) in `state`, or in any state for 0. */
NODISCARD enum status
keyring_table_highest(const struct keyring_table *table,
                      enum keyring_kind kind, const struct keyring_owner *owner,
                      unsigned state, size_t *position);

struct secret32 *keyring_table_secret(const struct keyring_table *table,
                                      size_t                      slot);

/* Puts a new key into a free slot, of which there is one; which one. */
size_t keyring_table_take(struct keyring_table      *table,
                          const struct keyring_name *name,
                          const struct secret32     *secret);
/* Wipes a slot's secret; the slot is GONE and free. */
void keyring_table_drop(struct keyring_table *table, size_t slot);

#endif
