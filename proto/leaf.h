/*
 * leaf.h - the header of an entry, which is the leaf of the channel's log.
 *
 * 80 bytes, fixed offsets, big-endian (PROTOCOL 4):
 *
 *      0  u16  suite
 *      2  u8   class
 *      3  u8   precedence     a relay sees it
 *      4  u32  padded length  of the plaintext, before the 16-byte tag
 *      8  u32  sealing-key number
 *     12  u32  pair-secret epoch
 *     16  32   key commitment
 *     48  32   digest: BLAKE2b-256 over LABEL_ENTRY, origin (u16 length
 *              first), index, first index, ephemeral, salt, ciphertext
 *
 * Unsealed classes (OPEN, KEY, SEALKEY, REVOKE): sealing key, pair-secret
 * epoch and commitment are zero; the digest is over LABEL_ENTRY, origin,
 * index, body.  Offsets 0 to 47 are the part of the header that is AEAD data.
 */
#ifndef PROTO_LEAF_H
#define PROTO_LEAF_H

#include "proto/bytes.h"
#include "proto/limits.h"

enum {
    LEAF_LEN = 80,
    LEAF_SIGNED_LEN = 48, /* the header without its digest */
    SUITE_CLASSIC = 0x0001,
    SUITE_XWING_RESERVED = 0x0101
};

/* X(name, value) */
#define CLASS_LIST(X)                                                          \
    X(OPEN, 1)                                                                 \
    X(KEY, 2)                                                                  \
    X(SEALKEY, 3)                                                              \
    X(REVOKE, 4)                                                               \
    X(MESSAGE, 5)                                                              \
    X(ANSWER, 6)                                                               \
    X(GRANT, 7)                                                                \
    X(AGREEMENT, 8)                                                            \
    X(STATEMENT, 9)

enum entry_class {
#define CLASS_ENUM(name, value) CLASS_##name = value,
    CLASS_LIST(CLASS_ENUM)
#undef CLASS_ENUM
    CLASS_LAST = CLASS_STATEMENT
};

/* X(name, value): after RFC 6477 / STANAG 4406 */
#define PRECEDENCE_LIST(X)                                                     \
    X(DEFERRED, 1)                                                             \
    X(ROUTINE, 2)                                                              \
    X(PRIORITY, 3)                                                             \
    X(IMMEDIATE, 4)                                                            \
    X(FLASH, 5)                                                                \
    X(OVERRIDE, 6)

enum precedence {
#define PRECEDENCE_ENUM(name, value) PRECEDENCE_##name = value,
    PRECEDENCE_LIST(PRECEDENCE_ENUM)
#undef PRECEDENCE_ENUM
    PRECEDENCE_COUNT = PRECEDENCE_OVERRIDE + 1
};

struct leaf {
    uint16_t         suite;
    enum entry_class class;
    enum precedence  precedence;
    uint32_t         padded_len;
    uint32_t         sealing_key;
    uint32_t         secret_epoch;
    uint8_t          commitment[LIMIT_KEY];
    uint8_t          digest[LIMIT_DIGEST];
};

/* "MESSAGE" for CLASS_MESSAGE; "?" for a value that is none. */
const char *class_name(unsigned value);
const char *precedence_name(unsigned value);
bool        class_is_sealed(enum entry_class class);

/* Bytes of the body as it travels: padded, with its tag where sealed. */
size_t leaf_body_len(const struct leaf *leaf);

void leaf_encode(const struct leaf *leaf, uint8_t out[static LEAF_LEN]);

/*
 * Layout only: BAD_ENCODING when `in` is not LEAF_LEN bytes or a class or
 * precedence is 0.  An unknown suite, class, precedence or size is BAD_VERSION
 * or TOO_LARGE from leaf_check(): such a leaf is still in the log, and its
 * entry is REFUSED, never a broken channel (DESIGN 2).
 */
NODISCARD enum status leaf_decode(struct span in, struct leaf *out);
NODISCARD enum status leaf_check(const struct leaf *leaf);

#endif
