/* base64.h - RFC 4648 section 4, with padding, canonical only. */
#ifndef CRYPTO_BASE64_H
#define CRYPTO_BASE64_H

#include "proto/bytes.h"

/* Characters for len bytes. */
#define BASE64_LEN(len) (((len) + 2) / 3 * 4)

void base64_encode(struct span in, struct writer *out);

/*
 * At most cap bytes.  BAD_ENCODING: a character, padding or trailing bits that
 * base64_encode would not write; TOO_LARGE: more than cap.  After either, what
 * out holds means nothing.
 */
NODISCARD enum status base64_decode(struct span text, uint8_t *out, size_t cap,
                                    size_t *out_len);

#endif
