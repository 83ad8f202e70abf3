/*
 * piece.h - a row of pieces under one key: records of a bundle, chunks of an
 * attachment.
 *
 *      piece k = AEAD(key, u32 0 || u64 k, label || u8 last, bytes)
 *
 * The nonce is the piece's number, so a key seals each number once: the caller
 * draws another key for another row.  A piece opens under its own number and
 * `last` alone (the STREAM of Hoang, Reyhanitabar, Rogaway and Vizar): one
 * that was moved, doubled or put at a new end does not.
 */
#ifndef CRYPTO_PIECE_H
#define CRYPTO_PIECE_H

#include "crypto/secret.h"
#include "proto/label.h"

/* Writes plain.len + LIMIT_TAG bytes; out may be the plaintext's place. */
void piece_seal(const struct secret32 *key, enum label label, uint64_t number,
                bool last, struct span plain, uint8_t *out);

/* Writes sealed.len - LIMIT_TAG bytes; out may be the piece's own place.
 * BAD_PROOF: too short, or any byte differs; out is then not to be used. */
NODISCARD enum status piece_open(const struct secret32 *key, enum label label,
                                 uint64_t number, bool last,
                                 struct span sealed, uint8_t *out);

#endif
