/*
 * dice.c - SplitMix64 (Steele, Lea, Flood 2014): one addition and one mix a
 * throw.  The bias of taking a remainder is below 2^-32 for every count used.
 */
#include "node/sim/dice.h"

#include <assert.h>

static uint64_t
mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void
dice_init(struct dice *dice, uint64_t seed, uint64_t stream)
{
    dice->state = mix(seed) ^ mix(~stream);
}

uint64_t
dice_u64(struct dice *dice)
{
    dice->state += 0x9e3779b97f4a7c15u;
    return mix(dice->state);
}

uint64_t
dice_below(struct dice *dice, uint64_t count)
{
    assert(count > 0);
    return dice_u64(dice) % count;
}

uint64_t
dice_between(struct dice *dice, uint64_t low, uint64_t high)
{
    assert(low <= high);
    return low + dice_below(dice, high - low + 1);
}

bool
dice_chance(struct dice *dice, uint64_t times, uint64_t of)
{
    return dice_below(dice, of) < times;
}

void
dice_fill(struct dice *dice, uint8_t *out, size_t len)
{
    for (size_t at = 0; at < len; at += 8) {
        uint64_t throw = dice_u64(dice);

        for (size_t i = at; i < len && i < at + 8; i++)
            out[i] = (uint8_t)(throw >> (8 * (i - at)));
    }
}
