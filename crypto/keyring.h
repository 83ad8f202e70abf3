/*
 * keyring.h - which key is current, which old, which gone (DESIGN 3).
 *
 * The shared key-management module.  In memory: keys named by (kind, owner,
 * number), secrets in guarded memory.  On disk (node/store/vault.c does the
 * reading and writing): one file of fixed slots, each wrapped by the storage
 * key, two copies a slot, overwritten in place.
 *
 * The file is a row of pairs.  A pair is two pages of 4096 bytes that hold the
 * same 32 slots, so that one torn or lost page loses nothing:
 *
 *     slot i, copy c:  (i / 32) * 8192 + c * 4096 + (i % 32) * 128
 *
 * Slot 0 is of kind EXTENT; its number is how many pairs the file has.  Bytes
 * behind those are an unfinished growth and mean nothing.
 *
 * How a change reaches the disk, always in this order:
 *   1. all slots' copies 0 are written, then fsync;
 *   2. all slots' copies 1 are written, then fsync.
 * Several changes may share the two steps.  Growth: the pair, fsync, then the
 * change of slot 0.  Opening: load slot 0, then 1 .. keyring_slots() - 1; where
 * a load asks for it, write the good copy over the other (copies 0, fsync,
 * copies 1, fsync) before the first change, or a destroyed key may survive in
 * the copy that a crash left behind.
 *
 * A slot with no good copy is CORRUPT: kept, counted, never used again.
 */
#ifndef CRYPTO_KEYRING_H
#define CRYPTO_KEYRING_H

#include "crypto/keyring_slot.h"

enum {
    KEYRING_PAGE_LEN = 4096,
    KEYRING_PAIR_LEN = 2 * KEYRING_PAGE_LEN,
    KEYRING_PAIR_SLOTS = KEYRING_PAGE_LEN / KEYRING_SLOT_LEN
};

/* Where copy 0 or 1 of a slot stands in the file. */
uint64_t keyring_offset(size_t index, unsigned copy);

/* A key found.  `secret` is the ring's own; it lives until the key is
 * destroyed or the ring is freed, and is zero for a key that is GONE. */
struct keyring_key {
    struct keyring_name    name;
    enum keyring_state     state;
    size_t                 slot;
    const struct secret32 *secret;
};

/* What is to be written for a change: `bytes` at both offsets, in order. */
struct keyring_change {
    uint64_t offset[2];
    uint8_t  bytes[KEYRING_SLOT_LEN];
};

struct keyring_growth {
    uint64_t              offset;
    uint8_t               bytes[KEYRING_PAIR_LEN];
    struct keyring_change extent; /* slot 0, after the pair is durable */
};

struct keyring; /* opaque: keyring_new / keyring_free */

/* Empty, without slots; keeps a copy of the storage key in guarded memory.
 * NULL: no memory. */
struct keyring *keyring_new(const struct secret32 *storage_key);
/* Wipes; NULL is let pass. */
void keyring_free(struct keyring *ring);

/* --- loading and growing ------------------------------------------------ */

enum keyring_repair {
    KEYRING_REPAIR_NONE,
    KEYRING_REPAIR_0, /* write copy 1's bytes over copy 0 */
    KEYRING_REPAIR_1  /* write copy 0's bytes over copy 1 */
};

/*
 * Load slot `index`, which is the number of slots loaded so far (asserted).
 * The higher generation with a good tag wins.  CORRUPT: no good copy, two
 * different ones of one generation, a second key of one name, or slot 0 that
 * is no EXTENT; the slot counts as loaded and corrupt.  FULL: past
 * LIMIT_KEYRING_SLOTS or no memory; nothing changed.
 */
NODISCARD enum status keyring_load_slot(struct keyring *ring, size_t index,
                                        struct span copy_0, struct span copy_1,
                                        enum keyring_repair *repair);
/* How many slots the file has by its slot 0; 0 before that is loaded, and when
 * it is corrupt: then load all that the file holds. */
size_t keyring_slots(const struct keyring *ring);
size_t keyring_corrupt_count(const struct keyring *ring);

/*
 * Add one pair of free slots; the first growth makes the file.  Nonces come
 * from a seed_stream over `seed`, 32 fresh random bytes.
 * FULL: past LIMIT_KEYRING_SLOTS, or no memory.  CORRUPT: slot 0 is.  Nothing
 * has changed then.  All slots must be loaded (asserted).
 */
NODISCARD enum status keyring_grow(struct keyring        *ring,
                                   const struct secret32 *seed,
                                   struct keyring_growth *out);

/* --- questions ----------------------------------------------------------- */

/* The key of that name, be it GONE.  NOT_FOUND. */
NODISCARD enum status keyring_find(const struct keyring      *ring,
                                   const struct keyring_name *name,
                                   struct keyring_key        *out);
/* The CURRENT key with the highest number.  NOT_FOUND. */
NODISCARD enum status keyring_current(const struct keyring       *ring,
                                      enum keyring_kind           kind,
                                      const struct keyring_owner *owner,
                                      struct keyring_key         *out);
/* The key with the highest number, be it OLD or GONE.  NOT_FOUND. */
NODISCARD enum status keyring_highest(const struct keyring       *ring,
                                      enum keyring_kind           kind,
                                      const struct keyring_owner *owner,
                                      struct keyring_key         *out);
/* All keys in order of kind, owner, number: start with *cursor = 0, until
 * NOT_FOUND.  A change in between invalidates the cursor. */
NODISCARD enum status keyring_next(const struct keyring *ring, size_t *cursor,
                                   struct keyring_key *out);
/* Free slots: below what is to be put, keyring_grow first. */
size_t keyring_free_count(const struct keyring *ring);

/* --- changes: made in memory at once, durable when *out is --------------- */

/* A new CURRENT key; it retires no other.  DUPLICATE: the name is or was in
 * use.  FULL: no free slot.  The secret is copied. */
NODISCARD enum status keyring_put(struct keyring            *ring,
                                  const struct keyring_name *name,
                                  const struct secret32     *secret,
                                  const uint8_t nonce[static KEYRING_NONCE_LEN],
                                  struct keyring_change *out);
/* CURRENT becomes OLD.  NOT_FOUND; BAD_STATE: not CURRENT. */
NODISCARD enum status
keyring_retire(struct keyring *ring, const struct keyring_name *name,
               const uint8_t          nonce[static KEYRING_NONCE_LEN],
               struct keyring_change *out);
/* CURRENT or OLD becomes GONE: wiped in memory, overwritten on disk, its slot
 * free.  NOT_FOUND; BAD_STATE: GONE already. */
NODISCARD enum status
keyring_destroy(struct keyring *ring, const struct keyring_name *name,
                const uint8_t          nonce[static KEYRING_NONCE_LEN],
                struct keyring_change *out);

#endif
