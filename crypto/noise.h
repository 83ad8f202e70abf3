/*
 * noise.h - Noise_IKpsk1_25519_ChaChaPoly_SHA256 (noiseprotocol.org, rev. 34).
 *
 *     <- s
 *     ...
 *     -> e, es, s, ss, psk        message 1
 *     <- e, ee, se                message 2
 *
 * The initiator knows the responder's static key; the responder learns the
 * initiator's from message 1 before the pre-shared key is needed:
 *
 *     initiator: noise_initiator  write1                    read2  split
 *     responder: noise_responder  read1_begin  read1_end   write2  split
 *
 * Draws no randomness: the caller gives a fresh ephemeral for each handshake.
 * A failed call changes nothing, so that the caller may answer it by silence,
 * or try another psk; a call out of order is BAD_STATE.  All that the peer
 * can have caused is BAD_PROOF or TOO_LARGE.  Holds secrets: wipe it.
 */
#ifndef CRYPTO_NOISE_H
#define CRYPTO_NOISE_H

#include "crypto/sign.h"
#include "crypto/symmetric.h"

enum {
    NOISE_MAC1_LEN = 16,
    NOISE_MESSAGE1_OVERHEAD = LIMIT_KEY + LIMIT_KEY + LIMIT_TAG + LIMIT_TAG,
    NOISE_MESSAGE2_OVERHEAD = LIMIT_KEY + LIMIT_TAG,
    NOISE_MESSAGE_MAX = LIMIT_STRANGER_FRAME - NOISE_MAC1_LEN,
    NOISE_PAYLOAD_MAX = NOISE_MESSAGE_MAX - NOISE_MESSAGE1_OVERHEAD
};

enum noise_stage {
    NOISE_UNSET,
    NOISE_INITIATOR, /* may write message 1 */
    NOISE_WROTE1,    /* may read message 2 */
    NOISE_RESPONDER, /* may read message 1 */
    NOISE_NAMED,     /* knows the initiator, waits for the psk */
    NOISE_READ1,     /* may write message 2 */
    NOISE_DONE,      /* may split */
    NOISE_SPLIT      /* only the hash is left */
};

struct noise {
    enum noise_stage stage;
    bool             initiator;
    bool             mixed_ss;
    struct symmetric symmetric;
    struct dh_key    local;
    struct dh_key    ephemeral;
    struct secret32  psk; /* initiator only */
    uint8_t          remote[LIMIT_KEY];
    uint8_t          remote_ephemeral[LIMIT_KEY];
    size_t           sealed_len; /* payload of message 1, not yet open */
    uint8_t          sealed[NOISE_PAYLOAD_MAX + LIMIT_TAG];
};

void noise_wipe(struct noise *noise);

/* Copies all it is given.  A pair without a secret passes 32 zero bytes. */
void noise_initiator(struct noise *noise, struct span prologue,
                     const struct dh_key *local,
                     const uint8_t        remote[static LIMIT_KEY],
                     const struct dh_key *ephemeral,
                     const struct secret32 *psk);

void noise_responder(struct noise *noise, struct span prologue,
                     const struct dh_key *local);

/* TOO_LARGE: payload above NOISE_PAYLOAD_MAX.  *out_len = payload + 96. */
NODISCARD enum status noise_write1(struct noise *noise, struct span payload,
                                   uint8_t out[static NOISE_MESSAGE_MAX],
                                   size_t *out_len);

/*
 * Tokens e, es, s: one X25519.  Gives the static key that the initiator names;
 * it is proven only by noise_read1_end, so refuse strangers here, believe
 * nobody yet.
 */
NODISCARD enum status noise_read1_begin(struct noise *noise,
                                        struct span message,
                                        uint8_t remote[static LIMIT_KEY]);

/*
 * Tokens ss, psk, and the payload.  BAD_PROOF: another secret or not the key's
 * owner; may be called again with another psk (ss is computed once).
 */
NODISCARD enum status
noise_read1_end(struct noise *noise, const struct secret32 *psk,
                uint8_t payload[static NOISE_PAYLOAD_MAX], size_t *payload_len);

/* Ends the handshake.  *out_len = payload + 48. */
NODISCARD enum status noise_write2(struct noise *noise,
                                   const struct dh_key *ephemeral,
                                   struct span          payload,
                                   uint8_t out[static NOISE_MESSAGE_MAX],
                                   size_t *out_len);

/* Ends the handshake. */
NODISCARD enum status noise_read2(struct noise *noise, struct span message,
                                  uint8_t payload[static NOISE_PAYLOAD_MAX],
                                  size_t *payload_len);

/* The handshake hash (11.2); asserts that the handshake is done. */
void noise_hash(const struct noise *noise, struct digest *out);

/* One direction.  The n-th message has nonce n; 2^64-1 is never used. */
struct noise_transport {
    struct secret32 key;
    uint64_t        nonce;
};

/* Once, after the handshake; wipes all of `noise` but its hash. */
NODISCARD enum status noise_split(struct noise *noise,
                                  struct noise_transport *send,
                                  struct noise_transport *receive);

void noise_transport_wipe(struct noise_transport *transport);

/*
 * out: plain.len + LIMIT_TAG bytes; may be plain's own memory.
 * TOO_LARGE: above LIMIT_FRAME_PLAIN.  BAD_STATE: nonces are used up.
 */
NODISCARD enum status noise_encrypt(struct noise_transport *transport,
                                    struct span plain, uint8_t *out);

/*
 * out: in.len - LIMIT_TAG bytes; may be in's own memory.  BAD_PROOF: out holds
 * zeros and the nonce stays.
 */
NODISCARD enum status noise_decrypt(struct noise_transport *transport,
                                    struct span in, uint8_t *out);

/*
 * mac1, which precedes message 1: the first 16 bytes of HMAC-SHA-256 over it
 * under SHA-256(LABEL_MAC1, responder's static key).  Costs no curve operation.
 */
void noise_mac1(const uint8_t responder[static LIMIT_KEY], struct span message,
                uint8_t out[static NOISE_MAC1_LEN]);
/* Constant time.  BAD_PROOF when it does not match. */
NODISCARD enum status
noise_mac1_check(const uint8_t responder[static LIMIT_KEY], struct span message,
                 const uint8_t mac1[static NOISE_MAC1_LEN]);

#endif
