/*
 * outbox.c - one ring of items for each precedence.
 *
 * Invariants:
 *  (I1) count and bytes speak of the items that are not struck; a struck item
 *       stays in its ring until it is the first one, and no longer;
 *  (I2) an item that lends is among the youngest, put in this turn, or among
 *       the OUTBOX_LOADED oldest;
 *  (I3) a copy is wiped when its item goes, and `kept` is what all are long.
 */
#include "node/core/message/outbox.h"

#include "crypto/secret.h"

#include "node/core/grow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct outbox_item *
item_at(const struct outbox_queue *queue, size_t i)
{
    return &queue->list[(queue->head + i) % queue->cap];
}

/* (I3) Neither a copy nor a loan. */
static void
item_empty(struct outbox *box, struct outbox_item *item)
{
    if (item->kept != NULL) {
        secret_wipe_bytes(item->kept, item->kept_len);
        free(item->kept);
        box->kept -= item->kept_len;
    }
    item->kept = NULL;
    item->kept_len = 0;
    item->plain = SPAN_EMPTY;
    item->kind = SPAN_EMPTY;
    item->status = SPAN_EMPTY;
    item->subject = SPAN_EMPTY;
}

void
outbox_clear(struct outbox *box)
{
    for (size_t i = 0; i < PRECEDENCE_COUNT; i++) {
        for (size_t k = 0; k < box->queue[i].count; k++)
            item_empty(box, item_at(&box->queue[i], k));
        free(box->queue[i].list);
    }
    *box = (struct outbox){0};
}

/* A ring that grows is laid out anew from its head. */
static void
ring_grow(struct outbox_queue *queue)
{
    size_t              cap = queue->cap > 0 ? 2 * queue->cap : 16;
    struct outbox_item *list = grow_new(cap, sizeof(*list));

    for (size_t i = 0; i < queue->count; i++)
        list[i] = *item_at(queue, i);
    free(queue->list);
    *queue = (struct outbox_queue){list, 0, queue->count, cap};
}

enum status
outbox_put(struct outbox *box, const struct outbox_item *item,
           struct outbox_item **out)
{
    struct outbox_queue *queue;

    assert(item->precedence > 0 && item->precedence < PRECEDENCE_COUNT);
    assert(!item->struck && item->kept == NULL);
    if (box->count >= LIMIT_PENDING_COUNT ||
        box->bytes + item->len > LIMIT_PENDING_BYTES)
        return STATUS_FULL;
    queue = &box->queue[item->precedence];
    if (queue->count == queue->cap)
        ring_grow(queue);
    queue->count++;
    *item_at(queue, queue->count - 1) = *item;
    if (out != NULL)
        *out = item_at(queue, queue->count - 1);
    box->count++;
    box->bytes += item->len;
    box->lends = box->lends || item->plain.len > 0;
    return STATUS_OK;
}

static void
drop_struck(struct outbox_queue *queue)
{
    while (queue->count > 0 && item_at(queue, 0)->struck) {
        queue->head = (queue->head + 1) % queue->cap;
        queue->count--;
    }
}

static struct outbox_queue *
first_queue(struct outbox *box)
{
    for (size_t i = PRECEDENCE_COUNT; i-- > 0;)
        if (box->queue[i].count > 0)
            return &box->queue[i];
    return NULL;
}

struct outbox_item *
outbox_first(struct outbox *box)
{
    struct outbox_queue *queue = first_queue(box);

    return queue == NULL ? NULL : item_at(queue, 0);
}

void
outbox_pop(struct outbox *box)
{
    struct outbox_queue *queue = first_queue(box);

    assert(queue != NULL);
    box->count--;
    box->bytes -= item_at(queue, 0)->len;
    item_empty(box, item_at(queue, 0));
    queue->head = (queue->head + 1) % queue->cap;
    queue->count--;
    drop_struck(queue);
}

struct outbox_item *
outbox_next(const struct outbox *box, size_t *cursor)
{
    size_t skip = *cursor;

    for (size_t i = PRECEDENCE_COUNT; i-- > 0;) {
        const struct outbox_queue *queue = &box->queue[i];

        for (; skip < queue->count; skip++) {
            ++*cursor;
            if (!item_at(queue, skip)->struck)
                return item_at(queue, skip);
        }
        skip -= queue->count;
    }
    return NULL;
}

struct outbox_item *
outbox_at(const struct outbox *box, size_t precedence, size_t at)
{
    const struct outbox_queue *queue = &box->queue[precedence];

    return at < queue->count ? item_at(queue, at) : NULL;
}

size_t
outbox_unsettled(const struct outbox *box, size_t precedence)
{
    const struct outbox_queue *queue = &box->queue[precedence];
    size_t                     at = queue->count;

    while (at > 0 && !item_at(queue, at - 1)->saved)
        at--;
    return at;
}

void
outbox_lend(struct outbox *box, struct outbox_item *item,
            const struct record_secret *loaded)
{
    item_empty(box, item);
    item->plain = loaded->message;
    item->kind = loaded->kind;
    item->status = loaded->status;
    item->subject = loaded->subject;
    box->lends = true;
}

enum { ITEM_SPANS = 4 };

static bool
lends(const struct outbox_item *item)
{
    return item->plain.len > 0 && item->kept == NULL;
}

static void
keep_item(struct outbox *box, struct outbox_item *item, uint64_t room)
{
    struct span  *spans[ITEM_SPANS] = {&item->plain, &item->kind, &item->status,
                             &item->subject};
    struct writer out;
    size_t        len = 0;

    for (size_t i = 0; i < ITEM_SPANS; i++)
        len += spans[i]->len;
    if (item->struck || box->kept + len > room) {
        item_empty(box, item);
        return;
    }
    item->kept = grow_new(len, 1);
    item->kept_len = len;
    box->kept += len;
    out = writer_of(item->kept, len);
    for (size_t i = 0; i < ITEM_SPANS; i++) {
        const uint8_t *at = item->kept + out.len;

        writer_put(&out, *spans[i]);
        spans[i]->ptr = at;
    }
}

static void
keep_queue(struct outbox *box, struct outbox_queue *queue, uint64_t room)
{
    size_t young = queue->count;

    while (young > 0 && lends(item_at(queue, young - 1)))
        young--;
    for (size_t at = 0, seen = 0; at < young && seen < OUTBOX_LOADED; at++) {
        if (lends(item_at(queue, at)))
            keep_item(box, item_at(queue, at), room);
        seen += !item_at(queue, at)->struck;
    }
    for (size_t at = young; at < queue->count; at++)
        keep_item(box, item_at(queue, at), room);
}

void
outbox_keep(struct outbox *box, uint64_t room)
{
    if (!box->lends)
        return;
    for (size_t i = PRECEDENCE_COUNT; i-- > 0;)
        keep_queue(box, &box->queue[i], room);
    box->lends = false;
}

void
outbox_forget(struct outbox *box)
{
    struct outbox_item *item;
    size_t              cursor = 0;

    while ((item = outbox_next(box, &cursor)) != NULL) {
        item->loading = false;
        item_empty(box, item);
    }
}

struct outbox_item *
outbox_find(const struct outbox *box, const struct message_id *id)
{
    struct outbox_item *item;
    size_t              cursor = 0;

    while ((item = outbox_next(box, &cursor)) != NULL)
        if (memcmp(item->id.bytes, id->bytes, sizeof(id->bytes)) == 0)
            return item;
    return NULL;
}

enum status
outbox_strike(struct outbox *box, const struct message_id *id)
{
    struct outbox_item *item = outbox_find(box, id);

    if (item == NULL)
        return STATUS_NOT_FOUND;
    item->struck = true;
    item_empty(box, item);
    box->count--;
    box->bytes -= item->len;
    drop_struck(&box->queue[item->precedence]);
    return STATUS_OK;
}

uint64_t
outbox_oldest_ms(const struct outbox *box)
{
    const struct outbox_item *item;
    uint64_t                  oldest = 0;

    for (size_t i = 0; i < PRECEDENCE_COUNT; i++)
        for (size_t k = 0; k < box->queue[i].count; k++) {
            item = item_at(&box->queue[i], k);
            if (item->struck)
                continue;
            if (oldest == 0 || item->time_ms < oldest)
                oldest = item->time_ms;
            break;
        }
    return oldest;
}
