/*
 * label.h - every domain-separation string, in one place.
 *
 * Each signature, hash, key derivation and AEAD of ours carries one of these
 * with its version.  LABEL_SPAN includes the ending zero byte, which no
 * signed note can contain, so that nothing signed under a label can be read
 * as a checkpoint or cosignature and the reverse (CRYPTO: signature
 * confusion).  Two strings have no label here because C2SP fixes them: a
 * checkpoint begins with its origin, a cosignature with "cosignature/v1".
 */
#ifndef PROTO_LABEL_H
#define PROTO_LABEL_H

#include "proto/bytes.h"

/* X(name, string) */
#define LABEL_LIST(X)                                                          \
    /* signed by the organisation key */                                       \
    X(CERTIFICATE, "entente/v1/certificate")                                   \
    X(REVOCATION, "entente/v1/revocation")                                     \
    /* signed by the log key */                                                \
    X(CARD, "entente/v1/card")                                                 \
    X(STATEMENT, "entente/v1/statement")                                       \
    X(BUNDLE, "entente/v1/bundle")                                             \
    /* hashed */                                                               \
    X(SAFETY, "entente/v1/safety")                                             \
    X(MAC1, "entente/v1/mac1")                                                 \
    X(ENTRY, "entente/v1/entry")                                               \
    X(KEY_ID, "entente/v1/key-id")                                             \
    X(CHUNK, "entente/v1/chunk")                                               \
    X(GROUP, "entente/v1/group")                                               \
    X(SEGMENT, "entente/v1/segment")                                           \
    X(PAGE, "entente/v1/page")                                                 \
    X(REALM, "entente/v1/realm")                                               \
    X(REPLAY, "entente/v1/replay")                                             \
    X(SAID, "entente/v1/said")                                                 \
    X(BUNDLE_FIRST, "entente/v1/bundle-first")                                 \
    /* key derivation */                                                       \
    X(BATCH, "entente/v1/batch")                                               \
    X(CONTENT, "entente/v1/content")                                           \
    X(AEAD, "entente/v1/aead")                                                 \
    X(COMMITMENT, "entente/v1/commitment")                                     \
    X(PAIR_SECRET, "entente/v1/pair-secret")                                   \
    X(PSK, "entente/v1/psk")                                                   \
    X(ENVELOPE, "entente/v1/envelope")                                         \
    X(SUBSEED, "entente/v1/subseed")                                           \
    X(SOURCE, "entente/v1/source")                                             \
    X(BUNDLE_KEY, "entente/v1/bundle-key")                                     \
    X(CHUNK_KEY, "entente/v1/chunk-key")                                       \
    /* AEAD data */                                                            \
    X(BODY, "entente/v1/body")                                                 \
    X(SLOT, "entente/v1/slot")                                                 \
    X(VAULT, "entente/v1/vault")                                               \
    X(CAPTURE, "entente/v1/capture")                                           \
    X(BUNDLE_RECORD, "entente/v1/bundle-record")                               \
    X(CHUNK_SEALED, "entente/v1/chunk-sealed")                                 \
    /* the Noise prologue: protocol name and version */                        \
    X(PROLOGUE, "entente/v1/link")

enum label {
#define LABEL_ENUM(name, string) LABEL_##name,
    LABEL_LIST(LABEL_ENUM)
#undef LABEL_ENUM
    LABEL_COUNT
};

/* The string with its ending zero byte. */
struct span label_span(enum label label);

/* How an origin and a witness key name begin (C2SP key names). */
#define LABEL_ORIGIN_PREFIX "entente/v1/"
#define LABEL_WITNESS_PREFIX "entente/v1/witness/"

#endif
