/* quota.c - the ladder as a table. */
#include "node/core/message/quota.h"

#include "proto/limits.h"

#include <stddef.h>

#define PERCENT_OF(used, limit) ((used) * 100 / (limit))

static const struct {
    unsigned percent;
    unsigned floor;
} rungs[] = {
    {100, PRECEDENCE_COUNT},
#define QUOTA_RUNG(percent, lowest) {percent, PRECEDENCE_##lowest},
    QUOTA_LIST(QUOTA_RUNG)
#undef QUOTA_RUNG
};

unsigned
quota_percent(uint64_t count, uint64_t bytes)
{
    uint64_t of_count = PERCENT_OF(count, LIMIT_PENDING_COUNT);
    uint64_t of_bytes = PERCENT_OF(bytes, LIMIT_PENDING_BYTES);

    return (unsigned)(of_count > of_bytes ? of_count : of_bytes);
}

unsigned
quota_floor(uint64_t count, uint64_t bytes)
{
    unsigned percent = quota_percent(count, bytes);

    for (size_t i = 0; i < sizeof(rungs) / sizeof(rungs[0]); i++)
        if (percent >= rungs[i].percent)
            return rungs[i].floor;
    return 0;
}

const char *
quota_limit(uint64_t count, uint64_t bytes)
{
    return PERCENT_OF(count, LIMIT_PENDING_COUNT) >=
                   PERCENT_OF(bytes, LIMIT_PENDING_BYTES)
               ? "LIMIT_PENDING_COUNT, 262,144 messages"
               : "LIMIT_PENDING_BYTES, 1 GiB";
}
