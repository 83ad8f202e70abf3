/*
 * padme.h - lengths that tell little of what was padded.
 */
#ifndef CRYPTO_PADME_H
#define CRYPTO_PADME_H

#include <stdint.h>

/*
 * Padme (Nikitin and others, PETS 2019): keeps as many leading bits of the
 * length as its exponent has bits; at most 12 % over, and the length tells
 * O(log log) bits.  Asserts len > 0.
 */
uint64_t padme_len(uint64_t len);

#endif
