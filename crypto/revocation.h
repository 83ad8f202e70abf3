/*
 * revocation.h - "from here on this certificate is not ours", signed.
 *
 * Numbered by the organisation, it names a node and serial and, per channel,
 * the size and root that the organisation stands by: heads within those stand
 * for ever (DESIGN 3).  Layout, big-endian (PROTOCOL 3):
 *
 *      0  u16  version, 1
 *      2  u32  number, from 1
 *      6  32   organisation key, Ed25519
 *     38  16   node id
 *     54  u32  serial: certificates of the node up to this one are revoked
 *     58  u16  count of heads; each:
 *              u16 length, origin; u64 size; 32 root
 *      .  64   Ed25519 signature over LABEL_REVOCATION and all before
 *
 * Heads are in strictly growing order of their origins' bytes, and the node
 * is sender or recipient of each.
 */
#ifndef CRYPTO_REVOCATION_H
#define CRYPTO_REVOCATION_H

#include "crypto/kdf.h"
#include "crypto/sign.h"
#include "proto/bytes.h"
#include "proto/limits.h"
#include "proto/origin.h"

enum {
    REVOCATION_VERSION = 1,
    REVOCATION_LEN_MIN = 60 + LIMIT_SIGNATURE
};

struct revocation_head {
    struct span   origin; /* a loan */
    uint64_t      size;
    struct digest root;
};

struct revocation {
    uint32_t       number;
    uint8_t        org_key[LIMIT_KEY];
    struct node_id node;
    uint32_t       serial;
    size_t         head_count;
    struct span    heads; /* encoded; a loan of what was verified */
};

/*
 * Encode and sign into out[cap]; *len bytes.  Of `fields` everything but
 * head_count and heads is read.  BAD_FIELD: number or serial 0, a head that
 * breaks the rules above, or `org` is not fields->org_key.  TOO_LARGE: more
 * than cap or LIMIT_REVOCATION bytes.
 */
NODISCARD enum status
revocation_sign(const struct revocation      *fields,
                const struct revocation_head *heads, size_t head_count,
                const struct sign_key *org, uint8_t *out, size_t cap,
                size_t *len);

/*
 * Decode and verify; *out lends from `encoded`.  org_key: the pinned key.
 * BAD_ENCODING, BAD_VERSION, BAD_FIELD, UNTRUSTED (another organisation's),
 * BAD_PROOF; TOO_LARGE: more than LIMIT_REVOCATION bytes.
 */
NODISCARD enum status
revocation_verify(struct span encoded, const uint8_t org_key[static LIMIT_KEY],
                  struct revocation *out);

/*
 * The size and root stood by for `origin`: OK, or NOT_FOUND.  *out lends from
 * the verified bytes.
 */
NODISCARD enum status revocation_find(const struct revocation *revocation,
                                      struct span              origin,
                                      struct revocation_head  *out);

#endif
