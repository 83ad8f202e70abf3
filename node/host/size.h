/*
 * size.h - bytes as people write them: 500000, 64M, 2G.
 */
#ifndef HOST_SIZE_H
#define HOST_SIZE_H

#include "proto/bytes.h"

/* Digits, then K, M, G or T for 2^10 to 2^40, or nothing.  BAD_FIELD: anything
 * else, nothing at all, or more than 64 bits hold. */
NODISCARD enum status size_parse(const char *text, uint64_t *out);

#endif
