/*
 * dice.h - every choice of a simulation, from one seed.
 *
 * SplitMix64: the same seed gives the same throws on every machine and with
 * every compiler.  It is no secret and makes none.  Throw once a statement:
 * C does not say which argument of a call is computed first.
 */
#ifndef SIM_DICE_H
#define SIM_DICE_H

#include "proto/bytes.h"

struct dice {
    uint64_t state;
};

/* Streams of one seed do not disturb one another. */
void dice_init(struct dice *dice, uint64_t seed, uint64_t stream);

uint64_t dice_u64(struct dice *dice);
/* 0 .. count - 1; asserts count > 0. */
uint64_t dice_below(struct dice *dice, uint64_t count);
/* low .. high, both among them; asserts low <= high. */
uint64_t dice_between(struct dice *dice, uint64_t low, uint64_t high);
/* True `times` out of `of`. */
bool dice_chance(struct dice *dice, uint64_t times, uint64_t of);
void dice_fill(struct dice *dice, uint8_t *out, size_t len);

#endif
