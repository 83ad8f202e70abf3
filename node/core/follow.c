/*
 * follow.c - moving followers between flight, outbox and list.
 *
 * Invariant: one request stands in one place only.
 */
#include "node/core/follow.h"

#include "node/core/grow.h"
#include "node/core/submit.h"

static void
add(struct node *node, struct peer *peer, const struct channel *channel,
    uint64_t index, const struct message_id *id, uint64_t number,
    const struct follow *follow)
{
    node->followers = grow_list(node->followers, &node->follower_cap,
                                node->follower_count + 1,
                                sizeof(*node->followers));
    node->followers[node->follower_count++] =
        (struct follower){.follow = *follow,
                          .channel = channel,
                          .index = index,
                          .peer = peer,
                          .id = *id,
                          .number = number};
}

static void
drop(struct node *node, size_t i)
{
    node->followers[i] = node->followers[--node->follower_count];
}

void
follow_keep(struct node *node, struct peer *peer, const struct channel *channel)
{
    const struct flight *flight = &channel->flight;

    for (uint64_t i = flight_from(flight); i < flight_to(flight); i++) {
        const struct flight_entry *entry = flight_at(flight, i);

        if (entry->follow.client != 0)
            add(node, peer, channel, i, &entry->id, entry->number,
                &entry->follow);
    }
}

struct follow
follow_take(struct node *node, const struct channel *channel, uint64_t index)
{
    for (size_t i = 0; i < node->follower_count; i++)
        if (node->followers[i].channel == channel &&
            node->followers[i].index == index) {
            struct follow follow = node->followers[i].follow;

            drop(node, i);
            return follow;
        }
    return (struct follow){0};
}

bool
follow_row(struct node *node, struct peer *peer, const struct record_row *row,
           const struct follow *follow)
{
    struct outbox_item *item;
    struct channel     *channel;

    if (row->origin.len == 0) {
        item = outbox_find(&peer->outbox, &row->id);
        if (item == NULL || item->follow.client != 0)
            return false;
        item->follow = *follow;
        return true;
    }
    channel = peer_channel_of(peer, row->origin);
    if (channel == NULL)
        return false;
    add(node, peer, channel, row->index, &row->id, row->number, follow);
    return true;
}

void
follow_received(struct context *turn, struct peer *peer,
                struct channel *channel, const struct flight_entry *entry)
{
    bool last = entry->follow.until <= STATE_RECEIVED;

    submit_tell(turn, &entry->follow, last, peer, &entry->id, entry->number,
                STATE_RECEIVED, "");
    if (!last)
        add(turn->node, peer, channel, entry->index, &entry->id,
            entry->number, &entry->follow);
}

void
follow_tell(struct context *turn, const struct channel *channel,
            uint64_t first, uint64_t count, enum message_state state,
            const char *why)
{
    struct node *node = turn->node;

    for (size_t i = node->follower_count; i-- > 0;) {
        const struct follower *one = &node->followers[i];
        bool                   last = one->follow.until <= (uint8_t)state;

        if (one->channel != channel || one->index < first ||
            one->index - first >= count)
            continue;
        submit_tell(turn, &one->follow, last, one->peer, &one->id,
                    one->number, state, why);
        if (last)
            drop(node, i);
    }
}

static void
forget_in_outbox(struct peer *peer, uint64_t client)
{
    struct outbox_item *item;
    size_t              cursor = 0;

    while ((item = outbox_next(&peer->outbox, &cursor)) != NULL)
        if (item->follow.client == client)
            item->follow.client = 0;
}

static void
forget_in_flight(const struct flight *flight, uint64_t client)
{
    for (uint64_t i = flight_from(flight); i < flight_to(flight); i++)
        if (flight_at(flight, i)->follow.client == client)
            flight_at(flight, i)->follow.client = 0;
}

void
follow_forget(struct node *node, uint64_t client)
{
    for (size_t i = node->follower_count; i-- > 0;)
        if (node->followers[i].follow.client == client)
            drop(node, i);
    for (size_t i = 0; i < node->peer_count; i++) {
        struct peer *peer = node->peers[i];

        forget_in_outbox(peer, client);
        for (size_t k = 0; k < peer->channel_count; k++)
            forget_in_flight(&peer->channels[k]->flight, client);
    }
}
