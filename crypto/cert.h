/*
 * cert.h - a node's certificate, signed by its organisation's key.
 *
 * Layout, big-endian (PROTOCOL 3):
 *
 *      0  u16  version, 1
 *      2  16   node id
 *     18  32   organisation key, Ed25519
 *     50  u32  serial, from 1
 *     54  u64  renew-by, milliseconds since 1970 UTC
 *     62  32   log key, Ed25519
 *     94  32   witness key, Ed25519
 *    126  32   link key, X25519
 *    158  2    country, two letters A-Z
 *    160  u16  length, node name, UTF-8
 *      .  u16  length, organisation name, UTF-8
 *      .  64   Ed25519 signature over LABEL_CERTIFICATE and all before
 *
 * Dates are alarms (DESIGN 3): nothing here judges renew-by.  A struct cert is
 * a value: copy it freely.
 */
#ifndef CRYPTO_CERT_H
#define CRYPTO_CERT_H

#include "crypto/sign.h"
#include "proto/bytes.h"
#include "proto/limits.h"
#include "proto/origin.h"

enum {
    CERT_VERSION = 1,
    CERT_COUNTRY_LEN = 2,
    CERT_BODY_MAX = 160 + 2 * (2 + LIMIT_NAME),
    CERT_LEN_MAX = CERT_BODY_MAX + LIMIT_SIGNATURE
};

/* Dates up to the end of the year 9999, so that each can be printed. */
#define CERT_TIME_MAX 253402300799999ull

struct cert {
    struct node_id node;
    uint8_t        org_key[LIMIT_KEY];
    uint32_t       serial;
    uint64_t       renew_by_ms;
    uint8_t        log_key[LIMIT_KEY];
    uint8_t        witness_key[LIMIT_KEY];
    uint8_t        link_key[LIMIT_KEY];
    char           country[CERT_COUNTRY_LEN + 1];
    char           node_name[LIMIT_NAME + 1];
    char           org_name[LIMIT_NAME + 1];
};

/* The signed bytes: what is stored, sent and hashed, never a re-encoding. */
struct cert_encoded {
    uint8_t bytes[CERT_LEN_MAX];
    size_t  len;
};

/* Loan of the bytes. */
struct span cert_span(const struct cert_encoded *encoded);

/*
 * 1 to LIMIT_NAME bytes of valid UTF-8 without control, line-break, bidi
 * or invisible characters, and without a space at either end.
 */
bool cert_name_valid(struct span name);

/*
 * The rules on the fields: serial and renew-by in range, country, names, a
 * valid point for each Ed25519 key, link key canonical, not of small order;
 * organisation, log and witness key all different.  OK or BAD_FIELD.
 */
NODISCARD enum status cert_check(const struct cert *cert);

/*
 * Encode and sign.  BAD_FIELD: cert_check refuses, or `org` is not
 * cert->org_key; *out is untouched.
 */
NODISCARD enum status cert_sign(const struct cert     *cert,
                                const struct sign_key *org,
                                struct cert_encoded   *out);

/*
 * Decode and verify.  org_key: the pinned key, or NULL when none is yet.
 * BAD_ENCODING: layout.  BAD_VERSION: not version 1.  BAD_FIELD: cert_check.
 * UNTRUSTED: signed by another key than org_key names.  BAD_PROOF: signature.
 * *out is written on OK only.
 */
NODISCARD enum status cert_verify(struct span encoded, const uint8_t *org_key,
                                  struct cert *out);

#endif
