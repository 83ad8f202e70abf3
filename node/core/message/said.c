/*
 * said.c - a list in order of origin and index, then of time of saying.
 */
#include "node/core/message/said.h"

#include "node/core/grow.h"
#include "node/core/roster.h"
#include "proto/answers.h"

#include <stdlib.h>
#include <string.h>

void
said_clear(struct said *said)
{
    for (size_t i = 0; i < said->count; i++) {
        grow_text_free(said->list[i].by);
        grow_text_free(said->list[i].text);
    }
    free(said->list);
    *said = (struct said){0};
}

static struct said_one *
add(struct said *said, const struct said_one *one)
{
    said->list = grow_list(said->list, &said->cap, said->count + 1,
                           sizeof(*said->list));
    said->list[said->count] = *one;
    said->sorted = false;
    said->next = 0;
    return &said->list[said->count++];
}

static int
compare_place(const struct said_one *one, const struct origin *origin,
              uint64_t index)
{
    if (one->origin.epoch != origin->epoch)
        return one->origin.epoch < origin->epoch ? -1 : 1;
    if (one->origin.lane != origin->lane)
        return one->origin.lane < origin->lane ? -1 : 1;
    if (one->index != index)
        return one->index < index ? -1 : 1;
    return 0;
}

static int
compare(const void *a, const void *b)
{
    const struct said_one *one = a, *other = b;
    int                    order = compare_place(one, &other->origin,
                                                 other->index);

    if (order != 0)
        return order;
    if (one->state != other->state)
        return one->state < other->state ? -1 : 1;
    return one->time_ms < other->time_ms ? -1 : one->time_ms > other->time_ms;
}

/* The first at this place, or behind it. */
static size_t
find(struct said *said, const struct origin *origin, uint64_t index)
{
    size_t low = 0, high = said->count;

    if (!said->sorted && said->count > 1)
        qsort(said->list, said->count, sizeof(*said->list), compare);
    said->sorted = true;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_place(&said->list[middle], origin, index) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool
is_at(const struct said *said, size_t i, const struct origin *origin,
      uint64_t index)
{
    return i < said->count &&
           compare_place(&said->list[i], origin, index) == 0;
}

static bool
is_persons(enum message_state state)
{
    return state == STATE_ACKNOWLEDGED || state == STATE_DECLINED;
}

static void
save(struct context *turn, const struct said_one *one, bool ends)
{
    struct record record = {.kind = RECORD_VERDICT,
                            .origin = one->origin,
                            .index = one->index,
                            .count = 1,
                            .time = one->time_ms,
                            .state = (uint8_t)(ends ? STATE_NONE
                                                    : one->state)};
    struct record_secret secret = {0};
    bool                 person = !ends && is_persons(one->state);

    if (person) {
        secret.subject = span_text(one->by);
        secret.message = span_text(one->text);
    }
    context_save(turn, &record, person ? &secret : NULL);
}

static void
take_range(struct peer *peer, struct context *turn,
           const Entente__Answer *answer, const Entente__AnswerRange *range,
           struct said_one one)
{
    for (uint64_t i = 0; i < range->count; i++) {
        one.index = range->first + i;
        if (is_persons(one.state)) {
            one.by = grow_text(span_text(answer->by));
            one.text = grow_text(span_text(answer->why));
        }
        save(turn, add(&peer->said, &one), false);
    }
}

void
said_take(struct peer *peer, struct context *turn, struct span body)
{
    size_t                      parsed = turn->arena.used;
    const Entente__EntryAnswer *entry = (const Entente__EntryAnswer *)
        context_parse(turn, &entente__entry_answer__descriptor, body);

    for (size_t i = 0; entry != NULL && i < entry->n_answers; i++) {
        const Entente__Answer *answer = entry->answers[i];
        struct said_one one = {.state = answers_state(answer->verdict),
                               .time_ms = answer->time_ms};

        if ((one.state != STATE_READ && !is_persons(one.state)) ||
            origin_parse(span_text(answer->origin), &one.origin) != STATUS_OK)
            continue;
        for (size_t k = 0; k < answer->n_ranges; k++)
            take_range(peer, turn, answer, answer->ranges[k], one);
    }
    turn->arena.used = parsed;
}

void
said_restore(struct said *said, const struct record *record)
{
    struct said_one      one = {.origin = record->origin,
                                .index = record->index,
                                .time_ms = record->time,
                                .state = (enum message_state)record->state};
    struct record_secret secret;

    if (record->state == STATE_NONE) {
        said_settle(said, &record->origin, record->index);
        return;
    }
    if (is_persons(one.state) &&
        record_secret_decode(record->secret, &secret) == STATUS_OK) {
        one.by = grow_text(secret.subject);
        one.text = grow_text(secret.message);
    } else if (is_persons(one.state)) { /* forgotten */
        one.by = grow_text(SPAN_EMPTY);
        one.text = grow_text(SPAN_EMPTY);
    }
    (void)add(said, &one);
}

void
said_save(const struct said *said, struct context *turn)
{
    for (size_t i = 0; i < said->count; i++)
        if (!said->list[i].done)
            save(turn, &said->list[i], false);
}

bool
said_has(struct said *said, const struct origin *origin, uint64_t index,
         enum message_state state)
{
    for (size_t i = find(said, origin, index);
         is_at(said, i, origin, index); i++)
        if (!said->list[i].done && said->list[i].state == state)
            return true;
    return false;
}

/* As a step of its message's trail. */
static void
tell(struct peer *peer, struct context *turn, const struct said_one *one,
     const struct message_id *id)
{
    struct record        record = {.kind = RECORD_TRAIL,
                                   .peer = peer->id,
                                   .id = *id,
                                   .time = one->time_ms,
                                   .state = (uint8_t)one->state};
    struct record_secret secret = {0};

    if (is_persons(one->state)) {
        secret.subject = span_text(one->by);
        secret.message = span_text(one->text);
        awaiting_settle(peer, turn, false, id);
    } else {
        peer->read++;
    }
    context_save(turn, &record, is_persons(one->state) ? &secret : NULL);
}

void
said_apply(struct peer *peer, struct context *turn,
           const struct origin *origin, uint64_t index,
           const struct message_id *id)
{
    struct said *said = &peer->said;
    bool         any = false;

    for (size_t i = find(said, origin, index);
         is_at(said, i, origin, index); i++) {
        if (said->list[i].done)
            continue;
        tell(peer, turn, &said->list[i], id);
        any = true;
    }
    if (any)
        said_drop(said, turn, origin, index);
}

void
said_settle(struct said *said, const struct origin *origin, uint64_t index)
{
    for (size_t i = find(said, origin, index);
         is_at(said, i, origin, index); i++)
        said->list[i].done = true;
}

const struct said_one *
said_next(struct said *said)
{
    (void)find(said, &(struct origin){0}, 0); /* sorts */
    while (said->next < said->count && said->list[said->next].done)
        said->next++;
    return said->next < said->count ? &said->list[said->next] : NULL;
}

void
said_drop(struct said *said, struct context *turn, const struct origin *origin,
          uint64_t index)
{
    struct said_one ends = {.origin = *origin, .index = index};

    save(turn, &ends, true);
    said_settle(said, origin, index);
}
