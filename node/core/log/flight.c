/*
 * flight.c - two rings: entries, and the batches whose memory they point to.
 *
 * Invariants:
 *  (I1) entries[head + i].index == entries[head].index + i;
 *  (I2) a batch is freed exactly when its last entry is popped, so no entry
 *       points to freed bytes;
 *  (I3) below unsent[p] no entry of precedence p has an unsent body.
 */
#include "node/core/log/flight.h"

#include "node/core/grow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct flight_entry *
entry_at(const struct flight *flight, size_t i)
{
    return &flight->entries[(flight->head + i) % flight->cap];
}

static struct flight_batch *
batch_at(const struct flight *flight, size_t i)
{
    return &flight->batches[(flight->batch_head + i) % flight->batch_cap];
}

void
flight_clear(struct flight *flight)
{
    for (size_t i = 0; i < flight->batch_count; i++)
        free(batch_at(flight, i)->bytes);
    free(flight->batches);
    free(flight->entries);
    *flight = (struct flight){0};
}

uint64_t
flight_from(const struct flight *flight)
{
    return flight->count > 0 ? entry_at(flight, 0)->index : 0;
}

uint64_t
flight_to(const struct flight *flight)
{
    return flight->count > 0
               ? entry_at(flight, flight->count - 1)->index + 1
               : 0;
}

static void
batches_grow(struct flight *flight)
{
    size_t cap = flight->batch_cap > 0 ? 2 * flight->batch_cap : 8;
    struct flight_batch *list = grow_new(cap, sizeof(*list));

    for (size_t i = 0; i < flight->batch_count; i++)
        list[i] = *batch_at(flight, i);
    free(flight->batches);
    flight->batches = list;
    flight->batch_head = 0;
    flight->batch_cap = cap;
}

static void
entries_grow(struct flight *flight)
{
    size_t               cap = flight->cap > 0 ? 2 * flight->cap : 16;
    struct flight_entry *list = grow_new(cap, sizeof(*list));

    for (size_t i = 0; i < flight->count; i++)
        list[i] = *entry_at(flight, i);
    free(flight->entries);
    flight->entries = list;
    flight->head = 0;
    flight->cap = cap;
}

void
flight_batch(struct flight *flight, uint64_t first,
             const uint8_t ephemeral[static LIMIT_KEY],
             const uint8_t salt[static LIMIT_SALT])
{
    struct flight_batch *batch;

    if (flight->batch_count > 0 &&
        batch_at(flight, flight->batch_count - 1)->first == first)
        return;
    if (flight->batch_count == flight->batch_cap)
        batches_grow(flight);
    batch = batch_at(flight, flight->batch_count++);
    *batch = (struct flight_batch){.first = first};
    memcpy(batch->ephemeral, ephemeral, LIMIT_KEY);
    memcpy(batch->salt, salt, LIMIT_SALT);
}

struct flight_entry *
flight_put(struct flight *flight, uint64_t index,
           const uint8_t leaf[static LEAF_LEN], struct span body,
           uint64_t now_ms)
{
    struct flight_batch *batch;
    struct flight_entry *entry;

    assert(flight->batch_count > 0);
    assert(flight->count == 0 || flight_to(flight) == index); /* (I1) */
    if (flight->count == flight->cap)
        entries_grow(flight);
    batch = batch_at(flight, flight->batch_count - 1);
    batch->bytes = grow_list(batch->bytes, &batch->cap,
                             batch->used + body.len, 1);
    entry = entry_at(flight, flight->count++);
    *entry = (struct flight_entry){
        .index = index,
        .batch = flight->batch_number + flight->batch_count - 1,
        .class = (enum entry_class)leaf[2],
        .precedence = (enum precedence)leaf[3],
        .body_at = batch->used,
        .body_len = (uint32_t)body.len,
        .time_ms = now_ms,
    };
    memcpy(entry->leaf, leaf, LEAF_LEN);
    memcpy(batch->bytes + batch->used, body.ptr, body.len);
    batch->used += body.len;
    batch->count++;
    flight->bytes += body.len;
    if (flight->unsent[entry->precedence] > index)
        flight->unsent[entry->precedence] = index; /* (I3) */
    return entry;
}

struct flight_entry *
flight_at(const struct flight *flight, uint64_t index)
{
    if (flight->count == 0 || index < flight_from(flight) ||
        index >= flight_to(flight))
        return NULL;
    return entry_at(flight, (size_t)(index - flight_from(flight)));
}

struct span
flight_body(const struct flight *flight, const struct flight_entry *entry)
{
    return (struct span){flight_batch_of(flight, entry)->bytes +
                             entry->body_at,
                         entry->body_len};
}

const struct flight_batch *
flight_batch_of(const struct flight *flight, const struct flight_entry *entry)
{
    return batch_at(flight, (size_t)(entry->batch - flight->batch_number));
}

/* Moves the mark of one precedence up to the next unsent body (I3). */
static struct flight_entry *
unsent_of(struct flight *flight, size_t precedence, uint64_t to)
{
    uint64_t *mark = &flight->unsent[precedence];

    if (*mark < flight_from(flight))
        *mark = flight_from(flight);
    for (; *mark < to && *mark < flight_to(flight); ++*mark) {
        struct flight_entry *entry = flight_at(flight, *mark);

        if (entry->precedence == precedence && entry->sent < entry->body_len)
            return entry;
    }
    return NULL;
}

struct flight_entry *
flight_unsent(struct flight *flight, uint64_t to)
{
    for (size_t i = PRECEDENCE_COUNT; i-- > 0;) {
        struct flight_entry *entry = unsent_of(flight, i, to);

        if (entry != NULL)
            return entry;
    }
    return NULL;
}

void
flight_resend(struct flight *flight, uint64_t index)
{
    struct flight_entry *entry = flight_at(flight, index);

    if (entry == NULL)
        return;
    entry->sent = 0;
    if (flight->unsent[entry->precedence] > index)
        flight->unsent[entry->precedence] = index; /* (I3) */
}

void
flight_skip(struct flight *flight, uint64_t index)
{
    struct flight_entry *entry = flight_at(flight, index);

    if (entry != NULL)
        entry->sent = entry->body_len;
}

void
flight_restart(struct flight *flight)
{
    for (size_t i = 0; i < flight->count; i++) {
        const struct flight_entry *entry = entry_at(flight, i);

        if (entry->sent > 0 && entry->sent < entry->body_len)
            flight_resend(flight, entry->index);
    }
}

void
flight_pop(struct flight *flight)
{
    struct flight_batch *batch = batch_at(flight, 0);

    assert(flight->count > 0 && batch->count > 0);
    flight->bytes -= entry_at(flight, 0)->body_len;
    flight->head = (flight->head + 1) % flight->cap;
    flight->count--;
    batch->count--;
    while (flight->batch_count > 0 && batch_at(flight, 0)->count == 0 &&
           (flight->batch_count > 1 || flight->count == 0)) { /* (I2) */
        free(batch_at(flight, 0)->bytes);
        *batch_at(flight, 0) = (struct flight_batch){0};
        flight->batch_head = (flight->batch_head + 1) % flight->batch_cap;
        flight->batch_count--;
        flight->batch_number++;
    }
}
