/*
 * rogue_answer.h - a rogue on an open link that has said its OPEN, and what
 * it answers to the victim's entries.
 */
#ifndef TESTS_ROGUE_ANSWER_H
#define TESTS_ROGUE_ANSWER_H

#include "tests/unit/rogue.h"

#include "crypto/seal.h"
#include "entry.pb-c.h"
#include "node/core/roster.h"

#include <stdio.h>
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
        rogue_reads(rogue)->window[i].sample[0] = (struct window_sample){
            .from_ms = rogue->victim->now_ms,
            .to_ms = rogue->victim->now_ms,
            .bytes = LIMIT_WINDOW_BYTES,
        };
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

/* --- what the victim answers ---------------------------------------------- */

struct rogue_answered {
    Entente__Answer__Verdict verdict;
    char                     why[LIMIT_LINE + 1];
};

/* The one answer in the victim's newest entry, to the rogue's newest. */
static inline struct rogue_answered
rogue_answered(const struct rogue *rogue)
{
    static uint8_t        plain[LIMIT_SEALED];
    size_t                count = duo_count_records(rogue->victim,
                                                    RECORD_OUT_ENTRY);
    struct record         record = duo_record(rogue->victim, RECORD_OUT_ENTRY,
                                              count - 1);
    struct origin_text    origin = origin_format(&record.origin);
    struct rogue_answered out = {.why = ""};
    struct record_secret  secret;
    struct secret32       key;
    struct leaf           leaf;
    size_t                len = 0;
    Entente__EntryAnswer *entry;

    assert_int_equal(record_secret_decode(record.secret, &secret), STATUS_OK);
    assert_int_equal(leaf_decode(record.leaf, &leaf), STATUS_OK);
    assert_int_equal(leaf.class, CLASS_ANSWER);
    memcpy(key.bytes, secret.content_key, LIMIT_KEY);
    assert_int_equal(seal_open(&key, origin_span(&origin), record.index, &leaf,
                               record.bytes, plain, &len),
                     STATUS_OK);
    entry = entente__entry_answer__unpack(NULL, len, plain);
    assert_int_equal(entry->n_answers, 1);
    assert_int_equal(entry->answers[0]->ranges[0]->first, rogue->count - 1);
    out.verdict = entry->answers[0]->verdict;
    snprintf(out.why, sizeof(out.why), "%s", entry->answers[0]->why);
    entente__entry_answer__free_unpacked(entry, NULL);
    return out;
}

/* Its author signs what was done to the newest entry. */
static inline void
rogue_digest_again(struct rogue *rogue)
{
    struct rogue_entry *entry = &rogue->entries[rogue->count - 1];
    struct seal_batch   batch = {.origin = origin_span(&rogue->text),
                                 .first_index = entry->first};
    struct leaf         leaf;
    struct digest       digest;

    memcpy(batch.ephemeral, entry->ephemeral, LIMIT_KEY);
    memcpy(batch.salt, entry->salt, LIMIT_SALT);
    assert_int_equal(leaf_decode(SPAN_OF(entry->leaf), &leaf), STATUS_OK);
    seal_digest(leaf.class, &batch, rogue->count - 1,
                (struct span){entry->body, entry->body_len}, &digest);
    memcpy(leaf.digest, digest.bytes, LIMIT_DIGEST);
    leaf_encode(&leaf, entry->leaf);
}

#endif
