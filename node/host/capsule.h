/*
 * capsule.h - replay records as sealed packets of a capture.
 *
 * The first packet is an envelope (purpose CAPTURE) with the key; every other
 * holds a piece of the stream of records: XChaCha20-Poly1305 (crypto/box.h)
 * under that key, nonce 16 zero bytes and the packet's number from 1, u64;
 * data LABEL_CAPTURE and that number again.  Plaintext: u8 1 when the record
 * goes on in the next packet, else 0; then bytes.  So a packet that is lost,
 * doubled, moved or changed does not open.
 */
#ifndef HOST_CAPSULE_H
#define HOST_CAPSULE_H

#include "crypto/secret.h"
#include "proto/bytes.h"

enum {
    CAPSULE_PIECE = 60000, /* of a record in one packet */
    CAPSULE_LEN_MAX = 1 + CAPSULE_PIECE + LIMIT_TAG
};

/* Seals the next piece of *record and takes it off; the bytes written. */
size_t capsule_seal(const struct secret32 *key, uint64_t number,
                    struct span *record, uint8_t out[static CAPSULE_LEN_MAX]);

/*
 * Opens one packet into out; *len bytes of a record, and whether it goes on.
 * BAD_PROOF: another key or number, or any byte differs; BAD_ENCODING.
 */
NODISCARD enum status capsule_open(const struct secret32 *key, uint64_t number,
                                   struct span sealed,
                                   uint8_t     out[static CAPSULE_PIECE],
                                   size_t *len, bool *more);

#endif
