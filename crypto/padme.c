/*
 * padme.c - rounds up to where the low bits are zero.
 */
#include "crypto/padme.h"

#include <assert.h>

uint64_t
padme_len(uint64_t len)
{
    unsigned exponent = 0, kept = 1;
    uint64_t mask;

    assert(len > 0);
    while (len >> (exponent + 1) != 0)
        exponent++;
    while (exponent >> kept != 0)
        kept++;
    if (exponent <= kept)
        return len;
    mask = (UINT64_C(1) << (exponent - kept)) - 1;
    return (len + mask) & ~mask;
}
