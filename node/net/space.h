/*
 * space.h - when a disk is nearly full: 5 % of its space or its inodes.
 */
#ifndef NET_SPACE_H
#define NET_SPACE_H

#include <stdbool.h>
#include <stdint.h>

enum { SPACE_RESERVE_PERCENT = 5 };

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

/* Whether the core should hear of it: held or no more held, or by an eighth
 * more or less than what it was told. */
bool space_worth_telling(uint64_t told, uint64_t room);

#endif
