/*
 * vaults.h - which vault key seals the next secret in the journal.
 *
 * A vault key is random, used for at most LIMIT_VAULT_ENTRIES entries of one
 * retention class (there is one class so far: none, the longest), made
 * LIMIT_VAULTS_AHEAD ahead and in the keyring before its first use.  The keys
 * themselves never stay in the core: it makes and numbers them, the store
 * seals with them.
 */
#ifndef CORE_VAULTS_H
#define CORE_VAULTS_H

#include "crypto/kdf.h"
#include "node/core/event.h"

/* A value; zeroed memory is a node without vault keys. */
struct vaults {
    uint32_t current; /* number; 0: none yet */
    uint32_t made;    /* highest number in the keyring */
    uint32_t used;    /* entries under the current one */
    uint32_t missing; /* highest number below `made` that is not there */
};

/* A key in the keyring, at start; in order of their numbers, as keyring_next
 * gives them.  Where a process ended while keys were put, some numbers are
 * there and lower ones are not. */
void vaults_known(struct vaults *vaults, uint64_t number);
/* A VAULTS record: that key is in use. */
void vaults_replay(struct vaults *vaults, const struct record *record);
/* After the last record: never go on under a key that may be nearly full. */
void vaults_start(struct vaults *vaults);

/* Makes keys ahead where few are left. */
void vaults_refill(struct vaults *vaults, struct seed_stream *seeds,
                   struct effects *out);

/* The number for one more secret; says so in the journal when it is a new
 * one. */
uint32_t vaults_take(struct vaults *vaults, struct seed_stream *seeds,
                     struct effects *out);

#endif
