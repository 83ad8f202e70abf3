/*
 * unseal.h - an entry as the journal has it, opened with its content key.
 */
#ifndef CRYPTO_UNSEAL_H
#define CRYPTO_UNSEAL_H

#include "crypto/seal.h"
#include "proto/record.h"

/*
 * An IN_ENTRY or OUT_ENTRY record and its secret part.  `out` has room for
 * record->bytes.len.  As leaf_decode, then as seal_open.
 */
NODISCARD enum status unseal_entry(const struct record        *record,
                                   const struct record_secret *secret,
                                   uint8_t *out, size_t *len);

#endif
