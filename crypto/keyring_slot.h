/*
 * keyring_slot.h - one key in the keyring file: its name and its 128 bytes.
 *
 * Layout, big-endian (PROTOCOL, appendix Keyring):
 *
 *      0  u16  version, 1
 *      2  u8   kind
 *      3  u8   state
 *      4  u32  zero
 *      8  u64  generation    grows with each write of the slot
 *     16  u64  number
 *     24  32   owner
 *     56  24   nonce
 *     80  48   XChaCha20-Poly1305 under the storage key of the secret; data:
 *              LABEL_SLOT, u64 slot index, bytes 0 to 55
 */
#ifndef CRYPTO_KEYRING_SLOT_H
#define CRYPTO_KEYRING_SLOT_H

#include "crypto/secret.h"
#include "proto/bytes.h"
#include "proto/limits.h"
#include "proto/origin.h"

enum {
    KEYRING_SLOT_LEN = 128,
    KEYRING_NONCE_LEN = 24,
    KEYRING_OWNER_LEN = 32
};

enum keyring_kind {
    KEYRING_NONE = 0,          /* a slot never used */
    KEYRING_LOG = 1,           /* Ed25519 seed */
    KEYRING_WITNESS = 2,       /* Ed25519 seed */
    KEYRING_LINK = 3,          /* X25519 */
    KEYRING_SEALING = 4,       /* X25519; owner is peer and realm */
    KEYRING_FIRST_CONTACT = 5, /* X25519 */
    KEYRING_PAIR_SECRET = 6,   /* owner is the peer; number is its epoch */
    KEYRING_VAULT = 7,         /* number grows */
    KEYRING_SEGMENT = 8,       /* journal segment; its secret is zero */
    KEYRING_EXTENT = 9,        /* slot 0; number of pairs; secret is zero */
    KEYRING_KIND_LAST = KEYRING_EXTENT
};

enum keyring_state {
    KEYRING_CURRENT = 1, /* for new use */
    KEYRING_OLD = 2,     /* for what was made under it */
    KEYRING_GONE = 3     /* destroyed; remembered until its slot is reused */
};

/* Peer's node id, then 16 bytes of BLAKE2b-256(LABEL_REALM, realm). */
struct keyring_owner {
    uint8_t bytes[KEYRING_OWNER_LEN];
};

/* This node itself: zeros. */
#define KEYRING_SELF ((struct keyring_owner){{0}})
struct keyring_owner keyring_owner_of(const struct node_id *peer,
                                      struct span           realm);
/* For what a peer has in all realms (pair secret): the second half is zero. */
struct keyring_owner keyring_owner_peer(const struct node_id *peer);

/* The name of a key. */
struct keyring_name {
    enum keyring_kind    kind;
    struct keyring_owner owner;
    uint64_t             number;
};

struct keyring_slot {
    struct keyring_name name;
    enum keyring_state  state;
    uint64_t            generation;
    struct secret32     secret; /* wipe it */
};

/* XChaCha20-Poly1305; data: LABEL_SLOT, u64 slot index, the clear fields. */
void keyring_slot_encode(const struct secret32 *storage_key, size_t index,
                         const uint8_t nonce[static KEYRING_NONCE_LEN],
                         const struct keyring_slot *slot,
                         uint8_t out[static KEYRING_SLOT_LEN]);
/* What stands in clear, which is not authentic: to find damage, never to use a
 * key.  CORRUPT: length or version is wrong. */
NODISCARD enum status keyring_slot_peek(struct span bytes,
                                        struct keyring_name *out);

/* CORRUPT: length, tag or a field is wrong; *out is zeroed. */
NODISCARD enum status keyring_slot_decode(const struct secret32 *storage_key,
                                          size_t index, struct span bytes,
                                          struct keyring_slot *out);

#endif
