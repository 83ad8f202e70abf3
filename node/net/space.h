/*
 * space.h - when a disk is nearly full, by its space or its inodes.
 *
 *   free, at most    still taken
 *   5 %              PRIORITY and above
 *   4 %              IMMEDIATE and above
 *   3 %              FLASH and OVERRIDE
 *
 * A commit that found no room at all is shortage.h's: nothing is taken.
 */
#ifndef NET_SPACE_H
#define NET_SPACE_H

#include "proto/leaf.h"

enum { SPACE_RESERVE_PERCENT = 5 };

/* X(percent, lowest precedence still taken), the least first */
#define SPACE_LIST(X)                                                          \
    X(3, FLASH)                                                                \
    X(4, IMMEDIATE)                                                            \
    X(5, PRIORITY)

/* As statfs(2) counts; what only root may use does not count as free. */
struct space {
    uint64_t block_len;
    uint64_t blocks;
    uint64_t blocks_free;
    uint64_t inodes; /* 0: this file system does not count them */
    uint64_t inodes_free;
};

/* Bytes free above the reserve; 0: hold. */
uint64_t space_room(const struct space *space);

/* The lowest precedence that is still taken; 0: all. */
unsigned space_floor(const struct space *space);

/* Whether the core should hear of it: none or some again, or by an eighth more
 * or less than what it was told. */
bool space_worth_telling(uint64_t told, uint64_t room);

#endif
