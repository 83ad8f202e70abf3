/*
 * awaiting.c - two bounded lists a peer, searched from end to end.
 *
 * Invariants:
 *  (I1) what changes a list is saved in the same turn, except awaiting_sent,
 *       which the OUT_ENTRY record tells;
 *  (I2) next_ms is the nearest deadline of those that are not overdue;
 *  (I3) a message is said to be overdue once: its record says so too, and
 *       nothing takes that back, whatever the clock does.
 */
#include "node/core/message/awaiting.h"

#include "node/core/message/deadline.h"
#include "node/core/grow.h"
#include "node/core/peer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the list ------------------------------------------------------------- */

static size_t
place_of(const struct awaiting *list, const struct message_id *id)
{
    size_t i = 0;

    while (i < list->count &&
           memcmp(list->list[i].id.bytes, id->bytes, LIMIT_MESSAGE_ID) != 0)
        i++;
    return i;
}

/* (I2) */
static void
find_next(struct awaiting *list)
{
    list->next_ms = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!list->list[i].overdue && (list->next_ms == 0 ||
                                       list->list[i].ack_by_ms < list->next_ms))
            list->next_ms = list->list[i].ack_by_ms;
}

static void
add(struct awaiting *list, const struct awaited *item)
{
    assert(list->count < LIMIT_AWAITED);
    list->list = grow_list(list->list, &list->cap, list->count + 1,
                           sizeof(*list->list));
    list->list[list->count++] = *item;
    find_next(list);
}

static void
take_out(struct awaiting *list, size_t at)
{
    assert(at < list->count);
    list->count--;
    memmove(&list->list[at], &list->list[at + 1],
            (list->count - at) * sizeof(*list->list));
    if (list->count == 0)
        list->unwatched = 0;
    find_next(list);
}

void
awaiting_clear(struct awaiting *list)
{
    free(list->list);
    *list = (struct awaiting){0};
}

/* Whether a loses its place to b. */
static bool
yields(const struct awaited *a, const struct awaited *b)
{
    if (a->precedence != b->precedence)
        return a->precedence < b->precedence;
    return a->ack_by_ms > b->ack_by_ms;
}

static size_t
first_to_yield(const struct awaiting *list)
{
    size_t at = 0;

    for (size_t i = 1; i < list->count; i++)
        if (yields(&list->list[i], &list->list[at]))
            at = i;
    return at;
}

/* --- records -------------------------------------------------------------- */

static void
save(struct context *turn, const struct peer *peer, bool outgoing,
     const struct awaited *item, enum record_await state)
{
    struct record record = {.kind = RECORD_AWAIT,
                            .peer = peer->id,
                            .outgoing = outgoing,
                            .id = item->id,
                            .index = item->index,
                            .number = item->number,
                            .time = item->ack_by_ms,
                            .count = item->begun_ms,
                            .precedence = (uint8_t)item->precedence,
                            .state = (uint8_t)state};

    if (item->channel != NULL)
        record.words = origin_span(&item->channel->text);
    context_save(turn, &record, NULL);
}

static void
save_beyond(struct context *turn, const struct peer *peer, bool outgoing,
            const struct awaited *item)
{
    struct awaited counted = *item;

    counted.number = peer->awaiting[outgoing].unwatched;
    save(turn, peer, outgoing, &counted, AWAIT_BEYOND);
}

static void
save_list(const struct peer *peer, struct context *turn, bool outgoing)
{
    const struct awaiting *list = &peer->awaiting[outgoing];
    const struct awaited   nobody = {0};

    for (size_t i = 0; i < list->count; i++)
        save(turn, peer, outgoing, &list->list[i],
             list->list[i].overdue ? AWAIT_OVERDUE : AWAIT_WAITING);
    if (list->unwatched > 0)
        save_beyond(turn, peer, outgoing, &nobody);
}

void
awaiting_save(const struct peer *peer, struct context *turn)
{
    save_list(peer, turn, false);
    save_list(peer, turn, true);
}

/* As the record says, over what was known of the message before. */
static enum status
put(struct awaiting *list, const struct record *record,
    const struct channel *channel)
{
    size_t         at = place_of(list, &record->id);
    struct awaited item = {.id = record->id,
                           .ack_by_ms = record->time,
                           .begun_ms = record->count,
                           .channel = channel,
                           .index = record->index,
                           .number = record->number,
                           .precedence = (enum precedence)record->precedence,
                           .overdue = record->state == AWAIT_OVERDUE};

    if (item.ack_by_ms == 0 ||
        (at == list->count && list->count == LIMIT_AWAITED))
        return STATUS_CORRUPT;
    if (at == list->count) {
        add(list, &item);
    } else {
        list->list[at] = item;
        find_next(list);
    }
    return STATUS_OK;
}

enum status
awaiting_restore(struct peer *peer, const struct record *record)
{
    struct awaiting      *list;
    const struct channel *channel = NULL;

    if (record->outgoing > 1 || record->precedence >= PRECEDENCE_COUNT)
        return STATUS_CORRUPT;
    list = &peer->awaiting[record->outgoing];
    if (record->words.len > 0) {
        channel = peer_channel_of(peer, record->words);
        if (channel == NULL || !record->outgoing)
            return STATUS_CORRUPT;
    }
    if (record->state == AWAIT_WAITING || record->state == AWAIT_OVERDUE)
        return put(list, record, channel);
    if (record->state > AWAIT_BEYOND)
        return STATUS_CORRUPT;
    if (place_of(list, &record->id) < list->count)
        take_out(list, place_of(list, &record->id));
    if (record->state == AWAIT_BEYOND)
        list->unwatched = record->number;
    return STATUS_OK;
}

/* --- begun, sent, settled ------------------------------------------------- */

/* What is only counted from here on. */
static void
pass_over(struct peer *peer, struct context *turn, bool outgoing,
          const struct awaited *item)
{
    peer->awaiting[outgoing].unwatched++;
    save_beyond(turn, peer, outgoing, item);
    context_log(turn, "awaiting: %d messages %s %s wait for an answer "
                      "(LIMIT_AWAITED); %llu more are not watched",
                LIMIT_AWAITED, outgoing ? "to" : "from", peer->name,
                (unsigned long long)peer->awaiting[outgoing].unwatched);
}

static void
begin(struct peer *peer, struct context *turn, bool outgoing,
      const struct awaited *item)
{
    struct awaiting *list = &peer->awaiting[outgoing];
    struct awaited   loser = *item;
    size_t           at;

    if (place_of(list, &item->id) < list->count)
        return; /* it comes again: its sender lost state */
    if (list->count < LIMIT_AWAITED) {
        add(list, item);
        save(turn, peer, outgoing, item, AWAIT_WAITING);
        return;
    }
    at = first_to_yield(list);
    if (yields(&list->list[at], item)) {
        loser = list->list[at];
        take_out(list, at);
        add(list, item);
    }
    pass_over(peer, turn, outgoing, &loser);
    if (place_of(list, &item->id) < list->count)
        save(turn, peer, outgoing, item, AWAIT_WAITING);
}

void
awaiting_take(struct peer *peer, struct context *turn, bool outgoing,
              const Entente__Message *message, uint64_t number)
{
    struct awaited item = {.ack_by_ms = deadline_of(message).ms,
                           .begun_ms = turn->input->wall_ms,
                           .number = number,
                           .precedence =
                               (enum precedence)message->precedence};

    if (message->action == ENTENTE__MESSAGE__ACTION__ACTION_CANCEL ||
        message->action == ENTENTE__MESSAGE__ACTION__ACTION_RECALL)
        for (size_t i = 0; i < message->n_refs; i++) {
            struct message_id id;

            assert(message->refs[i].len == sizeof(id.bytes)); /* kind.c */
            memcpy(id.bytes, message->refs[i].data, sizeof(id.bytes));
            awaiting_settle(peer, turn, outgoing, &id);
        }
    if (item.ack_by_ms == 0)
        return;
    assert(message->id.len == sizeof(item.id.bytes)); /* it was judged */
    memcpy(item.id.bytes, message->id.data, sizeof(item.id.bytes));
    begin(peer, turn, outgoing, &item);
}

void
awaiting_sent(struct peer *peer, const struct message_id *id,
              const struct channel *channel, uint64_t index, uint64_t number)
{
    struct awaiting *list = &peer->awaiting[true];
    size_t           at = place_of(list, id);

    if (at == list->count)
        return;
    list->list[at].channel = channel;
    list->list[at].index = index;
    list->list[at].number = number;
}

static void
settle(struct peer *peer, struct context *turn, bool outgoing, size_t at)
{
    save(turn, peer, outgoing, &peer->awaiting[outgoing].list[at],
         AWAIT_SETTLED);
    take_out(&peer->awaiting[outgoing], at);
}

void
awaiting_settle(struct peer *peer, struct context *turn, bool outgoing,
                const struct message_id *id)
{
    size_t at = place_of(&peer->awaiting[outgoing], id);

    if (at < peer->awaiting[outgoing].count)
        settle(peer, turn, outgoing, at);
}

void
awaiting_settle_entries(struct peer *peer, struct context *turn,
                        const struct channel *channel, uint64_t first,
                        uint64_t count)
{
    const struct awaiting *list = &peer->awaiting[true];

    for (size_t i = list->count; i-- > 0;)
        if (list->list[i].channel == channel &&
            list->list[i].index - first < count)
            settle(peer, turn, true, i);
}

void
awaiting_settle_all(struct peer *peer, struct context *turn)
{
    while (peer->awaiting[false].count > 0)
        settle(peer, turn, false, 0);
    while (peer->awaiting[true].count > 0)
        settle(peer, turn, true, 0);
}

/* --- time ----------------------------------------------------------------- */

static void
say_overdue(struct context *turn, const struct peer *peer, bool outgoing,
            const struct awaited *item)
{
    char id[2 * LIMIT_MESSAGE_ID + 1];
    char ref[LIMIT_NAME + 32];

    hex_encode(item->id.bytes, sizeof(item->id.bytes), id);
    if (item->number > 0)
        snprintf(ref, sizeof(ref), "%s/%s%llu", peer->name,
                 outgoing ? "s" : "", (unsigned long long)item->number);
    else
        snprintf(ref, sizeof(ref), "%.8s", id);
    context_log(turn, "awaiting: %s (%s) is overdue: nobody %s acknowledged "
                      "or declined it",
                ref, precedence_name(item->precedence),
                outgoing ? "there" : "here");
}

static void
tick(struct peer *peer, struct context *turn, bool outgoing)
{
    struct awaiting *list = &peer->awaiting[outgoing];
    uint64_t         now = turn->input->wall_ms;

    if (list->next_ms == 0 || list->next_ms > now)
        return;
    for (size_t i = 0; i < list->count; i++) {
        struct awaited *item = &list->list[i];

        if (item->overdue || item->ack_by_ms > now)
            continue;
        item->overdue = true; /* (I3) */
        save(turn, peer, outgoing, item, AWAIT_OVERDUE);
        say_overdue(turn, peer, outgoing, item);
    }
    find_next(list);
}

void
awaiting_tick(struct peer *peer, struct context *turn)
{
    tick(peer, turn, false);
    tick(peer, turn, true);
}

uint64_t
awaiting_wake_ms(const struct peer *peer, const struct context *turn)
{
    uint64_t wall = turn->input->wall_ms;
    uint64_t left = UINT64_MAX;

    for (size_t i = 0; i < 2; i++) {
        uint64_t next = peer->awaiting[i].next_ms;

        if (next == 0)
            continue;
        assert(next > wall); /* awaiting_tick has just seen to it */
        left = next - wall < left ? next - wall : left;
    }
    if (left == UINT64_MAX)
        return UINT64_MAX;
    return turn->input->mono_ms +
           (left < LIMIT_AWAIT_LOOK_MS ? left : LIMIT_AWAIT_LOOK_MS);
}

/* --- asked ---------------------------------------------------------------- */

const struct awaited *
awaiting_find(const struct peer *peer, bool outgoing,
              const struct message_id *id)
{
    const struct awaiting *list = &peer->awaiting[outgoing];
    size_t                 at = place_of(list, id);

    return at < list->count ? &list->list[at] : NULL;
}

size_t
awaiting_overdue(const struct awaiting *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += list->list[i].overdue;
    return count;
}
