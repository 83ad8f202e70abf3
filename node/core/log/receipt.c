/*
 * receipt.c - one cosignature covers all heads up to its size.
 *
 * Invariants (DESIGN 2):
 *  (I1) only a head whose bodies are all here or refused is cosigned, and none
 *       of a log that was stopped;
 *  (I2) sizes and times never fall, not even below what was signed and lost.
 */
#include "node/core/log/receipt.h"

#include <string.h>

/* The oldest `count` heads are covered now. */
static void
drop_heads(struct witness *witness, size_t count)
{
    witness->head_count -= count;
    if (count == 0)
        return;
    memmove(witness->heads, witness->heads + count,
            witness->head_count * sizeof(*witness->heads));
}

enum status
receipt_shown(struct witness *witness, const struct head *head,
              const struct cosignature *cosignature,
              const uint8_t            *witness_key)
{
    enum status st;

    if (head->size <= witness->cosigned.size)
        return STATUS_OK;
    st = cosignature_verify(origin_span(&witness->text), head, cosignature,
                            witness_key);
    if (st != STATUS_OK)
        return st;
    witness->shown = *head;
    witness->shown_s = cosignature->time_s;
    return STATUS_OK;
}

/* As it is signed from the same bytes, a signature that was lost comes out as
 * it was; unless a smaller head was signed since, before the lost one was
 * shown: then its time counts (I2). */
static uint64_t
time_of(const struct witness *witness, const struct head *head,
        uint64_t wall_ms)
{
    uint64_t time_s = wall_ms / 1000;

    if (head_equal(head, &witness->shown) &&
        witness->shown_s >= witness->cosignature.time_s)
        return witness->shown_s;
    if (time_s < witness->cosignature.time_s)
        time_s = witness->cosignature.time_s;
    return time_s < witness->shown_s ? witness->shown_s : time_s;
}

void
receipt_cosign(struct witness *witness, struct context *turn,
               const struct sign_key *key)
{
    struct record record = {.kind = RECORD_IN_COSIGNED,
                            .origin = witness->origin};
    uint64_t      time_s;
    size_t        covered = 0;

    while (covered < witness->head_count &&
           witness->heads[covered].size <= witness->whole)
        covered++;
    if (covered == 0 || witness->stopped ||
        witness->heads[covered - 1].size < witness->shown.size)
        return; /* (I1) (I2) */
    time_s = time_of(witness, &witness->heads[covered - 1],
                     turn->input->wall_ms);
    witness->cosigned = witness->heads[covered - 1];
    cosignature_sign(origin_span(&witness->text), &witness->cosigned, time_s,
                     key, &witness->cosignature);
    drop_heads(witness, covered);
    record.size = witness->cosigned.size;
    memcpy(record.root, witness->cosigned.root.bytes, LIMIT_DIGEST);
    memcpy(record.signature, witness->cosignature.signature, LIMIT_SIGNATURE);
    record.time = time_s;
    record.count = turn->input->wall_ms;
    context_save(turn, &record, NULL);
    witness->cosignature_due = true;
}

void
receipt_restore(struct witness *witness, const struct head *head,
                const struct cosignature *cosignature)
{
    size_t covered = 0;

    witness->cosigned = *head;
    witness->cosignature = *cosignature;
    while (covered < witness->head_count &&
           witness->heads[covered].size <= head->size)
        covered++;
    drop_heads(witness, covered);
}
