/*
 * secret.h - types that hold secrets: wiped, locked, compared in constant time.
 *
 * A secret lives in one of these structs, in the caller's memory, and is wiped
 * by the caller on every path (the `out:` label).  A long-lived one lives in
 * memory from secret_alloc().  None is ever logged or compared by memcmp.
 */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include "proto/bytes.h"
#include "proto/limits.h"

struct secret32 {
    uint8_t bytes[LIMIT_KEY];
};

struct secret64 {
    uint8_t bytes[2 * LIMIT_KEY];
};

/*
 * Once, before any other call into crypto/.  IO: libsodium does not start.
 * BAD_VERSION: this libsodium takes a mixed-order Ed25519 public key for a
 * valid one, so keys could not be checked at import (CRYPTO: Ed25519
 * oddities).  The program must not go on after either.
 */
NODISCARD enum status crypto_start(void);

/* Overwrites len bytes with zeros; the compiler cannot drop it. */
void secret_wipe_bytes(void *bytes, size_t len);

/*
 * Wipes the whole object that `object` points to; the type says how much.
 * A pointer to single bytes does not compile: use secret_wipe_bytes.
 */
#define secret_wipe(object)                                                    \
    secret_wipe_bytes((object),                                                \
                      sizeof(*(object)) *                                      \
                          sizeof(char[sizeof(*(object)) > 1 ? 1 : -1]))

/* Time depends on len alone. */
bool secret_equal(const uint8_t *a, const uint8_t *b, size_t len);
bool secret_is_zero(const uint8_t *bytes, size_t len);

/*
 * Zeroed memory for long-lived secrets: between no-access pages, kept out of
 * core files, and locked against swap where RLIMIT_MEMLOCK allows it.  Takes
 * whole pages, at least four: for a few objects, not one a message.  NULL when
 * the machine has no memory.
 */
void *secret_alloc(size_t len);

/* Wipes and frees; NULL is let pass.  Ends the process on an overrun. */
void secret_free(void *secret);

/* Whether memory can be locked here (for `doctor`). */
bool secret_lockable(void);

#endif
