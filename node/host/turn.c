/*
 * turn.c - the law, as a machine of four states over two queues of events.
 *
 * Events wait in one queue while the turn over the other is under way; then
 * the two change places.  The bytes of a queue are wiped when it is emptied,
 * since requests carry what people wrote.
 *
 * Invariants:
 *  (I1) do_effects() runs only after turn_saved(OK), or when a turn has
 *       neither KEY, CHUNK nor SAVE: nothing is done before what justifies it
 *       is durable.
 *  (I2) effects and events of a turn are not touched from its step until its
 *       end; a withheld commit is the same struct effects, offered again.
 *  (I3) an event is taken whole, with its bytes, or not at all.
 */
#include "node/host/turn.h"

#include "crypto/secret.h"
#include "node/core/node.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_FIRST = 64 };

struct queue {
    struct event *list;
    size_t        count;
    size_t        cap;
    size_t        bytes_len;
    struct chunks chunks;
};

enum turn_state { TURN_IDLE, TURN_SAVING, TURN_WITHHELD, TURN_DOING };

struct turn {
    struct node           *node;
    const struct host_ops *ops;
    void                  *edge;
    enum turn_state        state;
    bool                   running; /* turn_run() is on the stack */
    struct queue           waiting;
    struct queue           current;
    struct effects         effects;
};

static void *
must(void *memory)
{
    if (memory == NULL)
        abort(); /* a turn must not be half done */
    return memory;
}

/* Wipes all; keeps what the next turn will need. */
static void
queue_clear(struct queue *queue)
{
    chunks_clear(&queue->chunks);
    queue->count = 0;
    queue->bytes_len = 0;
}

static void
queue_free(struct queue *queue)
{
    chunks_free(&queue->chunks);
    free(queue->list);
}

static void
queue_put(struct queue *queue, const struct event *event)
{
    struct event *slot;

    if (queue->count == queue->cap) {
        queue->cap = queue->cap > 0 ? 2 * queue->cap : LIST_FIRST;
        queue->list = must(
            realloc(queue->list, queue->cap * sizeof(*queue->list)));
    }
    slot = &queue->list[queue->count++];
    *slot = *event;
    slot->bytes = chunks_copy(&queue->chunks, event->bytes);
    queue->bytes_len += event->bytes.len;
}

struct turn *
turn_new(struct node *node, const struct host_ops *ops, void *edge)
{
    struct turn *turn = must(calloc(1, sizeof(*turn)));

    turn->node = node;
    turn->ops = ops;
    turn->edge = edge;
    effects_init(&turn->effects);
    return turn;
}

void
turn_free(struct turn *turn)
{
    if (turn == NULL)
        return;
    queue_free(&turn->waiting);
    queue_free(&turn->current);
    effects_free(&turn->effects);
    free(turn);
}

/* What others cause is bounded; what the node itself asked for is taken. */
static bool
can_be_full(enum event_kind kind)
{
    return kind == EVENT_LINK_OPENED || kind == EVENT_LINK_FRAME ||
           kind == EVENT_REQUEST;
}

enum status
turn_post(struct turn *turn, const struct event *event)
{
    const struct queue *queue = &turn->waiting;

    assert(event->kind < EVENT_KIND_COUNT);
    assert(queue->bytes_len <= SIZE_MAX - event->bytes.len);
    if (can_be_full(event->kind) &&
        (queue->count >= LIMIT_EVENTS_PER_TURN ||
         queue->bytes_len + event->bytes.len > LIMIT_TURN_BYTES))
        return STATUS_FULL; /* (I3) */
    queue_put(&turn->waiting, event);
    return STATUS_OK;
}

static bool
has_effect(const struct effects *effects, enum effect_kind kind)
{
    for (size_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == kind)
            return true;
    return false;
}

static void
do_effect(struct turn *turn, const struct effect *effect)
{
    const struct host_ops *ops = turn->ops;

    switch (effect->kind) {
    case EFFECT_KEY:
    case EFFECT_CHUNK:
    case EFFECT_SAVE:
        break; /* durable by now (I1) */
    case EFFECT_SEND:
        ops->send(turn->edge, effect->link, effect->bytes);
        break;
    case EFFECT_TELL:
        ops->tell(turn->edge, effect->client, effect->bytes);
        break;
    case EFFECT_LOAD:
        ops->load(turn->edge, effect->token, &effect->query, effect->bytes);
        break;
    case EFFECT_DIAL:
        ops->dial(turn->edge, effect->link, effect->bytes);
        break;
    case EFFECT_CLOSE:
        ops->close(turn->edge, effect->link, effect->client);
        break;
    case EFFECT_WAKE_AT:
        ops->wake_at(turn->edge, effect->mono_ms);
        break;
    case EFFECT_LOG:
        ops->log(turn->edge, effect->bytes);
        break;
    case EFFECT_DROP:
        ops->drop(turn->edge, &effect->file);
        break;
    case EFFECT_KIND_COUNT:
        assert(false);
    }
}

/* DOING: kind by kind, in the order of EFFECT_LIST; within a kind as the core
 * appended them.  What an edge posts meanwhile waits for the next turn. */
static void
do_effects(struct turn *turn)
{
    const struct effects *effects = &turn->effects;

    turn->state = TURN_DOING;
    for (int kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
        if (!has_effect(effects, (enum effect_kind)kind))
            continue;
        for (size_t i = 0; i < effects->count; i++)
            if (effects->list[i].kind == (enum effect_kind)kind)
                do_effect(turn, &effects->list[i]);
    }
    effects_clear(&turn->effects);
    queue_clear(&turn->current);
    turn->state = TURN_IDLE;
}

static void
save(struct turn *turn)
{
    turn->state = TURN_SAVING;
    turn->ops->save(turn->edge, &turn->effects); /* (I2) */
}

static void
step(struct turn *turn)
{
    struct queue      taken = turn->waiting;
    struct turn_input input = {0};

    assert(turn->current.count == 0 && turn->effects.count == 0);
    turn->waiting = turn->current;
    turn->current = taken;
    turn->ops->input(turn->edge, &input);
    node_turn(turn->node, &input, taken.list, taken.count, &turn->effects);
    if (turn->ops->seen != NULL)
        turn->ops->seen(turn->edge, &input, taken.list, taken.count,
                        &turn->effects);
    secret_wipe(&input);
    if (has_effect(&turn->effects, EFFECT_KEY) ||
        has_effect(&turn->effects, EFFECT_CHUNK) ||
        has_effect(&turn->effects, EFFECT_SAVE))
        save(turn);
    else
        do_effects(turn); /* (I1) */
}

void
turn_run(struct turn *turn)
{
    if (turn->running)
        return; /* from within an effect: the loop below goes on */
    turn->running = true;
    while (turn->state == TURN_IDLE && turn->waiting.count > 0)
        step(turn);
    turn->running = false;
}

void
turn_saved(struct turn *turn, enum status st)
{
    assert(turn->state == TURN_SAVING);
    assert(st == STATUS_OK || st == STATUS_NO_SPACE);
    if (st == STATUS_NO_SPACE)
        turn->state = TURN_WITHHELD;
    else
        do_effects(turn); /* (I1) */
}

void
turn_retry(struct turn *turn)
{
    assert(turn->state == TURN_WITHHELD);
    save(turn);
}

void
turn_want_frames(struct turn *turn, bool wanted)
{
    turn->effects.wants_frames = wanted;
}

bool
turn_idle(const struct turn *turn)
{
    return turn->state == TURN_IDLE && turn->waiting.count == 0;
}

bool
turn_withheld(const struct turn *turn)
{
    return turn->state == TURN_WITHHELD;
}

size_t
turn_waiting(const struct turn *turn)
{
    return turn->waiting.bytes_len;
}
