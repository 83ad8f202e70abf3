/*
 * one_turn.h - a turn's context without a node, for tests of what runs in one.
 */
#ifndef TESTS_ONE_TURN_H
#define TESTS_ONE_TURN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "node/core/context.h"

struct one_turn {
    struct context    turn;
    struct turn_input input;
    struct effects    effects;
    struct vaults     vaults;
    uint8_t          *parse;
};

/* Begins a turn; its randomness follows from `seed`. */
static inline void
one_turn_begin(struct one_turn *one, uint8_t seed)
{
    struct secret32 secret;

    effects_clear(&one->effects);
    memset(secret.bytes, seed, sizeof(secret.bytes));
    one->turn = (struct context){.input = &one->input,
                                 .out = &one->effects,
                                 .vaults = &one->vaults};
    seed_stream_init(&one->turn.seeds, &secret);
    one->turn.arena = strict_arena_of(one->parse, LIMIT_PARSE_BYTES);
}

static inline struct one_turn *
one_turn_new(void)
{
    struct one_turn *one = calloc(1, sizeof(*one));

    assert_non_null(one);
    assert_int_equal(crypto_start(), STATUS_OK);
    effects_init(&one->effects);
    one->parse = malloc(LIMIT_PARSE_BYTES);
    one->input = (struct turn_input){.mono_ms = 1000,
                                     .wall_ms = 1760000000000};
    one_turn_begin(one, 1);
    return one;
}

static inline void
one_turn_free(struct one_turn *one)
{
    effects_free(&one->effects);
    free(one->parse);
    free(one);
}

static inline size_t
one_turn_count(const struct one_turn *one, enum effect_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < one->effects.count; i++)
        count += one->effects.list[i].kind == kind;
    return count;
}

/* The n-th effect of this kind; fails the test when there is none. */
static inline const struct effect *
one_turn_effect(const struct one_turn *one, enum effect_kind kind, size_t n)
{
    for (size_t i = 0; i < one->effects.count; i++)
        if (one->effects.list[i].kind == kind && n-- == 0)
            return &one->effects.list[i];
    fail_msg("no such effect");
    return NULL;
}

/* How many records of this kind the turn saves. */
static inline size_t
one_turn_saves(const struct one_turn *one, enum record_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < one->effects.count; i++)
        count += one->effects.list[i].kind == EFFECT_SAVE &&
                 one->effects.list[i].bytes.ptr[0] == (uint8_t)kind;
    return count;
}

/* The n-th of them, decoded; lent until the next turn. */
static inline struct record
one_turn_saved(const struct one_turn *one, enum record_kind kind, size_t n)
{
    struct record record = {0};

    for (size_t i = 0; i < one->effects.count; i++) {
        const struct effect *effect = &one->effects.list[i];

        if (effect->kind == EFFECT_SAVE &&
            effect->bytes.ptr[0] == (uint8_t)kind && n-- == 0) {
            assert_int_equal(record_decode(effect->bytes, &record), STATUS_OK);
            record.secret = effect->secret;
            return record;
        }
    }
    fail_msg("no such record");
    return record;
}

#endif
