/*
 * promise.c - a plain list: a run has some dozens of messages.
 */
#include "node/sim/promise.h"

#include <stdlib.h>

void
promise_clear(struct promise_list *promises)
{
    free(promises->list);
    *promises = (struct promise_list){0};
}

static struct promise *
find(const struct promise_list *promises, size_t who,
     const struct message_id *id)
{
    for (size_t i = 0; i < promises->count; i++) {
        struct promise *promise = &promises->list[i];

        if (promise->who == who &&
            span_equal(SPAN_OF(promise->id.bytes), SPAN_OF(id->bytes)))
            return promise;
    }
    return NULL;
}

static void
add(struct promise_list *promises, const struct promise *promise)
{
    if (promises->count == promises->cap) {
        promises->cap = 2 * promises->cap + 16;
        promises->list = realloc(promises->list,
                                 promises->cap * sizeof(*promises->list));
        if (promises->list == NULL)
            abort();
    }
    promises->list[promises->count++] = *promise;
}

void
promise_copy(const struct promise_list *promises, size_t who,
             struct promise_list *out)
{
    for (size_t i = 0; i < promises->count; i++)
        if (promises->list[i].who == who)
            add(out, &promises->list[i]);
}

void
promise_restore(struct promise_list *promises, size_t who,
                const struct promise_list *copy)
{
    size_t kept = 0;

    for (size_t i = 0; i < promises->count; i++)
        if (promises->list[i].who != who)
            promises->list[kept++] = promises->list[i];
    promises->count = kept;
    promise_copy(copy, who, promises);
}

static struct promise *
find_or_add(struct promise_list *promises, size_t who,
            const struct message_id *id)
{
    if (find(promises, who, id) == NULL)
        add(promises, &(struct promise){.who = who, .id = *id});
    return find(promises, who, id);
}

void
promise_note(struct promise_list *promises, size_t who,
             const struct message_id *id, enum promise_state state)
{
    struct promise *promise = find_or_add(promises, who, id);

    promise->state = state;
    promise->recalled = true;
    /* Its turn was durable, and the process was gone before it said so. */
    if (state == PROMISE_LEFT && promise->forged)
        promise->spoilt = true;
    if (state == PROMISE_LEFT && !promise->forged)
        promise->readable = true;
}

void
promise_sealed(struct promise_list *promises, size_t who,
               const struct message_id *id, bool forged)
{
    find_or_add(promises, who, id)->forged = forged;
}

void
promise_left(struct promise_list *promises, size_t who,
             const struct message_id *id)
{
    struct promise *promise = find_or_add(promises, who, id);

    if (promise->state != PROMISE_LEFT)
        promise->spoilt = promise->forged;
    if (promise->state != PROMISE_LEFT && !promise->forged)
        promise->readable = true;
    promise->state = PROMISE_LEFT;
    promise->recalled = true;
}

void
promise_answered(struct promise_list *promises, size_t who,
                 const struct message_id *id)
{
    find_or_add(promises, who, id)->heard = true;
}

bool
promise_heard(const struct promise_list *promises, size_t who,
              const struct message_id *id)
{
    const struct promise *promise = find(promises, who, id);

    return promise != NULL && promise->heard;
}

bool
promise_spoilt(const struct promise_list *promises, size_t who,
               const struct message_id *id)
{
    const struct promise *promise = find(promises, who, id);

    return promise != NULL && promise->spoilt;
}

bool
promise_readable(const struct promise_list *promises, size_t who,
                 const struct message_id *id)
{
    const struct promise *promise = find(promises, who, id);

    return promise != NULL && promise->readable;
}

bool
promise_has(const struct promise_list *promises, size_t who,
            const struct message_id *id)
{
    const struct promise *promise = find(promises, who, id);

    return promise != NULL && promise->state != PROMISE_NONE;
}

bool
promise_waits(const struct promise_list *promises)
{
    for (size_t i = 0; i < promises->count; i++)
        if (promises->list[i].state == PROMISE_WAITS &&
            !promises->list[i].spoilt)
            return true;
    return false;
}

void
promise_recall_begin(struct promise_list *promises, size_t who)
{
    for (size_t i = 0; i < promises->count; i++)
        if (promises->list[i].who == who)
            promises->list[i].recalled = false;
}

const struct promise *
promise_recall_end(const struct promise_list *promises, size_t who)
{
    for (size_t i = 0; i < promises->count; i++) {
        const struct promise *promise = &promises->list[i];

        if (promise->who == who && promise->state == PROMISE_WAITS &&
            !promise->recalled && !promise->spoilt)
            return promise;
    }
    return NULL;
}
