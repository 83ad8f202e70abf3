/*
 * recent.c - a hash set of 64-bit marks over a ring that says which is oldest.
 *
 * Ids are drawn at random by their authors, so their bytes are the hash.
 * Invariant: every mark in the ring stands in exactly one slot, reachable by
 * linear probing from its home.
 */
#include "node/core/message/recent.h"

#include "node/core/grow.h"

#include <stdlib.h>

static uint64_t
mark_of(const struct node_id *peer, const struct message_id *id)
{
    struct reader a = reader_of(SPAN_OF(id->bytes));
    struct reader b = reader_of(SPAN_OF(peer->bytes));
    uint64_t      mark = reader_u64(&a) ^ reader_u64(&b);

    return mark != 0 ? mark : 1 /* 0 is an empty slot */;
}

void
recent_clear(struct recent *recent)
{
    free(recent->slots);
    free(recent->order);
    *recent = (struct recent){0};
}

static size_t
home_of(uint64_t mark)
{
    return (size_t)(mark % RECENT_SLOTS);
}

/* The slot of the mark, or the empty one where it would stand. */
static size_t
slot_of(const struct recent *recent, uint64_t mark)
{
    size_t i = home_of(mark);

    while (recent->slots[i] != 0 && recent->slots[i] != mark)
        i = (i + 1) % RECENT_SLOTS;
    return i;
}

bool
recent_has(const struct recent *recent, const struct node_id *peer,
           const struct message_id *id)
{
    uint64_t mark = mark_of(peer, id);

    return recent->slots != NULL &&
           recent->slots[slot_of(recent, mark)] == mark;
}

/* Removes a mark and moves back those that probing would miss. */
static void
forget(struct recent *recent, uint64_t mark)
{
    size_t hole = slot_of(recent, mark);
    size_t i = hole;

    recent->slots[hole] = 0;
    for (;;) {
        size_t home;

        i = (i + 1) % RECENT_SLOTS;
        if (recent->slots[i] == 0)
            return;
        home = home_of(recent->slots[i]);
        if ((i + RECENT_SLOTS - home) % RECENT_SLOTS >=
            (i + RECENT_SLOTS - hole) % RECENT_SLOTS) {
            recent->slots[hole] = recent->slots[i];
            recent->slots[i] = 0;
            hole = i;
        }
    }
}

void
recent_put(struct recent *recent, const struct node_id *peer,
           const struct message_id *id)
{
    uint64_t mark = mark_of(peer, id);

    if (recent->slots == NULL) {
        recent->slots = grow_new(RECENT_SLOTS, sizeof(*recent->slots));
        recent->order = grow_new(RECENT_IDS, sizeof(*recent->order));
    }
    if (recent->slots[slot_of(recent, mark)] == mark)
        return;
    if (recent->count == RECENT_IDS)
        forget(recent, recent->order[recent->next]);
    else
        recent->count++;
    recent->order[recent->next] = mark;
    recent->next = (recent->next + 1) % RECENT_IDS;
    recent->slots[slot_of(recent, mark)] = mark;
}
