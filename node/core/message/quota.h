/*
 * quota.h - how much may wait for one peer, and what is refused as it fills.
 *
 *   LIMIT_PENDING_COUNT or
 *   LIMIT_PENDING_BYTES,        still taken
 *   whichever is fuller
 *   below 90 %                  all
 *   from  90 %                  PRIORITY and above
 *   from  95 %                  IMMEDIATE and above
 *   from  98 %                  FLASH and OVERRIDE
 *   100 %, or no room for it    none (FULL)
 *
 * From QUOTA_WARN_PERCENT on it is told, before anything is refused.
 */
#ifndef CORE_QUOTA_H
#define CORE_QUOTA_H

#include "proto/leaf.h"

enum { QUOTA_WARN_PERCENT = 70 };

/* X(from so many percent, lowest precedence still taken), the last first */
#define QUOTA_LIST(X)                                                          \
    X(98, FLASH)                                                               \
    X(95, IMMEDIATE)                                                           \
    X(90, PRIORITY)

/* The fuller of the two, in whole percent, rounded down. */
unsigned quota_percent(uint64_t count, uint64_t bytes);

/* The lowest precedence that is still taken; 0: all, PRECEDENCE_COUNT:
 * none. */
unsigned quota_floor(uint64_t count, uint64_t bytes);

/* The name of the limit that is fuller, and how much that is, in words. */
const char *quota_limit(uint64_t count, uint64_t bytes);

#endif
