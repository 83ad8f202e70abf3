/*
 * vault.h - crypto/keyring in step with the keyring file of a home.
 *
 * A change is made in memory at once and queued; vault_flush makes the queue
 * durable: copies 0 of all, sync, copies 1 of all, sync.  What a flush could
 * not write stays queued for the next one.
 *
 * Draws its own nonces (growth, notes of segments) from the seed it is opened
 * with.  vault_find and vault_destroyed may be called from any thread, the
 * rest from one at a time.
 */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include "crypto/kdf.h"
#include "crypto/keyring.h"
#include "node/core/event.h"
#include "node/host/file.h"

struct vault; /* opaque: vault_open / vault_close */

/*
 * Reads the keyring file; changes nothing.  A home without one gets an empty
 * ring.  CORRUPT: slot 0 is in neither copy what the storage key wraps (the
 * wrong key looks like this), or the file ends before the last slot.  Other
 * damaged slots are counted by keyring_corrupt_count, kept and never used.
 */
NODISCARD enum status vault_open(const struct disk     *disk,
                                 const struct secret32 *storage_key,
                                 const struct secret32 *seed,
                                 struct vault **out, char why[static 256]);
void vault_close(struct vault *vault);

/*
 * Before the first change: makes the file when there is none, else writes
 * both copies of all slots again, the good one over the other: a destroyed
 * key must not survive in the copy that a crash left behind, and after a
 * failed fsync the page cache proves nothing.  NO_SPACE, IO.
 */
NODISCARD enum status vault_start(struct vault *vault);

const struct keyring *vault_ring(const struct vault *vault);

/* Slots whose copies were not alike at vault_open: one is older, or damaged. */
size_t vault_mended(const struct vault *vault);

/* The file was not there at vault_open. */
bool vault_is_new(const struct vault *vault);

/* The secret of a key of this node itself.  NOT_FOUND: unknown or GONE. */
NODISCARD enum status vault_find(struct vault *vault, enum keyring_kind kind,
                                 uint64_t number, struct secret32 *out);

/* How many keys were destroyed since vault_open.  Any thread. */
uint64_t vault_destroyed(struct vault *vault);

/*
 * Make the key what `change` says: present in its state, or destroyed.  What
 * is so already needs nothing, so that a turn may be offered again.
 * DUPLICATE: another secret has that name, or it was destroyed.  FULL: past
 * LIMIT_KEYRING_SLOTS.  BAD_STATE: a retired key is to be current again.
 */
NODISCARD enum status vault_apply(struct vault            *vault,
                                  const struct key_change *change);

/* Notes that segment `number` of the journal comes into use. */
NODISCARD enum status vault_note_segment(struct vault *vault, uint64_t number);
/* The highest ever noted; 0: none. */
uint64_t vault_segment_noted(const struct vault *vault);

/* NO_SPACE: some or all of the queue is not durable and stays.  IO. */
NODISCARD enum status vault_flush(struct vault *vault);

#endif
