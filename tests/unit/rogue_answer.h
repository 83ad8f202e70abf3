/*
 * rogue_answer.h - a rogue on an open link that has said its OPEN, and what
 * it answers to the victim's entries.
 */
#ifndef TESTS_ROGUE_ANSWER_H
#define TESTS_ROGUE_ANSWER_H

#include "tests/unit/rogue.h"

#include "entry.pb-c.h"
#include "node/core/roster.h"

#include <stdlib.h>
#include <string.h>

static inline struct rogue *
rogue_up(void)
{
    struct rogue *rogue = rogue_new();

    rogue_open(rogue);
    rogue_announce(rogue, 1, rogue->duo->a.node->first_contact.public_key);
    rogue_say_all(rogue, 0);
    assert_int_equal(rogue->victim->node->peers[0]->witnesses[0]->whole, 1);
    return rogue;
}

static inline int
rogue_make_up(void **state)
{
    *state = rogue_up();
    return 0;
}

/* The link is closed, nothing was saved, and the next link is welcome. */
static inline void
rogue_assert_closed(struct rogue *rogue, size_t records)
{
    assert_true(rogue_is_closed(rogue));
    assert_int_equal(rogue->victim->record_count, records);
    rogue_open(rogue);
}

/* The victim's log of the rogue's newest epoch. */
static inline struct witness *
rogue_witness(const struct rogue *rogue)
{
    return peer_witness_of(rogue_peer(rogue), origin_span(&rogue->text));
}

/* What the victim writes now. */
static inline struct channel *
rogue_reads(const struct rogue *rogue)
{
    return peer_channel(rogue_peer(rogue), REALM_ACTUAL);
}

static inline size_t
rogue_alarms(const struct rogue *rogue)
{
    return duo_count_records(rogue->victim, RECORD_ALARM);
}

/* Messages of the victim's that wait for a receipt. */
static inline void
rogue_is_written_to(struct rogue *rogue, unsigned count)
{
    for (size_t i = 0; i < 2; i++) { /* all may be dispatched at once */
        rogue_reads(rogue)->window[i].sample[0].ms = rogue->victim->now_ms;
        rogue_reads(rogue)->window[i].sample[0].bytes = LIMIT_WINDOW_BYTES;
    }
    for (unsigned i = 0; i < count; i++)
        duo_submit(rogue->victim, "node1", 100 + i, "ROUTINE", "tea?", NULL);
    while (duo_turn(rogue->victim))
        continue;
}

/* One ANSWER entry; the victim has its body. */
static inline void
rogue_say_entry(struct rogue *rogue, const Entente__EntryAnswer *entry)
{
    static uint8_t bytes[LIMIT_BODY];
    uint64_t       index;

    assert_true(entente__entry_answer__get_packed_size(entry) < LIMIT_BODY);
    index = rogue_seal(
        rogue, CLASS_ANSWER, PRECEDENCE_ROUTINE,
        (struct span){bytes, entente__entry_answer__pack(entry, bytes)});
    rogue_say_all(rogue, index);
}

static inline void
rogue_say_answers(struct rogue *rogue, Entente__Answer *first,
                  Entente__Answer *second)
{
    Entente__EntryAnswer entry = ENTENTE__ENTRY_ANSWER__INIT;
    Entente__Answer     *list[] = {first, second};

    entry.n_answers = second == NULL ? 1 : 2;
    entry.answers = list;
    rogue_say_entry(rogue, &entry);
}

#endif
