/*
 * agenda.c - a binary heap by (time, order of arrival).
 */
#include "node/sim/agenda.h"

#include <stdlib.h>

struct slot {
    struct agenda_item item;
    uint64_t           order;
};

struct agenda {
    struct slot *heap;
    size_t       count;
    size_t       cap;
    uint64_t     next_order;
};

struct agenda *
agenda_new(void)
{
    struct agenda *agenda = calloc(1, sizeof(*agenda));

    if (agenda == NULL)
        abort();
    return agenda;
}

void
agenda_free(struct agenda *agenda)
{
    if (agenda == NULL)
        return;
    free(agenda->heap);
    free(agenda);
}

static bool
before(const struct slot *a, const struct slot *b)
{
    if (a->item.at_ms != b->item.at_ms)
        return a->item.at_ms < b->item.at_ms;
    return a->order < b->order;
}

static void
swap(struct slot *a, struct slot *b)
{
    struct slot kept = *a;

    *a = *b;
    *b = kept;
}

void
agenda_add(struct agenda *agenda, struct agenda_item item)
{
    size_t at = agenda->count;

    if (agenda->count == agenda->cap) {
        agenda->cap = agenda->cap > 0 ? 2 * agenda->cap : 64;
        agenda->heap = realloc(agenda->heap,
                               agenda->cap * sizeof(*agenda->heap));
        if (agenda->heap == NULL)
            abort();
    }
    agenda->heap[agenda->count++] = (struct slot){item, agenda->next_order++};
    while (at > 0 && before(&agenda->heap[at], &agenda->heap[(at - 1) / 2])) {
        swap(&agenda->heap[at], &agenda->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

uint64_t
agenda_next_ms(const struct agenda *agenda)
{
    return agenda->count > 0 ? agenda->heap[0].item.at_ms : UINT64_MAX;
}

bool
agenda_take(struct agenda *agenda, uint64_t now_ms, struct agenda_item *out)
{
    size_t at = 0;

    if (agenda_next_ms(agenda) > now_ms || agenda->count == 0)
        return false;
    *out = agenda->heap[0].item;
    agenda->heap[0] = agenda->heap[--agenda->count];
    for (;;) {
        size_t least = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
            if (child < agenda->count &&
                before(&agenda->heap[child], &agenda->heap[least]))
                least = child;
        if (least == at)
            return true;
        swap(&agenda->heap[at], &agenda->heap[least]);
        at = least;
    }
}
