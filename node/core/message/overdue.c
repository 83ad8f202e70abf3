/* overdue.c - the gravest of all lists, kept in order as they are met. */
#include "node/core/message/overdue.h"

#include "node/core/roster.h"

#include <stdio.h>
#include <string.h>

struct found {
    const struct peer    *peer;
    const struct awaited *item;
    bool                  outgoing;
};

struct gravest {
    struct found list[OVERDUE_TOLD];
    size_t       count;
    uint64_t     more;
};

static bool
graver(const struct awaited *a, const struct awaited *b)
{
    if (a->precedence != b->precedence)
        return a->precedence > b->precedence;
    return a->ack_by_ms < b->ack_by_ms;
}

static void
keep(struct gravest *gravest, const struct found *found)
{
    size_t at = gravest->count;

    while (at > 0 && graver(found->item, gravest->list[at - 1].item))
        at--;
    if (gravest->count == OVERDUE_TOLD)
        gravest->more++;
    else
        gravest->count++;
    if (at == OVERDUE_TOLD)
        return;
    memmove(&gravest->list[at + 1], &gravest->list[at],
            (gravest->count - at - 1) * sizeof(*gravest->list));
    gravest->list[at] = *found;
}

static void
look(struct gravest *gravest, const struct peer *peer, bool outgoing)
{
    const struct awaiting *list = &peer->awaiting[outgoing];

    for (size_t i = 0; i < list->count; i++)
        if (list->list[i].overdue)
            keep(gravest, &(struct found){peer, &list->list[i], outgoing});
}

static char *
ref_of(struct context *turn, const struct found *found, char *id)
{
    char *ref = (char *)effects_alloc(turn->out, LIMIT_NAME + 32);

    if (found->item->number == 0)
        return id;
    snprintf(ref, LIMIT_NAME + 32, "%s/%s%llu", found->peer->name,
             found->outgoing ? "s" : "",
             (unsigned long long)found->item->number);
    return ref;
}

static Entente__Overdue *
told(struct context *turn, const struct found *found)
{
    Entente__Overdue *out =
        (Entente__Overdue *)(void *)effects_alloc(turn->out, sizeof(*out));

    entente__overdue__init(out);
    out->id = (char *)effects_alloc(turn->out, 2 * LIMIT_MESSAGE_ID + 1);
    hex_encode(found->item->id.bytes, LIMIT_MESSAGE_ID, out->id);
    out->ref = ref_of(turn, found, out->id);
    out->peer = (char *)(uintptr_t)found->peer->name;
    out->outgoing = found->outgoing;
    out->number = found->item->number;
    out->precedence =
        (char *)(uintptr_t)precedence_name(found->item->precedence);
    out->ack_by_ms = found->item->ack_by_ms;
    return out;
}

void
overdue_fill(struct context *turn, Entente__StatusResponse *out)
{
    const struct node *node = turn->node;
    struct gravest     gravest = {.count = 0};

    for (size_t i = 0; i < node->peer_count; i++) {
        look(&gravest, node->peers[i], false);
        look(&gravest, node->peers[i], true);
    }
    out->overdue = (Entente__Overdue **)(void *)effects_alloc(
        turn->out, (gravest.count + 1) * sizeof(*out->overdue));
    out->n_overdue = gravest.count;
    out->overdue_more = gravest.more;
    for (size_t i = 0; i < gravest.count; i++)
        out->overdue[i] = told(turn, &gravest.list[i]);
}

void
overdue_fill_peer(const struct peer *peer, Entente__PeerStatus *out)
{
    const struct awaiting *theirs = &peer->awaiting[false];
    const struct awaiting *ours = &peer->awaiting[true];

    out->unanswered = ours->count;
    out->to_answer = theirs->count;
    out->overdue = awaiting_overdue(ours) + awaiting_overdue(theirs);
    out->unwatched = ours->unwatched + theirs->unwatched;
    for (size_t i = 0; i < ours->count; i++)
        if (out->oldest_unanswered_ms == 0 ||
            ours->list[i].begun_ms < out->oldest_unanswered_ms)
            out->oldest_unanswered_ms = ours->list[i].begun_ms;
}

void
overdue_fill_show(const struct peer *peer, const struct message_id *id,
                  Entente__ShowResponse *out)
{
    const struct awaited *item = awaiting_find(peer, out->outgoing, id);

    out->awaited = item != NULL;
    out->overdue = item != NULL && item->overdue;
}
