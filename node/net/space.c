/*
 * space.c - the arithmetic of a disk's reserve.
 */
#include "node/net/space.h"

/* First the division, so that nothing overflows. */
static uint64_t
percent_of(uint64_t total, unsigned percent)
{
    return total / 100 * percent + total % 100 * percent / 100;
}

static uint64_t
reserve_of(uint64_t total)
{
    return percent_of(total, SPACE_RESERVE_PERCENT);
}

unsigned
space_floor(const struct space *space)
{
    static const struct {
        unsigned percent, lowest;
    } ladder[] = {
#define SPACE_RUNG(percent, lowest) {percent, PRECEDENCE_##lowest},
        SPACE_LIST(SPACE_RUNG)
#undef SPACE_RUNG
    };

    for (size_t i = 0; i < sizeof(ladder) / sizeof(ladder[0]); i++)
        if (space->blocks_free <=
                percent_of(space->blocks, ladder[i].percent) ||
            (space->inodes > 0 &&
             space->inodes_free <=
                 percent_of(space->inodes, ladder[i].percent)))
            return ladder[i].lowest;
    return 0;
}

uint64_t
space_room(const struct space *space)
{
    uint64_t reserve = reserve_of(space->blocks);
    uint64_t free_blocks;

    if (space->inodes > 0 && space->inodes_free <= reserve_of(space->inodes))
        return 0;
    if (space->blocks_free <= reserve)
        return 0;
    free_blocks = space->blocks_free - reserve;
    if (space->block_len > 0 && free_blocks > UINT64_MAX / space->block_len)
        return UINT64_MAX;
    return free_blocks * space->block_len;
}

bool
space_worth_telling(uint64_t told, uint64_t room)
{
    if ((told == 0) != (room == 0))
        return true;
    return room < told - told / 8 || room / 8 > told / 8 + told / 64;
}
