/*
 * size.c - one number, one letter.
 */
#include "node/host/size.h"

#include <string.h>

enum status
size_parse(const char *text, uint64_t *out)
{
    static const char letters[] = "KMGT";
    const char       *letter;
    uint64_t          value = 0;
    const char       *at = text;

    for (; *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (value > (UINT64_MAX - digit) / 10)
            return STATUS_BAD_FIELD;
        value = 10 * value + digit;
    }
    if (at == text)
        return STATUS_BAD_FIELD;
    if (*at != '\0') {
        unsigned shift;

        letter = strchr(letters, *at);
        if (letter == NULL || at[1] != '\0')
            return STATUS_BAD_FIELD;
        shift = 10 * (unsigned)(letter - letters + 1);
        if (value > UINT64_MAX >> shift)
            return STATUS_BAD_FIELD;
        value <<= shift;
    }
    *out = value;
    return STATUS_OK;
}
