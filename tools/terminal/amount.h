/*
 * amount.h - how large a file is, as a person says it: "999 bytes", "3.0 MB".
 */
#ifndef TOOLS_AMOUNT_H
#define TOOLS_AMOUNT_H

#include <stdint.h>

struct amount {
    char text[32];
};

/* Thousands, as disks and links are sold: kB, MB, GB; below 1,000 exact. */
struct amount amount_of(uint64_t bytes);

#endif
