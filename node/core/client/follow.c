/*
 * follow.c - moving followers between flight, outbox and list.
 *
 * Invariants:
 *  (I1) one request stands in one place only;
 *  (I2) who waits for the receipt alone hears of no verdict that comes before
 *       it; who waits for more and hears of one goes on in the list.
 */
#include "node/core/client/follow.h"

#include "node/core/client/desk.h"
#include "node/core/grow.h"
#include "node/core/message/submit.h"

#include <stdio.h>
#include <string.h>

void
follow_submitted(struct context *turn, const struct follow *follow, bool last,
                 const struct peer *peer, const struct message_id *id,
                 uint64_t number, enum message_state state, const char *why)
{
    Entente__Response       response = ENTENTE__RESPONSE__INIT;
    Entente__SubmitResponse submit = ENTENTE__SUBMIT_RESPONSE__INIT;
    char                    hex[2 * LIMIT_MESSAGE_ID + 1];
    char                    ref[LIMIT_NAME + 32];

    if (follow->client == 0)
        return;
    hex_encode(id->bytes, LIMIT_MESSAGE_ID, hex);
    if (number > 0 && state >= STATE_SENT)
        snprintf(ref, sizeof(ref), "%s/s%llu", peer->name,
                 (unsigned long long)number);
    else
        snprintf(ref, sizeof(ref), "q/%llu", (unsigned long long)number);
    submit.peer = (char *)(uintptr_t)peer->name;
    submit.ref = ref;
    submit.id = hex;
    submit.state = (char *)(uintptr_t)state_word(state);
    submit.time_ms = turn->input->wall_ms;
    submit.why = (char *)(uintptr_t)why;
    response.kind_case = ENTENTE__RESPONSE__KIND_SUBMIT;
    response.submit = &submit;
    desk_answer(turn, follow->client, follow->request, last, &response);
}

enum status
follow_until(const char *word, uint8_t *out)
{
    enum message_state state = STATE_RECEIVED;

    if (word[0] != '\0' && state_parse(span_text(word), &state) != STATUS_OK)
        return STATUS_BAD_FIELD;
    switch (state) {
    case STATE_QUEUED:
    case STATE_SENT:
    case STATE_RECEIVED:
    case STATE_ACCEPTED:
    case STATE_READ:
    case STATE_ACKNOWLEDGED:
        *out = (uint8_t)state;
        return STATUS_OK;
    default:
        return STATUS_BAD_FIELD;
    }
}

bool
follow_ends(uint8_t until, enum message_state state)
{
    return until <= (uint8_t)state || state == STATE_REJECTED;
}

/* --- the list ------------------------------------------------------------ */

static void
add(struct node *node, const struct follower *one)
{
    node->followers = grow_list(node->followers, &node->follower_cap,
                                node->follower_count + 1,
                                sizeof(*node->followers));
    node->followers[node->follower_count++] = *one;
}

static void
drop(struct node *node, size_t i)
{
    node->followers[i] = node->followers[--node->follower_count];
}

static struct follower
of_entry(struct peer *peer, const struct channel *channel,
         const struct flight_entry *entry, enum message_state told)
{
    return (struct follower){.follow = entry->follow,
                             .channel = channel,
                             .index = entry->index,
                             .peer = peer,
                             .id = entry->id,
                             .number = entry->number,
                             .told = (uint8_t)told};
}

/* True: that was its last answer. */
static bool
hear(struct context *turn, struct follower *one, enum message_state state,
     const char *why)
{
    bool last = follow_ends(one->follow.until, state);

    if ((uint8_t)state <= one->told)
        return false;
    one->told = (uint8_t)state;
    follow_submitted(turn, &one->follow, last, one->peer, &one->id,
                     one->number, state, why);
    return last;
}

static bool
same_message(const struct follower *one, const struct peer *peer,
             const struct message_id *id)
{
    return one->peer == peer &&
           memcmp(one->id.bytes, id->bytes, sizeof(id->bytes)) == 0;
}

void
follow_keep(struct node *node, struct peer *peer, const struct channel *channel)
{
    const struct flight *flight = &channel->flight;

    for (uint64_t i = flight_from(flight); i < flight_to(flight); i++) {
        const struct flight_entry *entry = flight_at(flight, i);
        struct follower one = of_entry(peer, channel, entry, STATE_SENT);

        if (entry->follow.client != 0)
            add(node, &one);
    }
}

void
follow_stay(struct node *node, struct peer *peer,
            const struct channel *channel, const struct channel_say *say)
{
    if (say->follow.client == 0 || channel->live)
        return; /* it stands in the flight */
    add(node, &(struct follower){.follow = say->follow,
                                 .channel = channel,
                                 .index = channel->frontier.size - 1,
                                 .peer = peer,
                                 .id = say->id,
                                 .number = say->number,
                                 .told = STATE_SENT});
}

void
follow_back(struct node *node, const struct channel *channel, uint64_t index)
{
    for (size_t i = 0; i < node->follower_count; i++)
        if (node->followers[i].channel == channel &&
            node->followers[i].index == index)
            node->followers[i].channel = NULL;
}

/* --- a client that asks -------------------------------------------------- */

enum status
follow_row(struct node *node, struct peer *peer, const struct record_row *row,
           const struct follow *follow, const struct channel **out)
{
    struct follower one = {.follow = *follow,
                           .index = row->index,
                           .peer = peer,
                           .id = row->id,
                           .number = row->number,
                           .told = (uint8_t)row->state};

    if (row->origin.len > 0)
        one.channel = peer_channel_of(peer, row->origin);
    if (row->origin.len > 0 ? one.channel == NULL
                            : outbox_find(&peer->outbox, &row->id) == NULL)
        return STATUS_NOT_FOUND;
    if (node->follower_count >= FOLLOW_MAX)
        return STATUS_FULL;
    add(node, &one);
    *out = one.channel;
    return STATUS_OK;
}

uint8_t
follow_drop(struct node *node, const struct follow *follow)
{
    for (size_t i = 0; i < node->follower_count; i++) {
        const struct follower *one = &node->followers[i];
        uint8_t                told = one->told;

        if (one->follow.client != follow->client ||
            one->follow.request != follow->request)
            continue;
        drop(node, i);
        return told;
    }
    return STATE_NONE;
}

/* --- states as they come ------------------------------------------------- */

void
follow_sent(struct context *turn, const struct peer *peer,
            const struct channel *channel, uint64_t index,
            const struct message_id *id, uint64_t number)
{
    struct node *node = turn->node;

    for (size_t i = node->follower_count; i-- > 0;) {
        struct follower *one = &node->followers[i];

        if (one->channel != NULL || !same_message(one, peer, id))
            continue;
        one->channel = channel;
        one->index = index;
        one->number = number;
        if (hear(turn, one, STATE_SENT, ""))
            drop(node, i);
    }
}

void
follow_received(struct context *turn, struct peer *peer,
                struct channel *channel, const struct flight_entry *entry)
{
    struct node    *node = turn->node;
    struct follower one = of_entry(peer, channel, entry, STATE_SENT);
    bool            full = node->follower_count >= FOLLOW_MAX;

    if (!full || follow_ends(one.follow.until, STATE_RECEIVED)) {
        if (!hear(turn, &one, STATE_RECEIVED, ""))
            add(node, &one);
        return;
    }
    follow_submitted(turn, &one.follow, true, peer, &one.id, one.number,
                     STATE_RECEIVED, "too many are followed; ask again later");
}

/* (I2) */
static void
tell_flight(struct context *turn, const struct channel *channel,
            uint64_t first, uint64_t count, enum message_state state,
            const char *why)
{
    const struct flight *flight = &channel->flight;
    struct peer         *peer =
        roster_peer_by_id(turn->node, &channel->origin.recipient);
    uint64_t to = flight_to(flight);

    if (to - first > count)
        to = first + count;
    for (uint64_t i = first; i < to; i++) {
        struct flight_entry *entry = flight_at(flight, i);
        struct follower      one = of_entry(peer, channel, entry, STATE_SENT);

        if (one.follow.client == 0 || one.follow.until <= STATE_RECEIVED)
            continue;
        entry->follow.client = 0;
        if (!hear(turn, &one, state, why))
            add(turn->node, &one); /* (I1) */
    }
}

void
follow_tell(struct context *turn, const struct channel *channel,
            uint64_t first, uint64_t count, enum message_state state,
            const char *why)
{
    struct node *node = turn->node;
    uint64_t     from = flight_from(&channel->flight);
    uint64_t     flying = first > from ? first : from;

    for (size_t i = node->follower_count; i-- > 0;) {
        struct follower *one = &node->followers[i];

        if (one->channel != channel || one->index < first ||
            one->index - first >= count ||
            (one->follow.until <= STATE_RECEIVED &&
             one->index >= channel->cosigned.size))
            continue; /* (I2) */
        if (hear(turn, one, state, why))
            drop(node, i);
    }
    if (flying - first < count && flying < flight_to(&channel->flight))
        tell_flight(turn, channel, flying, count - (flying - first), state,
                    why);
}

/* --- the end ------------------------------------------------------------- */

struct ending {
    struct context          *turn;
    const struct message_id *id; /* NULL: all */
    enum status              st;
    const char              *words;
    const char              *hint;
};

static void
end_one(const struct ending *ending, const struct message_id *id,
        struct follow *follow)
{
    if (follow->client == 0 ||
        (ending->id != NULL &&
         memcmp(id->bytes, ending->id->bytes, sizeof(id->bytes)) != 0))
        return;
    desk_fail_words(ending->turn, follow->client, follow->request, ending->st,
                    NULL, ending->hint, ending->words);
    follow->client = 0;
}

static void
end_peer(const struct ending *ending, struct peer *peer)
{
    struct outbox_item *item;
    size_t              cursor = 0;

    while ((item = outbox_next(&peer->outbox, &cursor)) != NULL)
        if (item->saved)
            end_one(ending, &item->id, &item->follow);
        else
            item->follow.until = STATE_NONE; /* will hear that it is queued */
    for (size_t k = 0; k < peer->channel_count; k++) {
        const struct flight *flight = &peer->channels[k]->flight;

        for (uint64_t i = flight_from(flight); i < flight_to(flight); i++)
            end_one(ending, &flight_at(flight, i)->id,
                    &flight_at(flight, i)->follow);
    }
}

void
follow_end(struct context *turn, struct peer *peer,
           const struct message_id *id, enum status st, const char *words,
           const char *hint)
{
    struct node  *node = turn->node;
    struct ending ending = {turn, id, st, words, hint};

    for (size_t i = node->follower_count; i-- > 0;) {
        struct follower *one = &node->followers[i];

        if (peer == NULL || one->peer == peer)
            end_one(&ending, &one->id, &one->follow);
        if (one->follow.client == 0)
            drop(node, i);
    }
    for (size_t i = 0; i < node->peer_count; i++)
        if (peer == NULL || node->peers[i] == peer)
            end_peer(&ending, node->peers[i]);
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
