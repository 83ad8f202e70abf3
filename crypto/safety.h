/*
 * safety.h - the 60 digits that two administrators compare by voice.
 *
 * Groups 1 to 6 are of the lower organisation key, 7 to 12 of the higher: the
 * first 30 bytes of SHA-512(LABEL_SAFETY, key), 5 bytes a group, big-endian
 * modulo 100000 and printed as 5 digits.  Each side reads the half of its own
 * key and types the other's (DESIGN 3).  A half depends on one key alone, since
 * of one hash over both keys a man in the middle could choose both ends of a
 * half, and make them agree with 2^50 work.
 */
#ifndef CRYPTO_SAFETY_H
#define CRYPTO_SAFETY_H

#include "proto/bytes.h"
#include "proto/limits.h"

enum {
    SAFETY_GROUPS = 12,
    SAFETY_GROUP_DIGITS = 5,
    SAFETY_TEXT_LEN = SAFETY_GROUPS * (SAFETY_GROUP_DIGITS + 1) - 1
};

struct safety {
    uint32_t group[SAFETY_GROUPS]; /* each below 100000 */
};

enum safety_part { SAFETY_ALL, SAFETY_FIRST_HALF, SAFETY_SECOND_HALF };

/* Same in either order.  BAD_FIELD: the two keys are one. */
NODISCARD enum status safety_number(const uint8_t a[static LIMIT_KEY],
                                    const uint8_t b[static LIMIT_KEY],
                                    struct safety *out);

/* The half that the owner of `mine` reads out; the other one is typed. */
enum safety_part safety_read_by(const uint8_t mine[static LIMIT_KEY],
                                const uint8_t theirs[static LIMIT_KEY]);
enum safety_part safety_typed_by(const uint8_t mine[static LIMIT_KEY],
                                 const uint8_t theirs[static LIMIT_KEY]);

/* "01234 56789 ..." of that part, ended by a zero byte. */
void safety_format(const struct safety *safety, enum safety_part part,
                   char out[static SAFETY_TEXT_LEN + 1]);

/*
 * What a person typed: digits, with blanks and dashes anywhere.  BAD_FIELD:
 * another character, or not as many digits as the part has.  BAD_PROOF: other
 * digits; which ones is not told, nor by time.
 */
NODISCARD enum status safety_compare(const struct safety *safety,
                                     enum safety_part part, struct span typed);

#endif
