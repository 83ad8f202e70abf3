/*
 * attacker.c - a ring of recordings, and damage that waits for its bytes.
 */
#include "node/sim/attacker.h"

#include <assert.h>

enum { PIECE_MAX = 512 };

void
attacker_init(struct attacker *attacker, uint64_t seed)
{
    *attacker = (struct attacker){0};
    dice_init(&attacker->dice, seed, 0xa77a);
}

void
attacker_begin(struct attacker *attacker, uint64_t number, size_t caller,
               size_t called)
{
    struct attacker_tape *tape = attacker->tape[number % ATTACKER_CONNS];

    tape[0].len = 0;
    tape[0].to = called;
    tape[1].len = 0;
    tape[1].to = caller;
}

void
attacker_hears(struct attacker *attacker, uint64_t number, unsigned from,
               struct span bytes)
{
    struct attacker_tape *tape;
    struct reader         in = reader_of(bytes);
    size_t                len;

    assert(from < 2);
    tape = &attacker->tape[number % ATTACKER_CONNS][from];
    len = ATTACKER_TAPE - tape->len;
    if (len > bytes.len)
        len = bytes.len;
    reader_copy(&in, tape->bytes + tape->len, len);
    tape->len += len;
}

static struct span
whole(const struct attacker_tape *tape)
{
    return (struct span){tape->bytes, tape->len};
}

/* Some bytes from anywhere; empty when the dice point at nothing. */
static struct span
piece(struct attacker *attacker)
{
    struct dice  *dice = &attacker->dice;
    size_t        at = (size_t)dice_below(dice, ATTACKER_CONNS);
    size_t        from = (size_t)dice_below(dice, 2);
    struct reader in = reader_of(whole(&attacker->tape[at][from]));
    size_t        len;

    (void)reader_take(&in, (size_t)dice_below(dice, in.left + 1));
    len = in.left < PIECE_MAX ? in.left : PIECE_MAX;
    return reader_take(&in, (size_t)dice_below(dice, len + 1));
}

bool
attacker_damage(struct attacker *attacker, struct flow_segment *segment,
                enum attacker_damage *done)
{
    enum attacker_damage damage = ATTACKER_FLIP;
    struct span          foreign = piece(attacker);

    while (damage < ATTACKER_DAMAGES && attacker->due[damage] == 0)
        damage++;
    if (damage == ATTACKER_DAMAGES ||
        (damage == ATTACKER_SPLICE && foreign.len == 0))
        return false;
    attacker->due[damage]--;
    *done = damage;
    if (damage == ATTACKER_FLIP)
        flow_flip(segment, &attacker->dice);
    else if (damage == ATTACKER_CUT)
        flow_cut(segment, &attacker->dice);
    else
        flow_splice(segment, &attacker->dice, foreign);
    return true;
}

struct span
attacker_session(struct attacker *attacker, size_t node, bool sent_to)
{
    size_t start = (size_t)dice_below(&attacker->dice, ATTACKER_CONNS);

    for (size_t i = 0; i < ATTACKER_CONNS; i++) {
        const struct attacker_tape *tape;

        tape = attacker->tape[(start + i) % ATTACKER_CONNS];
        for (size_t from = 0; from < 2; from++) {
            size_t who = sent_to ? tape[from].to : tape[1 - from].to;

            if (tape[from].len > 0 && who == node)
                return whole(&tape[from]);
        }
    }
    return SPAN_EMPTY;
}

struct span
attacker_garbage(struct attacker *attacker,
                 uint8_t out[static ATTACKER_GARBAGE])
{
    size_t len = (size_t)dice_between(&attacker->dice, 1, ATTACKER_GARBAGE);

    dice_fill(&attacker->dice, out, len);
    if (len >= 2 && dice_chance(&attacker->dice, 1, 2))
        out[0] = 0;
    return (struct span){out, len};
}
